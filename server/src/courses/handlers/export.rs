//! The catalog as a file.

use super::*;
use crate::{
    api::{Cell, Export, Format, PlacedRows, Source},
    app::Exporter,
    courses::list::Place,
    institution,
};

const COLUMNS: &[&str] = &["Code", "Title", "Credits from", "Credits to", "Department code", "Department"];

#[derive(Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub(super) struct ExportQuery {
    /// Words of a code or title; typing errors are forgiven.
    #[garde(length(chars, max = 100), pattern(text::LINE))]
    q: Option<String>,
    #[garde(skip)]
    department: Option<DepartmentId>,
    /// Offered in this term.
    #[garde(skip)]
    term: Option<TermId>,
    /// Can be taken for so many credit hours.
    #[garde(range(min = 0.0, max = 100.0))]
    credits: Option<f64>,
    /// By code, or by best match in a search, unless said otherwise.
    #[garde(skip)]
    sort: Option<CourseSort>,
    #[garde(skip)]
    #[serde(default)]
    format: Format,
}

pub(super) async fn courses(exporter: Exporter, Query(query): Query<ExportQuery>) -> Result<Export, Problem> {
    let caller = exporter.caller.clone();
    let list = narrowed(query.department, query.term, query.credits).map(|filter| CourseList {
        words: query.q.as_deref().and_then(SearchWords::parse),
        filter,
        sort: query.sort,
    });
    let outline = institution::outline(&caller.db, "courses".to_owned(), COLUMNS).await?;
    Export::start(exporter, outline, query.format, Rows { caller, list }).await
}

struct Rows {
    caller: Caller,
    /// `None`: nothing fits.
    list: Option<CourseList>,
}

impl Source for Rows {
    type Place = Place;

    async fn page(&self, after: Option<&Place>, rows: i64) -> Result<PlacedRows<Place>, Problem> {
        let Some(list) = &self.list else { return Ok(Vec::new()) };
        let mut reader = self.caller.db.reader(Module::Courses).await?;
        let rows = list.rows(&mut reader, after, rows).await.map_err(DbError::from)?;
        reader.done();
        Ok(rows.into_iter().map(|row| (cells(row.course), row.place)).collect())
    }
}

fn cells(course: CourseSummary) -> Vec<Cell> {
    vec![
        course.code.into(),
        course.title.into(),
        Cell::Number(course.credits.min),
        Cell::Number(course.credits.max),
        course.department.code.into(),
        course.department.name.into(),
    ]
}
