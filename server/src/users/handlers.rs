mod export;

use chrono::{DateTime, Utc};
use garde::Validate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    actions::{self, EditContact, ViewOwn, ViewPerson},
    contact::{self, Opened},
    list::{Position, UserList, UserSort},
    model::{Contact, Narrowing, Profiles, UserStatus, UserSummary},
    store,
};
use crate::{
    api::{
        Access, Api, Audit, Cursor, Json, Limit, Nullable, Op, Page, Path, Problem, ProblemKind, Query, Reply, text,
        text::Pattern,
    },
    app::{App, Caller},
    courses::{self, SectionSummary},
    crypto::Personal,
    db::{
        Action, DbError, Module, Role,
        ids::{DepartmentId, UserId},
    },
    institution::Institution,
    timetable::Term,
};

const LIST: &str = "listUsers";

pub fn routes() -> Api<App> {
    let admins = Access::Roles(&[Role::Admin]);
    Api::new(Module::Users)
        .op(Op::get("/me", "getMe", Access::Signed).summary("The caller: person, roles, institution, current term"), me)
        .op(Op::get("/me/contact", "getMyContact", Access::Signed).summary("The caller's own contact details"), my_contact)
        .op(
            Op::put("/me/contact", "putMyContact", Access::Signed, Audit::Action(EditContact::NAME))
                .summary("Replace the caller's own contact details")
                .problems(&[ProblemKind::VersionConflict]),
            put_my_contact,
        )
        .op(Op::get("/users", LIST, admins).summary("People, by family name or by best match"), list)
        .op(
            Op::get("/users/export", "exportUsers", admins)
                .audited(actions::ExportUsers::NAME)
                .summary("A list of people as a file; leaves an audit row")
                .problems(&[ProblemKind::TooManyRequests]),
            export::users,
        )
        // Not declared for admins alone: to anybody else a person asked for by id does not exist.
        .op(Op::get("/users/{id}", "getUser", Access::Signed).summary("One person, for admins"), get)
}

/// What the caller may do here, for pages to show or leave out. The operations decide again by themselves.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct MeCan {
    manage_departments: bool,
    manage_courses: bool,
    manage_users: bool,
    import_catalog: bool,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Me {
    id: UserId,
    name: String,
    email: Option<String>,
    /// The active role.
    role: Role,
    roles: Vec<Role>,
    /// When the access token in use stops working; renew it before.
    access_expires_at: DateTime<Utc>,
    institution: Institution,
    /// The term in progress, if there is one.
    term: Option<Term>,
    #[serde(flatten)]
    profiles: Profiles,
    can: MeCan,
}

async fn me(caller: Caller) -> Result<Reply<Me>, Problem> {
    let now = caller.db.clock().now();
    let (own, term) = caller.db.read::<ViewOwn>(&caller.actor, &(caller.user_id, now)).await?;
    let admin = caller.actor.is_admin();
    Ok(Reply::new(Me {
        id: own.id,
        name: own.name,
        email: own.email,
        role: caller.role,
        roles: own.roles,
        access_expires_at: DateTime::from_timestamp(caller.claims.expires_at, 0)
            .ok_or_else(|| Problem::internal("a token that passed the gate expires at no instant"))?,
        institution: own.institution,
        term,
        profiles: own.profiles,
        can: MeCan { manage_departments: admin, manage_courses: admin, manage_users: admin, import_catalog: admin },
    }))
}

async fn my_contact(caller: Caller) -> Result<Reply<Contact>, Problem> {
    Ok(Reply::new(contact::read(&caller.db, &caller.actor, caller.user_id).await?))
}

/// A telephone number as people write it: digits, with blanks, dots, slashes, hyphens and parentheses between them.
static PHONE: Pattern = Pattern::new(r"^[+(]?[0-9][0-9 ()./-]{3,30}$");

#[derive(Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct PutContact {
    /// With the country code if it is to work from abroad.
    #[garde(length(chars, max = 32), pattern(PHONE))]
    phone: Nullable<String>,
    /// An address that outlives the one the institution gives.
    #[garde(length(chars, max = 254), pattern(text::EMAIL))]
    personal_email: Nullable<String>,
    /// The version the edit was made from; 0 when nothing was stored.
    #[garde(range(min = 0, max = 2_147_483_647))]
    version: i32,
}

/// No Idempotency-Key: the answer holds personal values, and a kept answer would hold them in clear. A repetition is harmless by
/// itself, see [`contact::replace`].
async fn put_my_contact(caller: Caller, Json(body): Json<PutContact>) -> Result<Reply<Contact>, Problem> {
    let wanted = Opened {
        phone: body.phone.into_inner().map(Personal::new),
        personal_email: body.personal_email.into_inner().map(Personal::new),
    };
    let version = body.version;
    Ok(Reply::new(contact::replace(&caller.db, &caller.actor, caller.user_id, wanted, version).await?))
}

#[derive(Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
struct ListQuery {
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
    cursor: Option<Cursor<Position>>,
    #[garde(skip)]
    #[serde(default)]
    limit: Limit,
}

async fn list(caller: Caller, Query(query): Query<ListQuery>) -> Result<Reply<Page<UserSummary>>, Problem> {
    caller.db.allow(actions::may_list(&caller.actor), &caller.actor, LIST)?;
    let only = Narrowing { role: query.role, department: query.department, status: query.status };
    let list = UserList::new(query.q.as_deref(), only, query.sort);
    let after = match query.cursor {
        Some(Cursor(position)) => Some(list.place(position).ok_or(ProblemKind::InvalidCursor)?),
        None => None,
    };
    let mut reader = caller.db.reader(Module::Users).await?;
    let rows = list.rows(&mut reader, after.as_ref(), query.limit.rows()).await.map_err(DbError::from)?;
    reader.done();
    Ok(Reply::new(Page::from_rows(rows, query.limit, |row| list.position(row), |row| row.summary)))
}

#[derive(Deserialize, JsonSchema)]
struct ById {
    id: UserId,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct UserDetail {
    id: UserId,
    name: String,
    /// Family name first.
    sort_name: String,
    email: Option<String>,
    status: UserStatus,
    roles: Vec<Role>,
    #[serde(flatten)]
    profiles: Profiles,
    /// False: this person has never been able to sign in.
    has_password: bool,
    created_at: DateTime<Utc>,
    /// Sections of the term in progress, or else of the latest this person taught in.
    teaching: Vec<SectionSummary>,
    /// Sections this person is enrolled in, of every term.
    enrollment_count: i64,
}

async fn get(caller: Caller, Path(ById { id }): Path<ById>) -> Result<Reply<UserDetail>, Problem> {
    let person = caller.db.read::<ViewPerson>(&caller.actor, &id).await?;
    let teaching = if person.profiles.faculty.is_some() { teaching(&caller, id).await? } else { Vec::new() };
    Ok(Reply::new(UserDetail {
        id: person.id,
        name: person.name,
        sort_name: person.sort_name,
        email: person.email,
        status: person.status,
        roles: person.roles,
        profiles: person.profiles,
        has_password: person.has_password,
        created_at: person.created_at,
        teaching,
        enrollment_count: person.enrollment_count,
    }))
}

async fn teaching(caller: &Caller, id: UserId) -> Result<Vec<SectionSummary>, DbError> {
    let mut reader = caller.db.reader(Module::Users).await?;
    let ids = store::taught_sections(&mut reader, id, caller.db.clock().now()).await?;
    let sections = courses::sections(&mut reader, &ids).await?;
    reader.done();
    Ok(sections.into_iter().map(|section| section.summary).collect())
}
