//! Two nodes on one database: what one ends, the other soon refuses.

use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::{
    auth_http::{Answer, Node},
    support::{owner, run},
};

/// The promise is one second; half of another is left to a busy machine.
const WITHIN: Duration = Duration::from_millis(1_500);

async fn probe(node: &Node, bearer: &str) -> Answer {
    node.send(Method::GET, "/api/v1/departments", &[("authorization", bearer)], Vec::new()).await
}

/// Asks until the token is refused, as long as the promise allows.
async fn refused_in_time(node: &Node, bearer: &str) -> bool {
    let until = Instant::now() + WITHIN;
    loop {
        if probe(node, bearer).await.status == StatusCode::UNAUTHORIZED {
            return true;
        }
        if Instant::now() >= until {
            return false;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn signed_in(node: &Node, name: &str) -> String {
    let answer = node.sign_in(name, &[("accept-tokens", "body")]).await;
    format!("Bearer {}", answer.body["accessToken"].as_str().unwrap())
}

#[test]
fn a_session_that_ends_at_one_node_is_refused_at_the_other() {
    run(async {
        let here = Node::new().await;
        let there = here.beside().await;
        let ada = here.member("ada", &["faculty", "student"]).await;
        for path in ["/auth/sign-out", "/auth/sign-out-everywhere"] {
            let (ended, kept) = (signed_in(&here, "ada").await, signed_in(&here, "ada").await);
            for node in [&here, &there] {
                assert_eq!(probe(node, &ended).await.status, StatusCode::OK, "{path}: both nodes take the token first");
            }
            let out = here.post(path, &[("authorization", &ended)], Value::Null).await;
            assert_eq!(out.status, StatusCode::NO_CONTENT);
            assert_eq!(probe(&here, &ended).await.status, StatusCode::UNAUTHORIZED, "{path}: at once where it happened");
            assert!(refused_in_time(&there, &ended).await, "{path}: the other node still takes the token");
            let expected = if path == "/auth/sign-out" { StatusCode::OK } else { StatusCode::UNAUTHORIZED };
            assert_eq!(probe(&there, &kept).await.status, expected, "{path}: another session of the account");
        }
        // A role that is taken away raises the account's epoch, as whoever takes it away must.
        let token = signed_in(&there, "ada").await;
        assert_eq!(probe(&here, &token).await.status, StatusCode::OK);
        let mut tx = owner(&here.db).await;
        sqlx::query!(
            "with gone as (delete from user_role where user_id = $1 and role = 'faculty'),
                raised as (update app_user set epoch = epoch + 1 where id = $1 returning epoch)
            insert into revocation (subject_id, kind, min_epoch) select $1, 'account', epoch from raised
                on conflict (subject_id, kind) do update set min_epoch = excluded.min_epoch, at = clock_timestamp()",
            ada.0
        )
        .execute(&mut tx)
        .await
        .unwrap();
        assert!(refused_in_time(&here, &token).await && refused_in_time(&there, &token).await, "a changed role");
        let again = here.sign_in("ada", &[("accept-tokens", "body")]).await;
        assert_eq!(again.body["roles"], json!(["student"]));
    });
}
