//! A roster and one's own record as files.

use super::*;
use crate::{
    api::{Cell, Export, Format, PlacedRows, Source},
    app::Exporter,
    audit::Change,
    enrollment::{
        actions::ExportRoster,
        store::{ResultPlace, RosterPlace},
    },
    institution,
};

const ROSTER: &[&str] = &["Name", "Student number", "Program", "Semester", "Enrolled"];
const RECORD: &[&str] = &["Term", "Course code", "Course", "Outcome", "Credits", "Decided"];

#[derive(Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub(super) struct RosterExportQuery {
    /// Part of a name, a student number or a program.
    #[garde(length(chars, max = 100), pattern(text::LINE))]
    q: Option<String>,
    /// By family name unless said otherwise.
    #[garde(skip)]
    sort: Option<RosterSort>,
    #[garde(skip)]
    #[serde(default)]
    format: Format,
}

pub(super) async fn roster(
    exporter: Exporter,
    Path(ById { id }): Path<ById>,
    Query(query): Query<RosterExportQuery>,
) -> Result<Export, Problem> {
    let caller = exporter.caller.clone();
    let tx = caller.db.write::<ExportRoster>(&caller.actor, &id).await?;
    let text = text::typed(query.q.as_deref()).map(str::to_owned);
    let change = Change::of(id).field("format", None::<&str>, query.format.as_str()).field("searched", false, text.is_some());
    tx.commit(change).await?;
    let outline = institution::outline(&caller.db, roster_name(&caller, id).await?, ROSTER).await?;
    let sort = query.sort.unwrap_or(RosterSort::Name);
    Export::start(exporter, outline, query.format, Roster { caller, section: id, text, sort }).await
}

/// `roster CS 301 A 2026F`.
async fn roster_name(caller: &Caller, id: SectionId) -> Result<String, DbError> {
    let mut reader = caller.db.reader(Module::Enrollment).await?;
    let section = courses::sections(&mut reader, &[id]).await?.pop().ok_or(DbError::NotFound)?.summary;
    let own = if section.code.is_empty() { section.crn } else { section.code };
    Ok(format!("roster {} {own} {}", section.course.code, section.term.code))
}

struct Roster {
    caller: Caller,
    section: SectionId,
    text: Option<String>,
    sort: RosterSort,
}

impl Source for Roster {
    type Place = RosterPlace;

    async fn page(&self, after: Option<&RosterPlace>, rows: i64) -> Result<PlacedRows<RosterPlace>, Problem> {
        let mut reader = self.caller.db.reader(Module::Enrollment).await?;
        let text = self.text.as_deref();
        let rows = store::roster(&mut reader, self.section, text, self.sort, after, rows).await.map_err(DbError::from)?;
        reader.done();
        let cells = |(row, place): (RosterEntry, RosterPlace)| {
            let cells = vec![
                row.name.into(),
                row.student_number.into(),
                row.program.into(),
                Cell::Number(row.semester.into()),
                Cell::Instant(row.enrolled_at),
            ];
            (cells, place)
        };
        Ok(rows.into_iter().map(cells).collect())
    }
}

#[derive(Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub(super) struct ResultsExportQuery {
    /// The latest term first unless said otherwise.
    #[garde(skip)]
    sort: Option<ResultSort>,
    #[garde(skip)]
    #[serde(default)]
    format: Format,
}

pub(super) async fn my_results(exporter: Exporter, Query(query): Query<ResultsExportQuery>) -> Result<Export, Problem> {
    let caller = exporter.caller.clone();
    let outline = institution::outline(&caller.db, "record".to_owned(), RECORD).await?;
    let sort = query.sort.unwrap_or(ResultSort::TermDown);
    Export::start(exporter, outline, query.format, Record { caller, sort }).await
}

struct Record {
    caller: Caller,
    sort: ResultSort,
}

impl Source for Record {
    type Place = ResultPlace;

    async fn page(&self, after: Option<&ResultPlace>, rows: i64) -> Result<PlacedRows<ResultPlace>, Problem> {
        let mut reader = self.caller.db.reader(Module::Enrollment).await?;
        let rows = store::results(&mut reader, self.caller.user_id, self.sort, after, rows).await.map_err(DbError::from)?;
        reader.done();
        let cells = |(row, key): (CourseResult, String)| {
            let place = (key, row.course.code.clone(), row.id);
            let cells = vec![
                row.term.name.into(),
                row.course.code.into(),
                row.course.title.into(),
                row.outcome.as_str().into(),
                Cell::Number(row.credits.as_f64()),
                Cell::Instant(row.decided_at),
            ];
            (cells, place)
        };
        Ok(rows.into_iter().map(cells).collect())
    }
}
