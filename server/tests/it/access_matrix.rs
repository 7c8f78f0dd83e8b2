//! Every operation of the document × every persona, against one table under version control.
//!
//! A body that can't be accepted is sent on purpose: what matters is who gets as far as having it looked at. 401 and 403 come
//! before anything of the request is read; 404 is what the invisible looks like.

use std::fmt::Write as _;

use pec::{
    api::SharedOp,
    db::{Role, TenantDb},
};
use reqwest::Method;

use crate::support::{
    http::{Persona, World, answer, world},
    owner, run,
};

/// Operations that end the session they are called with: only those without one may try here.
const ENDS_THE_SESSION: [&str; 2] = ["signOut", "signOutEverywhere"];

/// Where an operation is tried: on records whose owners differ, on one of the other institution, or simply.
pub async fn targets(world: &World, op: &SharedOp) -> Vec<(&'static str, String)> {
    let parameters: Vec<&str> = op.path.split(['{', '}']).skip(1).step_by(2).collect();
    let collection = op.path.split('/').nth(3).unwrap_or_default();
    let [parameter] = parameters[..] else {
        assert!(parameters.is_empty(), "{}: add what stands for {parameters:?}", op.path);
        return vec![("", op.path.clone())];
    };
    let values: Vec<(&str, String)> = match (collection, parameter) {
        ("overview", "kind") => vec![("", "sections-full".to_owned())],
        ("courses", "id") => ids(world, "course").await,
        ("departments", "id") => ids(world, "department").await,
        ("sections", "id") => vec![
            ("Faculty's", section_of(world, Persona::Faculty).await),
            ("OtherFaculty's", section_of(world, Persona::OtherFaculty).await),
            ("elsewhere", first(&world.theirs, "section").await),
        ],
        ("users", "id") => vec![
            ("Student", world.person(Persona::Student).id.to_string()),
            ("OtherStudent", world.person(Persona::OtherStudent).id.to_string()),
            ("Faculty", world.person(Persona::Faculty).id.to_string()),
            ("elsewhere", world.person(Persona::OtherTenantAdmin).id.to_string()),
        ],
        other => panic!("{}: say what stands for {other:?}", op.path),
    };
    let fill = |(label, value): (&'static str, String)| (label, op.path.replace(&format!("{{{parameter}}}"), &value));
    values.into_iter().map(fill).collect()
}

/// The first of them: a record of ours.
pub async fn target(world: &World, op: &SharedOp) -> String {
    targets(world, op).await.swap_remove(0).1
}

/// Records that are nobody's own: one of ours, one of the other institution.
async fn ids(world: &World, table: &'static str) -> Vec<(&'static str, String)> {
    vec![("ours", first(&world.ours, table).await), ("elsewhere", first(&world.theirs, table).await)]
}

async fn first(tenant: &TenantDb, table: &'static str) -> String {
    let id = match table {
        "course" => sqlx::query_scalar!("select id from course order by code limit 1").fetch_one(&mut owner(tenant).await).await,
        "department" => {
            sqlx::query_scalar!("select id from department order by code limit 1").fetch_one(&mut owner(tenant).await).await
        }
        _ => sqlx::query_scalar!("select id from section order by id limit 1").fetch_one(&mut owner(tenant).await).await,
    };
    id.unwrap().to_string()
}

async fn section_of(world: &World, persona: Persona) -> String {
    let id = sqlx::query_scalar!(
        "select m.section_id from meeting m join meeting_instructor i on i.meeting_id = m.id where i.user_id = $1 order by 1 limit 1",
        world.person(persona).id.0
    )
    .fetch_optional(&mut owner(&world.ours).await)
    .await;
    id.unwrap().unwrap_or_else(|| panic!("{persona:?} teaches nothing")).to_string()
}

/// What somebody may not even know of, though the operation admits their role.
fn is_hidden(op: &SharedOp, record: &str, persona: Persona) -> bool {
    use Persona::{Admin, Faculty, OtherFaculty};
    match (op.id, record) {
        (_, "elsewhere") => true,
        ("getUser", _) => persona != Admin,
        ("getRoster" | "exportRoster", "Faculty's") => !matches!(persona, Admin | Faculty),
        ("getRoster" | "exportRoster", "OtherFaculty's") => !matches!(persona, Admin | OtherFaculty),
        _ => false,
    }
}

#[test]
fn every_operation_answers_every_persona_as_the_table_says() {
    run(async {
        let world = world().await;
        let mut table =
            String::from("# operation: status for each persona. `PEC_WRITE_MATRIX=1` writes it again; read the difference.\n");
        for op in pec::routes::operations() {
            for (record, path) in targets(world, &op).await {
                let of = if record.is_empty() { String::new() } else { format!(" of {record}") };
                write!(table, "{}{of}:", op.id).unwrap();
                for persona in Persona::ALL {
                    let skipped =
                        ENDS_THE_SESSION.contains(&op.id) && !matches!(persona, Persona::Anonymous | Persona::OtherTenantAdmin);
                    let status = if skipped { "-".to_owned() } else { status(world, &op, &path, persona).await };
                    if op.method == Method::GET && op.access.admits(role(persona)) {
                        let hidden = role(persona).is_some() && is_hidden(&op, record, persona);
                        assert_eq!(status == "404", hidden, "{}{of} for {persona:?}: {status}", op.id);
                    }
                    write!(table, " {persona:?}={status}").unwrap();
                }
                table.push('\n');
            }
        }
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/access_matrix.txt");
        if std::env::var_os("PEC_WRITE_MATRIX").is_some() {
            std::fs::write(file, &table).unwrap();
        }
        let expected = std::fs::read_to_string(file).unwrap_or_default();
        for (expected, actual) in expected.lines().zip(table.lines()) {
            assert_eq!(expected, actual);
        }
        assert_eq!(expected.lines().count(), table.lines().count(), "an operation has no line in the table");
    });
}

/// As whom our institution sees them: the other one's admin is nobody here.
fn role(persona: Persona) -> Option<Role> {
    match persona {
        Persona::Anonymous | Persona::OtherTenantAdmin => None,
        Persona::Student | Persona::OtherStudent => Some(Role::Student),
        Persona::Faculty | Persona::OtherFaculty => Some(Role::Faculty),
        Persona::Admin => Some(Role::Admin),
    }
}

async fn status(world: &World, op: &SharedOp, path: &str, persona: Persona) -> String {
    let mut request = world.request(persona, op.method.clone(), path);
    if op.method != Method::GET {
        request = request.header("idempotency-key", "access-matrix").header("content-type", "text/plain").body("not a body");
    }
    answer(request).await.status.as_u16().to_string()
}
