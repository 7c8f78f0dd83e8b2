//! Every operation of the document × every persona, against one table under version control.
//!
//! A body that can't be accepted is sent on purpose: what matters is who gets as far as having it looked at. 401 and 403 come
//! before anything of the request is read; 404 is what the invisible looks like.

use std::fmt::Write as _;

use pec::api::SharedOp;
use reqwest::Method;

use crate::support::{
    http::{Persona, World, answer, world},
    owner, run,
};

/// Operations that end the session they are called with: only those without one may try here.
const ENDS_THE_SESSION: [&str; 2] = ["signOut", "signOutEverywhere"];

/// A thing of ours to point at: sections are the first faculty persona's, people the first student.
pub async fn target(world: &World, op: &SharedOp) -> String {
    let mut owner = owner(&world.ours).await;
    let id = match op.path.split('/').nth(3) {
        Some("courses") => sqlx::query_scalar!("select id from course order by code limit 1").fetch_one(&mut owner).await,
        Some("departments") => sqlx::query_scalar!("select id from department order by code limit 1").fetch_one(&mut owner).await,
        Some("sections") => {
            sqlx::query_scalar!(
                "select m.section_id from meeting m join meeting_instructor i on i.meeting_id = m.id where i.user_id = $1 order by 1 limit 1",
                world.person(Persona::Faculty).id.0
            )
            .fetch_one(&mut owner)
            .await
        }
        Some("users") => Ok(world.person(Persona::Student).id.0),
        _ => return op.path.clone(),
    };
    op.path.replace("{id}", &id.unwrap().to_string())
}

#[test]
fn every_operation_answers_every_persona_as_the_table_says() {
    run(async {
        let world = world().await;
        let mut table =
            String::from("# operation: status for each persona. `PEC_WRITE_MATRIX=1` writes it again; read the difference.\n");
        for op in pec::routes::operations() {
            let path = target(world, &op).await;
            write!(table, "{}:", op.id).unwrap();
            for persona in Persona::ALL {
                let skipped =
                    ENDS_THE_SESSION.contains(&op.id) && !matches!(persona, Persona::Anonymous | Persona::OtherTenantAdmin);
                let status = if skipped { "-".to_owned() } else { status(world, &op, &path, persona).await };
                write!(table, " {persona:?}={status}").unwrap();
            }
            table.push('\n');
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

async fn status(world: &World, op: &SharedOp, path: &str, persona: Persona) -> String {
    let mut request = world.request(persona, op.method.clone(), path);
    if op.method != Method::GET {
        request = request.header("idempotency-key", "access-matrix").header("content-type", "text/plain").body("not a body");
    }
    answer(request).await.status.as_u16().to_string()
}
