//! The program killed while it writes: what it answered is there, what it did not answer can be sent again.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use embedded_postgres::running_url;
use pec::db::{Clock, Registry, RegistryOptions};
use serde_json::{Value, json};
use sqlx::{Connection as _, PgConnection};

use crate::{
    process::{Data, Server, printed},
    support::run,
};

const WRITERS: usize = 8;
const ANSWERED_BEFORE_THE_KILL: usize = 60;

/// Codes of departments somebody asked for, and what became of the answer.
#[derive(Default)]
struct Asked {
    answered: Vec<(String, Value)>,
    unanswered: Vec<String>,
}

async fn create(server: &Server, token: &str, code: &str) -> reqwest::Result<(u16, Value)> {
    let request = server.client.post(server.url("/api/v1/departments")).bearer_auth(token);
    let request = request.header("idempotency-key", format!("killed-{code}"));
    let answer = request.json(&json!({ "code": code, "name": format!("Department {code}") })).send().await?;
    Ok((answer.status().as_u16(), answer.json().await?))
}

/// Makes departments until the server no longer answers.
async fn write(server: &Server, token: &str, writer: usize, asked: &Mutex<Asked>) {
    for number in 0.. {
        let code = format!("K{writer}N{number}");
        match create(server, token, &code).await {
            Ok((201, body)) => asked.lock().unwrap().answered.push((code, body)),
            Ok((status, body)) => panic!("{code}: {status} {body}"),
            Err(_) => return asked.lock().unwrap().unanswered.push(code),
        }
    }
}

async fn owner(data: &Data) -> PgConnection {
    let registry = Registry::open(RegistryOptions {
        database_url: running_url(&data.path()).expect("its database runs"),
        root_key: data.path().join("root.key"),
        key_dir: data.path().join("keys"),
        clock: Clock::system(),
        connections: 20,
    });
    let registry = registry.await.unwrap();
    let row = registry.list().await.unwrap().into_iter().find(|row| row.slug == "demo").unwrap();
    let owner = PgConnection::connect_with(&registry.owner_options(&row).unwrap()).await.unwrap();
    registry.close().await;
    owner
}

#[test]
fn what_a_killed_server_answered_is_there_and_the_rest_can_be_sent_again() {
    run(async {
        let data = Data::new();
        let people = printed(&data.said(&["demo", "--students", "200"]).await);
        let (_, email, password) = &people[2];
        let mut server = data.serving().await;
        let token = server.sign_in(email, password).await;
        let asked = Arc::new(Mutex::new(Asked::default()));
        {
            let pid = server.child.id().unwrap();
            let kill = async {
                while asked.lock().unwrap().answered.len() < ANSWERED_BEFORE_THE_KILL {
                    tokio::time::sleep(Duration::from_millis(1)).await;
                }
                let pid = rustix::process::Pid::from_raw(i32::try_from(pid).unwrap()).unwrap();
                rustix::process::kill_process(pid, rustix::process::Signal::KILL).unwrap();
            };
            let writers = (0..WRITERS).map(|writer| write(&server, &token, writer, &asked));
            tokio::join!(kill, futures_util::future::join_all(writers));
        }
        server.child.wait().await.unwrap();
        let Asked { answered, unanswered } = std::mem::take(&mut *asked.lock().unwrap());
        assert_eq!(unanswered.len(), WRITERS, "every writer was in the middle of one");

        let server = data.serving().await;
        let mut owner = owner(&data).await;
        for (code, body) in &answered {
            let kept = sqlx::query_scalar!("select id from department where code = $1", code).fetch_one(&mut owner).await;
            assert_eq!(kept.unwrap().to_string(), body["id"], "{code} was answered");
            let (status, again) = create(&server, &token, code).await.unwrap();
            assert_eq!((status, &again), (201, body), "{code} sent again");
        }
        for code in &unanswered {
            let (status, body) = create(&server, &token, code).await.unwrap();
            assert_eq!(status, 201, "{code}: {body}");
        }
        let made = i64::try_from(answered.len() + unanswered.len()).unwrap();
        let kept = sqlx::query_scalar!(r#"select count(*) as "n!" from department where code like 'K%N%'"#);
        assert_eq!(kept.fetch_one(&mut owner).await.unwrap(), made, "each once");
        let audited = sqlx::query_scalar!(
            r#"select count(*) as "n!" from audit_event e join department d on d.id = e.target_id
                where e.action = 'department.create' and d.code like 'K%N%'"#
        );
        assert_eq!(audited.fetch_one(&mut owner).await.unwrap(), made, "each with its audit row");
        owner.close().await.unwrap();
        data.said(&["verify"]).await;
        assert_eq!(server.end().await, Some(0));
    });
}
