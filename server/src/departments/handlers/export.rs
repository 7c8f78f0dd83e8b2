//! Departments as a file.

use super::*;
use crate::{
    api::{Cell, Export, Format, Outline, ROWS_AT_ONCE, Source},
    app::Exporter,
    institution,
};

const COLUMNS: &[&str] = &["Code", "Name", "Courses", "Faculty"];

#[derive(Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub(super) struct ExportQuery {
    /// Part of a code or name; typing errors are forgiven.
    #[garde(length(chars, max = 100), pattern(text::LINE))]
    q: Option<String>,
    /// By code, or by best match in a search, unless said otherwise.
    #[garde(skip)]
    sort: Option<DepartmentSort>,
    #[garde(skip)]
    #[serde(default)]
    format: Format,
}

pub(super) async fn departments(exporter: Exporter, Query(query): Query<ExportQuery>) -> Result<Export, Problem> {
    let caller = exporter.caller.clone();
    let outline = Outline {
        name: "departments".to_owned(),
        columns: COLUMNS,
        zone: institution::zone_of(&caller.db).await?,
        now: caller.db.clock().now(),
    };
    let text = query.q.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
    Export::start(exporter, outline, query.format, Rows { caller, text, sort: query.sort, after: None, done: false }).await
}

struct Rows {
    caller: Caller,
    text: Option<String>,
    sort: Option<DepartmentSort>,
    after: Option<Place>,
    done: bool,
}

impl Source for Rows {
    async fn next(&mut self) -> Result<Vec<Vec<Cell>>, Problem> {
        if self.done {
            return Ok(Vec::new());
        }
        let mut reader = self.caller.db.reader(Module::Departments).await?;
        let rows =
            rows(&mut reader, self.text.as_deref(), self.sort, self.after.as_ref(), ROWS_AT_ONCE).await.map_err(DbError::from)?;
        reader.done();
        self.done = rows.len() < ROWS_AT_ONCE as usize;
        self.after = rows.last().map(|(_, place)| place.clone());
        let cells = |(row, _): Placed| {
            vec![row.code.into(), row.name.into(), Cell::Number(row.courses as f64), Cell::Number(row.faculty as f64)]
        };
        Ok(rows.into_iter().map(cells).collect())
    }
}
