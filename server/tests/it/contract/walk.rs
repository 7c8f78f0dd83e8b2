//! Every answer parses: each operation over HTTP, as each role, with good and with hopeless requests.

use pec::api::SharedOp;
use reqwest::Method;
use serde_json::json;

use super::{Contract, assert_response, generator::Generator};
use crate::{
    access_matrix::target,
    support::{
        http::{Answer, Persona, World, answer, world},
        run,
    },
};

const PERSONAS: [Persona; 4] = [Persona::Anonymous, Persona::Student, Persona::Faculty, Persona::Admin];

fn hold(op: &SharedOp, answer: &Answer) {
    assert!(!answer.status.is_server_error(), "{}: {}", op.id, String::from_utf8_lossy(&answer.bytes));
    assert_response(op.id, answer.status.as_u16(), &answer.bytes);
}

#[test]
fn what_is_read_is_what_the_document_says() {
    run(async {
        let world = world().await;
        for op in pec::routes::operations().iter().filter(|op| op.method == Method::GET) {
            let path = target(world, op).await;
            for persona in PERSONAS {
                hold(op, &world.get(persona, &path).await);
                hold(op, &world.get(persona, &format!("{path}?nope=1")).await);
            }
        }
    });
}

/// Bodies that mean something by accident at most: what counts is that refusals, too, are documented.
#[test]
fn refusals_of_mutations_are_what_the_document_says() {
    run(async {
        let world = world().await;
        let product = Contract::product();
        let mut generator = Generator::new(&product.document, 3);
        for (op, schema) in product.bodies().filter(|(op, _)| !op.path.contains("/auth/")) {
            let path = target(world, op).await;
            for persona in PERSONAS {
                for spoiled in [json!({}), json!([]), json!(null), json!({ "nope": true }), generator.case(schema)] {
                    hold(op, &world.send(persona, op.method.clone(), &path, &spoiled).await);
                }
                hold(op, &bare(world, persona, op, &path).await);
            }
        }
    });
}

async fn bare(world: &World, persona: Persona, op: &SharedOp, path: &str) -> Answer {
    answer(world.request(persona, op.method.clone(), path)).await
}
