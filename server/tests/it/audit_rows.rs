//! Every mutating operation of the declaration: accepted, it leaves exactly one audit row, written by the transaction that
//! changed the record; refused, it leaves none. An operation without a case fails the test.

use std::collections::BTreeSet;

use pec::{
    api::{Audit, SharedOp},
    auth,
    db::{Actor, ids::UserId},
};
use reqwest::Method;
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, PgConnection};
use uuid::Uuid;

use crate::{
    auth_http::{Answer, Node, PASSWORD},
    support::{owner, run},
};

const SMALL: &str = include_str!("../../testdata/catalog-small.csv");
const BROKEN: &str = include_str!("../../testdata/catalog-broken.csv");

/// One call that is accepted and one that is refused, and what the first one must have left.
struct Case {
    accepted: Answer,
    refused: Answer,
    /// `None`: the system, for whoever holds a secret.
    actor: Option<UserId>,
    actor_role: &'static str,
    target: Option<Uuid>,
    /// The transaction id (`xmin`) of a row that the accepted call wrote, as it stands afterwards.
    written: &'static str,
}

/// An institution with one person for each case, so that no case ends another's session.
struct Stage {
    node: Node,
    owner: PgConnection,
    admin: (UserId, String),
}

impl Stage {
    async fn set() -> Self {
        let node = Node::new().await;
        let owner = owner(&node.db).await;
        let admin = node.member("admin", &["admin"]).await;
        let token = bearer(&node, "admin").await;
        Self { node, owner, admin: (admin, token) }
    }

    /// Somebody new who is signed in.
    async fn person(&self, name: &str, roles: &[&str]) -> (UserId, String) {
        let id = self.node.member(name, roles).await;
        (id, bearer(&self.node, name).await)
    }

    async fn json(&self, method: Method, path: &str, token: &str, body: Value) -> Answer {
        let key = format!("audit-{}", Uuid::now_v7());
        let headers = [("authorization", token), ("content-type", "application/json"), ("idempotency-key", &key)];
        let bytes = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
        self.node.send(method, &format!("/api/v1{path}"), &headers, bytes).await
    }

    /// Checks a file and applies what the check showed; a file that is refused is refused when checked.
    async fn import(&self, token: &str, file: &str) -> Answer {
        let checked = self.form(token, file, "true", None).await;
        match checked.body["digest"].as_str() {
            Some(digest) => self.form(token, file, "false", Some(digest)).await,
            None => checked,
        }
    }

    async fn form(&self, token: &str, file: &str, dry_run: &str, checked: Option<&str>) -> Answer {
        let params = json!({ "termName": "Autumn 2031", "startsOn": "2031-08-25", "endsOn": "2031-12-12", "parts": [] });
        let part = |name: &str, body: &str| format!("--b\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{body}\r\n");
        let form = format!(
            "{}{}{}--b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"c.csv\"\r\n\r\n{file}\r\n--b--\r\n",
            part("params", &params.to_string()),
            part("dryRun", dry_run),
            checked.map(|digest| part("checked", digest)).unwrap_or_default(),
        );
        let headers = [("authorization", token), ("content-type", "multipart/form-data; boundary=b")];
        self.node.send(Method::POST, "/api/v1/imports/catalog", &headers, form.into_bytes()).await
    }

    /// Audit rows and announcements of the institution so far.
    async fn counts(&mut self) -> (i64, i64) {
        let row =
            sqlx::query!(r#"select (select count(*) from audit_event) as "audit!", (select count(*) from outbox) as "outbox!""#)
                .fetch_one(&mut self.owner)
                .await
                .unwrap();
        (row.audit, row.outbox)
    }

    async fn text(&mut self, sql: &'static str) -> String {
        #[expect(clippy::disallowed_methods, reason = "looks at what happened, in a table that each case names")]
        sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(&mut self.owner).await.unwrap()
    }

    async fn id(&mut self, sql: &'static str) -> Option<Uuid> {
        Some(self.text(sql).await.parse().unwrap())
    }
}

async fn bearer(node: &Node, name: &str) -> String {
    let answer = node.sign_in(name, &[("accept-tokens", "body")]).await;
    format!("Bearer {}", answer.body["accessToken"].as_str().unwrap())
}

/// Runs the two calls of an operation. Counting happens between them, by way of `between`.
async fn case(stage: &mut Stage, op: &SharedOp, between: &mut Vec<(i64, i64)>) -> Case {
    match op.path.trim_start_matches("/api/v1") {
        path if path.starts_with("/auth/") => auth_case(stage, op, between).await,
        _ => record_case(stage, op, between).await,
    }
}

macro_rules! measured {
    ($stage:ident, $between:ident, $accepted:expr, $refused:expr) => {{
        $between.push($stage.counts().await);
        let accepted = $accepted;
        $between.push($stage.counts().await);
        let refused = $refused;
        $between.push($stage.counts().await);
        (accepted, refused)
    }};
}

async fn auth_case(stage: &mut Stage, op: &SharedOp, between: &mut Vec<(i64, i64)>) -> Case {
    let wrong = json!({ "email": "ada@demo.edu", "password": "not this one" });
    match op.id {
        "signIn" => {
            let ada = stage.node.member("ada", &["student"]).await;
            let (accepted, refused) = measured!(
                stage,
                between,
                stage.node.sign_in("ada", &[]).await,
                stage.node.post("/auth/sign-in", &[], wrong).await
            );
            let target = stage.id("select id::text from session order by id desc limit 1").await;
            let written = "select xmin::text from session order by id desc limit 1";
            Case { accepted, refused, actor: Some(ada), actor_role: "student", target, written }
        }
        "refreshSession" => {
            stage.node.member("bo", &["student"]).await;
            let signed = stage.node.sign_in("bo", &[("accept-tokens", "body")]).await;
            let token = json!({ "refreshToken": signed.body["refreshToken"] });
            let forged = json!({ "refreshToken": format!("pecr_{}", "A".repeat(43)) });
            let (accepted, refused) = measured!(
                stage,
                between,
                stage.node.post("/auth/refresh", &[], token).await,
                stage.node.post("/auth/refresh", &[], forged).await
            );
            Case { accepted, refused, actor: None, actor_role: "", target: None, written: "" }
        }
        "setPassword" => {
            let cy = stage.node.member("cy", &["student"]).await;
            let link = auth::issue_link(&stage.node.db, &Actor::system("test"), cy).await.unwrap();
            let body = json!({ "token": *link.reveal(), "password": PASSWORD });
            let (accepted, refused) = measured!(
                stage,
                between,
                stage.node.post("/auth/set-password", &[], body.clone()).await,
                stage.node.post("/auth/set-password", &[], body).await
            );
            let written = "select xmin::text from credential where user_id = (select id from app_user where name = 'cy')";
            Case { accepted, refused, actor: None, actor_role: "system:set-password", target: Some(cy.0), written }
        }
        "signOut" | "signOutEverywhere" => {
            let (path, name) = if op.id == "signOut" { ("/auth/sign-out", "di") } else { ("/auth/sign-out-everywhere", "ed") };
            let (id, token) = stage.person(name, &["faculty"]).await;
            // The second time the session is over.
            let (accepted, refused) = measured!(
                stage,
                between,
                stage.json(Method::POST, path, &token, Value::Null).await,
                stage.json(Method::POST, path, &token, Value::Null).await
            );
            let session = stage.id("select id::text from session order by id desc limit 1").await;
            let target = if op.id == "signOut" { session } else { Some(id.0) };
            let written = "select xmin::text from session order by id desc limit 1";
            Case { accepted, refused, actor: Some(id), actor_role: "faculty", target, written }
        }
        "switchRole" => {
            let (id, token) = stage.person("fay", &["faculty", "student"]).await;
            let to = |role: &str| json!({ "role": role });
            let (accepted, refused) = measured!(
                stage,
                between,
                stage.json(Method::POST, "/auth/switch-role", &token, to("student")).await,
                stage.json(Method::POST, "/auth/switch-role", &token, to("admin")).await
            );
            let target = stage.id("select id::text from session order by id desc limit 1").await;
            let written = "select xmin::text from session order by id desc limit 1";
            Case { accepted, refused, actor: Some(id), actor_role: "faculty", target, written }
        }
        other => panic!("{other} changes something and has no case here"),
    }
}

async fn record_case(stage: &mut Stage, op: &SharedOp, between: &mut Vec<(i64, i64)>) -> Case {
    let (admin, token) = stage.admin.clone();
    let by_admin = |accepted: Answer, refused, target, written| Case {
        accepted,
        refused,
        actor: Some(admin),
        actor_role: "admin",
        target,
        written,
    };
    match op.id {
        "putMyContact" => {
            let (id, token) = stage.person("gil", &["student"]).await;
            let body = |phone: &str| json!({ "phone": phone, "personalEmail": null, "version": 0 });
            let (accepted, refused) = measured!(
                stage,
                between,
                stage.json(Method::PUT, "/me/contact", &token, body("12345")).await,
                stage.json(Method::PUT, "/me/contact", &token, body("54321")).await
            );
            let written = "select xmin::text from user_contact limit 1";
            Case { accepted, refused, actor: Some(id), actor_role: "student", target: Some(id.0), written }
        }
        "createDepartment" | "createCourse" => {
            let department = if op.id == "createCourse" { Some(department(stage, &token).await) } else { None };
            let (path, body, written) = match department {
                None => (
                    "/departments",
                    json!({ "code": "CS", "name": "Computing" }),
                    "select xmin::text from department where code = 'CS'",
                ),
                Some(id) => {
                    ("/courses", course(json!({ "departmentId": id, "number": "101" })), "select xmin::text from course limit 1")
                }
            };
            let (accepted, refused) = measured!(
                stage,
                between,
                stage.json(Method::POST, path, &token, body.clone()).await,
                stage.json(Method::POST, path, &token, body).await
            );
            let target = accepted.body["id"].as_str().map(|id| id.parse().unwrap());
            by_admin(accepted, refused, target, written)
        }
        "editDepartment" | "editCourse" => {
            let id = department(stage, &token).await;
            let (path, body, written) = if op.id == "editDepartment" {
                let body = json!({ "name": "Renamed", "version": 1 });
                (format!("/departments/{id}"), body, "select xmin::text from department where name = 'Renamed'")
            } else {
                let made = course(json!({ "departmentId": id, "number": "201" }));
                let made = stage.json(Method::POST, "/courses", &token, made).await;
                let path = format!("/courses/{}", made.body["id"].as_str().unwrap());
                (path, course(json!({ "version": 1 })), "select xmin::text from course where number = '201'")
            };
            let target = path.rsplit('/').next().map(|id| id.parse().unwrap());
            let (accepted, refused) = measured!(
                stage,
                between,
                stage.json(Method::PATCH, &path, &token, body.clone()).await,
                stage.json(Method::PATCH, &path, &token, body).await
            );
            by_admin(accepted, refused, target, written)
        }
        "importCatalog" => {
            let (accepted, refused) =
                measured!(stage, between, stage.import(&token, SMALL).await, stage.import(&token, BROKEN).await);
            by_admin(accepted, refused, None, "select xmin::text from term limit 1")
        }
        other => panic!("{other} changes something and has no case here"),
    }
}

async fn department(stage: &Stage, token: &str) -> Uuid {
    let code: String = Uuid::now_v7().simple().to_string().to_uppercase().chars().rev().take(7).collect();
    let made = stage.json(Method::POST, "/departments", token, json!({ "code": format!("D{code}"), "name": "Some" })).await;
    assert_eq!(made.status.as_u16(), 201, "{}", made.body);
    made.body["id"].as_str().unwrap().parse().unwrap()
}

/// A course's fields, with what else the request needs.
fn course(mut with: Value) -> Value {
    with["title"] = "Logic".into();
    with["description"] = "".into();
    with["credits"] = json!({ "kind": "fixed", "min": 3.0, "max": 3.0 });
    with["attributes"] = "".into();
    with
}

#[test]
fn every_mutation_leaves_its_audit_row_and_a_refused_one_none() {
    run(async {
        let mut stage = Stage::set().await;
        let operations: Vec<SharedOp> = stage.node.operations.iter().filter(|op| op.mutates()).cloned().collect();
        assert!(operations.len() >= 12, "{}", operations.len());
        for op in &operations {
            let mut counted = Vec::new();
            let case = case(&mut stage, op, &mut counted).await;
            let [before, accepted, refused] = counted[..] else { panic!("{}: three counts", op.id) };
            assert!(case.accepted.status.is_success(), "{}: {} {}", op.id, case.accepted.status, case.accepted.body);
            assert!(case.refused.status.is_client_error(), "{}: {} {}", op.id, case.refused.status, case.refused.body);
            assert_eq!(refused, accepted, "{}: refused with {}, it leaves nothing", op.id, case.refused.body);
            match op.audit {
                Audit::Read => panic!("{} changes something and declares no audit", op.id),
                Audit::Exempt(_) => assert_eq!(accepted.0, before.0, "{} is exempt", op.id),
                Audit::Action(action) => {
                    assert_eq!(accepted.0, before.0 + 1, "{}: one row", op.id);
                    hold(&mut stage, op, action, &case).await;
                }
            }
        }
    });
}

/// The one row of the accepted request says who did what to which record, in which transaction.
async fn hold(stage: &mut Stage, op: &SharedOp, action: &str, case: &Case) {
    let rows = sqlx::query!(
        r#"select action, actor_id, actor_role, target_id, txid::text as "txid!", canonical from audit_event where request_id = $1"#,
        case.accepted.request
    )
    .fetch_all(&mut stage.owner)
    .await
    .unwrap();
    assert_eq!(rows.len(), 1, "{}: rows of its request", op.id);
    let row = &rows[0];
    assert_eq!(row.action, action, "{}", op.id);
    assert_eq!(row.actor_id, case.actor.map(Uuid::from), "{}: actor", op.id);
    assert_eq!(row.actor_role, case.actor_role, "{}: in which role", op.id);
    assert_eq!(row.target_id, case.target, "{}: target", op.id);
    let facts: Value = serde_json::from_slice(&row.canonical).unwrap();
    assert_eq!(facts["action"], action);
    assert_eq!(facts["actor"], json!({ "as": case.actor_role, "id": case.actor.map(Uuid::from) }));
    assert_eq!(facts["target"]["id"], json!(case.target));
    assert_eq!(facts["request"], json!(case.accepted.request));
    assert_eq!(facts["txid"], json!(row.txid));
    // A row's xmin is the low half of the transaction that wrote it.
    let txid: u64 = row.txid.parse().unwrap();
    let xmin: u64 = stage.text(case.written).await.parse().unwrap();
    assert_eq!(txid & u64::from(u32::MAX), xmin, "{}: the row was written by the transaction that changed the record", op.id);
}

/// One call of an audited read by an admin, and one of a student who is refused. An operation without a case fails the test.
async fn audited_read(stage: &mut Stage, op: &SharedOp) -> (String, Option<Uuid>) {
    match op.id {
        "exportUsers" => ("/users/export".to_owned(), None),
        "exportRoster" => {
            let token = stage.admin.1.clone();
            let imported = stage.import(&token, SMALL).await;
            assert!(imported.status.is_success(), "{}", imported.body);
            let section = stage.id("select id::text from section order by crn limit 1").await;
            (format!("/sections/{}/roster/export", section.unwrap()), section)
        }
        other => panic!("{other} is an audited read and has no case here"),
    }
}

#[test]
fn every_audited_read_leaves_its_row_and_a_refused_one_none() {
    run(async {
        let mut stage = Stage::set().await;
        let (_, student) = stage.person("hal", &["student"]).await;
        let reads = |op: &&SharedOp| !op.mutates() && op.audit != Audit::Read;
        let operations: Vec<SharedOp> = stage.node.operations.iter().filter(reads).cloned().collect();
        let ids: BTreeSet<&str> = operations.iter().map(|op| op.id).collect();
        assert_eq!(ids, BTreeSet::from(["exportRoster", "exportUsers"]));
        for op in &operations {
            let Audit::Action(action) = op.audit else { panic!("{}: a read has nothing to be exempt from", op.id) };
            let (path, target) = audited_read(&mut stage, op).await;
            let (admin, token) = stage.admin.clone();
            let before = stage.counts().await;
            let accepted = loop {
                // The file before this one may still be held by its writer for a moment.
                match stage.json(Method::GET, &path, &token, Value::Null).await {
                    answer if answer.status.as_u16() == 429 => tokio::time::sleep(std::time::Duration::from_millis(10)).await,
                    answer => break answer,
                }
            };
            assert!(accepted.status.is_success(), "{}: {} {}", op.id, accepted.status, accepted.body);
            assert_eq!(stage.counts().await, (before.0 + 1, before.1), "{}: one row, and nothing announced", op.id);
            let row = sqlx::query!(
                "select action, actor_id, actor_role, target_id from audit_event where request_id = $1",
                accepted.request
            )
            .fetch_one(&mut stage.owner)
            .await
            .unwrap();
            let said = (row.action.as_str(), row.actor_id, row.actor_role.as_str(), row.target_id);
            assert_eq!(said, (action, Some(admin.0), "admin", target), "{}", op.id);
            let refused = stage.json(Method::GET, &path, &student, Value::Null).await;
            assert!(refused.status.is_client_error(), "{}: {}", op.id, refused.status);
            assert_eq!(stage.counts().await.0, before.0 + 1, "{}: refused, it leaves nothing", op.id);
        }
    });
}

/// Who was refused what, how often: what the audit trail says of it so far.
async fn refusals(stage: &mut Stage) -> Vec<(Option<Uuid>, String, i64)> {
    let rows = sqlx::query!("select target_id, canonical from audit_event where action = 'access.refused'")
        .fetch_all(&mut stage.owner)
        .await
        .unwrap();
    let mut said: Vec<_> = rows
        .into_iter()
        .map(|row| {
            let facts: Value = serde_json::from_slice(&row.canonical).unwrap();
            let fields = &facts["fields"];
            (row.target_id, fields["action"][1].as_str().unwrap().to_owned(), fields["count"][1].as_i64().unwrap())
        })
        .collect();
    said.sort();
    said
}

/// At the guard, which asks no database; at the read door; at the write door. Nothing is written before the minute is over.
#[test]
fn refusals_are_counted_at_every_door_and_written_as_one_row_each() {
    run(async {
        let mut stage = Stage::set().await;
        let (student, token) = stage.person("gus", &["student"]).await;
        let (admin, _) = stage.admin;
        let before = stage.counts().await;
        let expect = async |method: Method, path: String, body: Value, status: u16, times: i64| {
            for _ in 0..times {
                let answer = stage.json(method.clone(), &path, &token, body.clone()).await;
                assert_eq!(answer.status.as_u16(), status, "{path}: {}", answer.body);
            }
        };
        let department = json!({ "code": "CS", "name": "Computing" });
        expect(Method::POST, "/departments".to_owned(), department, 403, 3).await;
        expect(Method::GET, "/users".to_owned(), Value::Null, 403, 2).await;
        expect(Method::GET, "/users/export".to_owned(), Value::Null, 403, 1).await;
        expect(Method::GET, format!("/users/{}", admin.0), Value::Null, 404, 4).await;
        // Nobody is refused what does not exist, or what they may see.
        expect(Method::GET, format!("/users/{}", Uuid::now_v7()), Value::Null, 404, 1).await;
        expect(Method::GET, "/departments".to_owned(), Value::Null, 200, 1).await;
        expect(Method::POST, "/auth/switch-role".to_owned(), json!({ "role": "admin" }), 403, 2).await;
        assert_eq!(stage.counts().await, before, "counted in memory");
        stage.node.db.flush_refusals().await.unwrap();
        let expected =
            [("department.create", 3), ("listUsers", 2), ("session.switch-role", 2), ("user.export", 1), ("user.view", 4)];
        let expected = expected.map(|(action, count)| (Some(student.0), action.to_owned(), count));
        assert_eq!(refusals(&mut stage).await, expected);
        stage.node.db.flush_refusals().await.unwrap();
        assert_eq!(refusals(&mut stage).await.len(), expected.len(), "once");
    });
}
