//! Departments as a file.

use super::*;
use crate::{
    api::{Cell, Export, Format, PlacedRows, Source},
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
    let outline = institution::outline(&caller.db, "departments".to_owned(), COLUMNS).await?;
    let text = text::typed(query.q.as_deref()).map(str::to_owned);
    Export::start(exporter, outline, query.format, Rows { caller, text, sort: query.sort }).await
}

struct Rows {
    caller: Caller,
    text: Option<String>,
    sort: Option<DepartmentSort>,
}

impl Source for Rows {
    type Place = Place;

    async fn page(&self, after: Option<&Place>, count: i64) -> Result<PlacedRows<Place>, Problem> {
        let mut reader = self.caller.db.reader(Module::Departments).await?;
        let rows = rows(&mut reader, self.text.as_deref(), self.sort, after, count).await.map_err(DbError::from)?;
        reader.done();
        let cells = |(row, place): Placed| {
            let counts = [Cell::Number(row.courses as f64), Cell::Number(row.faculty as f64)];
            ([row.code.into(), row.name.into()].into_iter().chain(counts).collect(), place)
        };
        Ok(rows.into_iter().map(cells).collect())
    }
}
