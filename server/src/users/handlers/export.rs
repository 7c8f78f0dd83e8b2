//! People as a file.

use super::*;
use crate::{
    api::{Cell, Export, Format, PlacedRows, Source},
    app::Exporter,
    audit::Change,
    institution,
    users::{actions::ExportUsers, list::Place},
};

const COLUMNS: &[&str] = &["Name", "Family name first", "E-mail", "Student number", "Roles", "Department code", "Status"];

#[derive(Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub(super) struct ExportQuery {
    /// Part of a name or an e-mail, or a student number; typing errors are forgiven.
    #[garde(length(chars, max = 100), pattern(text::LINE))]
    q: Option<String>,
    /// People who hold this role.
    #[garde(skip)]
    role: Option<Role>,
    /// People with a student or faculty profile in this department.
    #[garde(skip)]
    department: Option<DepartmentId>,
    #[garde(skip)]
    status: Option<UserStatus>,
    /// By name, or by best match in a search, unless said otherwise.
    #[garde(skip)]
    sort: Option<UserSort>,
    #[garde(skip)]
    #[serde(default)]
    format: Format,
}

/// The audit row says how the list was narrowed, not what was typed: that may be somebody's name.
pub(super) async fn users(exporter: Exporter, Query(query): Query<ExportQuery>) -> Result<Export, Problem> {
    let caller = exporter.caller.clone();
    let tx = caller.db.write::<ExportUsers>(&caller.actor, &()).await?;
    let only = Narrowing { role: query.role, department: query.department, status: query.status };
    let list = UserList::new(query.q.as_deref(), only, query.sort);
    let change = Change::bulk()
        .field("format", None::<&str>, query.format.as_str())
        .field("role", None::<&str>, query.role.map(Role::as_str))
        .field("department", None::<uuid::Uuid>, query.department.map(|id| id.0))
        .field("status", None::<&str>, query.status.map(UserStatus::as_str))
        .field("searched", false, list.text.is_some());
    tx.commit(change).await?;
    let outline = institution::outline(&caller.db, "people".to_owned(), COLUMNS).await?;
    Export::start(exporter, outline, query.format, Rows { caller, list }).await
}

struct Rows {
    caller: Caller,
    list: UserList,
}

impl Source for Rows {
    type Place = Place;

    async fn page(&self, after: Option<&Place>, rows: i64) -> Result<PlacedRows<Place>, Problem> {
        let mut reader = self.caller.db.reader(Module::Users).await?;
        let rows = self.list.rows(&mut reader, after, rows).await.map_err(DbError::from)?;
        reader.done();
        Ok(rows.into_iter().map(|row| (cells(row.summary, row.sort_name), row.place)).collect())
    }
}

fn cells(user: UserSummary, sort_name: String) -> Vec<Cell> {
    vec![
        user.name.into(),
        sort_name.into(),
        user.email.into(),
        user.student_number.into(),
        user.roles.iter().map(|role| role.as_str()).collect::<Vec<_>>().join(", ").into(),
        user.department.map(|department| department.code).into(),
        user.status.as_str().into(),
    ]
}
