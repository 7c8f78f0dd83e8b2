//! Lists as files: the same rows in the same order, for the same people, and written down where they are people.

use std::io::Read as _;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::{
    auth_http::Node,
    lists::{ok, own_section, walk},
    support::{
        http::{Answer, Persona, World, world},
        owner, run,
    },
};

async fn file(world: &World, persona: Persona, path: &str) -> Answer {
    let answer = world.get(persona, path).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", String::from_utf8_lossy(&answer.bytes));
    answer
}

/// Head and rows of a CSV file.
fn csv(answer: &Answer) -> Vec<Vec<String>> {
    assert_eq!(answer.headers["content-type"], "text/csv; charset=utf-8");
    assert!(!answer.bytes.starts_with(b"\xef\xbb\xbf"), "no byte order mark");
    let mut reader = ::csv::ReaderBuilder::new().has_headers(false).from_reader(answer.bytes.as_slice());
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

/// The worksheet of an XLSX file: its XML, taken out of the archive by the archive's own directory.
fn sheet(bytes: &[u8]) -> String {
    let number =
        |at: usize, len: usize| bytes[at..at + len].iter().rev().fold(0_usize, |sum, byte| sum << 8 | usize::from(*byte));
    let end = bytes.windows(4).rposition(|four| four == b"PK\x05\x06").expect("a directory ends the archive");
    let (count, mut at) = (number(end + 10, 2), number(end + 16, 4));
    for _ in 0..count {
        let (packed, name, extra, note, local) =
            (number(at + 20, 4), number(at + 28, 2), number(at + 30, 2), number(at + 32, 2), number(at + 42, 4));
        if &bytes[at + 46..at + 46 + name] == b"xl/worksheets/sheet1.xml" {
            let data = local + 30 + number(local + 26, 2) + number(local + 28, 2);
            let mut text = String::new();
            flate2::read::DeflateDecoder::new(&bytes[data..data + packed]).read_to_string(&mut text).unwrap();
            return text;
        }
        at += 46 + name + extra + note;
    }
    panic!("no worksheet in the archive");
}

fn column(items: &[Value], pointer: &str) -> Vec<String> {
    items.iter().map(|item| item.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned()).collect()
}

#[test]
fn a_file_holds_the_rows_of_the_list_in_its_order() {
    run(async {
        let world = world().await;
        let roster = format!("/api/v1/sections/{}/roster", own_section(world).await);
        let department = ok(world, Persona::Admin, "/api/v1/departments?limit=1").await["items"][0]["id"].clone();
        let department = department.as_str().unwrap();
        for (persona, path, query, at, pointer) in [
            (Persona::Student, "/api/v1/courses", format!("department={department}&sort=-title"), 0, "/code"),
            (Persona::Student, "/api/v1/courses", "q=introduction".to_owned(), 0, "/code"),
            (Persona::Student, "/api/v1/courses", "credits=3.1".to_owned(), 0, "/code"),
            (Persona::Admin, "/api/v1/users", String::new(), 2, "/email"),
            (Persona::Admin, "/api/v1/users", "role=faculty&sort=-email".to_owned(), 2, "/email"),
            (Persona::Admin, "/api/v1/users", "sort=number".to_owned(), 3, "/studentNumber"),
            (Persona::OtherFaculty, "/api/v1/departments", "sort=-courses".to_owned(), 0, "/code"),
            (Persona::Faculty, roster.as_str(), "sort=number".to_owned(), 1, "/studentNumber"),
            (Persona::Student, "/api/v1/me/results", "sort=course".to_owned(), 1, "/course/code"),
            (Persona::Student, "/api/v1/me/results", String::new(), 1, "/course/code"),
        ] {
            let listed = column(&walk(world, persona, &format!("{path}?limit=200&{query}")).await, pointer);
            let answer = file(world, persona, &format!("{path}/export?{query}")).await;
            let rows = csv(&answer);
            assert!(answer.bytes.split(|byte| *byte == b'\n').all(|line| line.is_empty() || line.starts_with(b"\"")), "quoted");
            let written: Vec<String> = rows[1..].iter().map(|row| row[at].clone()).collect();
            if path.ends_with("courses") {
                // Other tests make courses meanwhile.
                assert!(listed.iter().all(|code| written.contains(code)), "{path} {query}");
            } else {
                assert_eq!(written, listed, "{path} {query}");
            }
            let name = answer.headers["content-disposition"].to_str().unwrap();
            assert!(name.starts_with("attachment; filename=\"") && name.ends_with(".csv\""), "{name}");
            assert_eq!(answer.headers["pec-rows-max"], "100000");
            assert_eq!(answer.headers["cache-control"], "no-store");
            let workbook = file(world, persona, &format!("{path}/export?format=xlsx&{query}")).await;
            let sheet = sheet(&workbook.bytes);
            if path.ends_with("courses") {
                assert!(sheet.matches("<row ").count() > listed.len(), "{path} {query}");
            } else {
                assert_eq!(sheet.matches("<row ").count(), rows.len(), "{path} {query}");
            }
            for text in written.iter().take(20).filter(|text| !text.contains(['&', '<'])) {
                assert!(sheet.contains(text.as_str()), "{path} {query}: {text}");
            }
        }
    });
}

#[test]
fn no_row_of_a_file_is_a_formula() {
    run(async {
        let world = world().await;
        let department = ok(world, Persona::Admin, "/api/v1/departments?limit=1").await["items"][0]["id"].clone();
        let body = json!({
            "departmentId": department, "number": "903X", "title": "=HYPERLINK(\"https://x.example\",\"Zebrafish\")",
            "description": "", "attributes": "", "credits": { "kind": "fixed", "min": 1.5, "max": 1.5 },
        });
        let made = world.send(Persona::Admin, Method::POST, "/api/v1/courses", &body).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", String::from_utf8_lossy(&made.bytes));
        let path = "/api/v1/courses/export?q=zebrafish";
        let rows = csv(&file(world, Persona::Student, path).await);
        assert_eq!(rows[1][1], "'=HYPERLINK(\"https://x.example\",\"Zebrafish\")");
        assert_eq!(rows[1][2..4], ["1.5", "1.5"]);
        let sheet = sheet(&file(world, Persona::Student, &format!("{path}&format=xlsx")).await.bytes);
        assert!(sheet.contains("=HYPERLINK(") && !sheet.contains("<f>"), "{sheet}");
    });
}

#[test]
fn who_took_a_list_of_people_along_is_written_down() {
    run(async {
        let world = world().await;
        let section = own_section(world).await;
        let roster = format!("/api/v1/sections/{section}/roster/export");
        let rows = async |action: &str| {
            sqlx::query!(r#"select canonical, class, actor_id, target_id from audit_event where action = $1 order by id"#, action)
                .fetch_all(&mut owner(&world.ours).await)
                .await
                .unwrap()
        };
        file(world, Persona::Admin, "/api/v1/users/export?q=Iyer&role=student&format=xlsx").await;
        let taken = rows("user.export").await;
        let taken = taken.iter().find(|row| String::from_utf8_lossy(&row.canonical).contains("\"searched\"")).unwrap();
        let facts: Value = serde_json::from_slice(&taken.canonical).unwrap();
        assert_eq!((taken.class.as_str(), taken.actor_id), ("sensitive", Some(world.person(Persona::Admin).id.0)));
        assert_eq!(facts["fields"]["role"][1], "student");
        assert!(!facts.to_string().contains("Iyer"), "what was typed is not kept: {facts}");

        file(world, Persona::Faculty, &roster).await;
        let last = rows("roster.export").await.pop().unwrap();
        assert_eq!((last.class.as_str(), last.target_id.unwrap().to_string()), ("access", section.clone()));
        for stranger in [Persona::Student, Persona::OtherFaculty] {
            assert_eq!(world.get(stranger, &roster).await.status, StatusCode::NOT_FOUND, "{stranger:?}");
        }
        let unread = world.get(Persona::Student, "/api/v1/users/export").await;
        assert_eq!(unread.status, StatusCode::FORBIDDEN);
        // Other tests take rosters meanwhile, also those two their own: this one stays untouched by them.
        let after = rows("roster.export").await;
        let strangers = [Persona::Student, Persona::OtherFaculty].map(|persona| Some(world.person(persona).id.0));
        let of_this = after.iter().filter(|row| row.target_id.is_some_and(|id| id.to_string() == section));
        assert!(of_this.clone().count() > 0 && !of_this.clone().any(|row| strangers.contains(&row.actor_id)));
    });
}

/// An institution with more people than are read ahead for a client who does not take them, and an admin who is signed in.
async fn crowded() -> (Node, String) {
    let node = Node::new().await;
    sqlx::query!(
        "insert into app_user (id, name, sort_name) select gen_random_uuid(), 'Somebody ' || n, n || ', Somebody' from generate_series(1, 20000) n"
    )
    .execute(&mut owner(&node.db).await)
    .await
    .unwrap();
    node.member("ada", &["admin"]).await;
    let signed = node.sign_in("ada", &[("accept-tokens", "body")]).await;
    let bearer = format!("Bearer {}", signed.body["accessToken"].as_str().unwrap());
    (node, bearer)
}

#[test]
fn a_file_breaks_off_when_the_session_ends() {
    run(async {
        let (node, bearer) = crowded().await;
        let headers = [("authorization", bearer.as_str())];
        let path = "/api/v1/users/export";
        let (_, whole) = node.respond(Method::GET, path, &headers, Vec::new()).await;
        let whole = axum::body::to_bytes(whole.into_body(), 1 << 24).await.unwrap();
        assert_eq!(whole.iter().filter(|byte| **byte == b'\n').count(), 20_002, "a head, ada, and everybody");
        let (_, broken) = until_free(&node, path, &headers).await;
        assert_eq!(broken.status(), StatusCode::OK);
        let out = node.post("/auth/sign-out", &headers, Value::Null).await;
        assert_eq!(out.status, StatusCode::NO_CONTENT);
        axum::body::to_bytes(broken.into_body(), 1 << 24).await.unwrap_err();
    });
}

/// The writer's thread ends a moment after the last byte of the file before.
async fn until_free(node: &Node, path: &str, headers: &[(&str, &str)]) -> (uuid::Uuid, http::Response<axum::body::Body>) {
    for _ in 0..500 {
        let answered = node.respond(Method::GET, path, headers, Vec::new()).await;
        if answered.1.status() != StatusCode::TOO_MANY_REQUESTS {
            return answered;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("the place was not given back");
}

#[test]
fn nobody_takes_two_files_at_once_and_who_gets_none_leaves_no_audit_row() {
    run(async {
        let (node, bearer) = crowded().await;
        let headers = [("authorization", bearer.as_str())];
        let taken = async || {
            sqlx::query_scalar!(r#"select count(*) as "n!" from audit_event where action = 'user.export'"#)
                .fetch_one(&mut owner(&node.db).await)
                .await
                .unwrap()
        };
        let (_, unread) = node.respond(Method::GET, "/api/v1/users/export", &headers, Vec::new()).await;
        assert_eq!((unread.status(), taken().await), (StatusCode::OK, 1));
        for path in ["/api/v1/users/export", "/api/v1/departments/export"] {
            let refused = node.send(Method::GET, path, &headers, Vec::new()).await;
            assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS, "{path}");
            assert_eq!(refused.body["type"], "/problems/too-many-requests", "{path}");
            assert_eq!(refused.headers["retry-after"], "5", "{path}");
        }
        assert_eq!(taken().await, 1);
        drop(unread);
        let (_, next) = until_free(&node, "/api/v1/users/export", &headers).await;
        assert_eq!((next.status(), taken().await), (StatusCode::OK, 2));
    });
}
