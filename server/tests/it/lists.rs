//! Lists in the order of a column, page by page, over HTTP.

use std::collections::BTreeSet;

use reqwest::StatusCode;
use serde_json::Value;

use crate::support::{
    http::{Persona, World, world},
    owner, run,
};

pub async fn ok(world: &World, persona: Persona, path: &str) -> Value {
    let answer = world.get(persona, path).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", String::from_utf8_lossy(&answer.bytes));
    answer.json()
}

/// Every item, page by page. `path` holds a question mark.
pub async fn walk(world: &World, persona: Persona, path: &str) -> Vec<Value> {
    let (mut items, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = ok(world, persona, &format!("{path}{cursor}")).await;
        items.extend(page["items"].as_array().unwrap().iter().cloned());
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return items,
        }
    }
}

fn texts(items: &[Value], pointer: &str) -> Vec<String> {
    let text = |value: Option<&Value>| match value {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Null) | None => String::new(),
        Some(other) => other.to_string(),
    };
    items.iter().map(|item| text(item.pointer(pointer))).collect()
}

/// A section the first faculty persona teaches.
pub async fn own_section(world: &World) -> String {
    let taught = ok(world, Persona::Faculty, "/api/v1/me/teaching").await;
    taught["items"][0]["section"]["id"].as_str().unwrap().to_owned()
}

pub struct Ordered {
    pub persona: Persona,
    pub path: String,
    id: &'static str,
    /// The order's name and where its values stand; empty: the list doesn't show them.
    pub columns: &'static [(&'static str, &'static str)],
    limit: usize,
}

pub async fn lists(world: &World) -> Vec<Ordered> {
    let roster = format!("/api/v1/sections/{}/roster", own_section(world).await);
    let list = |persona, path: &str, id, columns, limit| Ordered { persona, path: path.to_owned(), id, columns, limit };
    vec![
        list(
            Persona::Student,
            "/api/v1/courses",
            "/id",
            &[("code", "/code"), ("title", "/title"), ("credits", "/credits/min"), ("department", "/department/name")],
            37,
        ),
        list(Persona::Admin, "/api/v1/users", "/id", &[("name", ""), ("email", "/email"), ("number", "/studentNumber")], 90),
        list(
            Persona::Student,
            "/api/v1/departments",
            "/id",
            &[("code", "/code"), ("name", "/name"), ("courses", "/courses"), ("faculty", "/faculty")],
            2,
        ),
        list(
            Persona::Student,
            "/api/v1/me/results",
            "/id",
            &[
                ("term", ""),
                ("course", "/course/code"),
                ("outcome", "/outcome"),
                ("credits", "/credits"),
                ("decided", "/decidedAt"),
            ],
            2,
        ),
        list(
            Persona::Faculty,
            &roster,
            "/studentId",
            &[
                ("name", ""),
                ("number", "/studentNumber"),
                ("program", "/program"),
                ("semester", "/semester"),
                ("enrolled", "/enrolledAt"),
            ],
            3,
        ),
    ]
}

/// The ids of a list whose order no column of it shows (a family name, when a term began), as the tables have them.
async fn ids_of_tables(world: &World, path: &str, sort: &str) -> Vec<String> {
    let db = &mut owner(&world.ours).await;
    let section: uuid::Uuid = path.split('/').nth(4).and_then(|id| id.parse().ok()).unwrap_or_default();
    let student = world.person(Persona::Student).id.0;
    let ids = match (path.rsplit('/').next().unwrap(), sort) {
        ("users", "name") => sqlx::query_scalar!("select id from app_user order by search_form(sort_name), id").fetch_all(db).await,
        ("users", "-name") => sqlx::query_scalar!("select id from app_user order by search_form(sort_name) desc, id desc").fetch_all(db).await,
        ("roster", "name") => {
            sqlx::query_scalar!(
                "select u.id from enrollment e join app_user u on u.id = e.student_id where e.section_id = $1 order by search_form(u.sort_name), u.id",
                section
            )
            .fetch_all(db)
            .await
        }
        ("roster", "-name") => {
            sqlx::query_scalar!(
                "select u.id from enrollment e join app_user u on u.id = e.student_id where e.section_id = $1
                order by search_form(u.sort_name) desc, u.id",
                section
            )
            .fetch_all(db)
            .await
        }
        ("results", "term") => {
            sqlx::query_scalar!(
                "select r.id from course_result r join term t on t.id = r.term_id join course c on c.id = r.course_id
                where r.student_id = $1 order by t.starts_on, t.id, c.code, r.id",
                student
            )
            .fetch_all(db)
            .await
        }
        ("results", "-term") => {
            sqlx::query_scalar!(
                "select r.id from course_result r join term t on t.id = r.term_id join course c on c.id = r.course_id
                where r.student_id = $1 order by t.starts_on desc, t.id desc, c.code, r.id",
                student
            )
            .fetch_all(db)
            .await
        }
        other => panic!("say what the order of {other:?} is"),
    };
    ids.unwrap().iter().map(ToString::to_string).collect()
}

/// Numbers as numbers, texts without regard to case, nothing last.
fn in_order(values: &[String], down: bool) -> bool {
    let values: Vec<&String> = values.iter().filter(|value| !value.is_empty()).collect();
    values.windows(2).all(|pair| {
        let (first, second) = if down { (pair[1], pair[0]) } else { (pair[0], pair[1]) };
        match (first.parse::<f64>(), second.parse::<f64>()) {
            (Ok(first), Ok(second)) => first <= second,
            _ => first.to_lowercase() <= second.to_lowercase(),
        }
    })
}

#[test]
fn every_order_is_complete_and_what_it_says() {
    run(async {
        let world = world().await;
        for Ordered { persona, path, id, columns, limit } in lists(world).await {
            let all: BTreeSet<String> =
                texts(&walk(world, persona, &format!("{path}?limit=200")).await, id).into_iter().collect();
            assert!(all.len() > limit, "{path}: several pages");
            for (name, pointer) in columns {
                for (sort, down) in [(name.to_string(), false), (format!("-{name}"), true)] {
                    let items = walk(world, persona, &format!("{path}?limit={limit}&sort={sort}")).await;
                    let ids = texts(&items, id);
                    let once: BTreeSet<String> = ids.iter().cloned().collect();
                    assert_eq!(once.len(), ids.len(), "{path} {sort}: pages don't overlap");
                    // Other tests make courses and departments meanwhile.
                    assert!(all.is_subset(&once), "{path} {sort}: {} of {}", once.len(), all.len());
                    if pointer.is_empty() {
                        let known = |ids: Vec<String>| ids.into_iter().filter(|id| all.contains(id)).collect::<Vec<_>>();
                        assert_eq!(known(ids), known(ids_of_tables(world, &path, &sort).await), "{path} {sort}");
                        continue;
                    }
                    let values = texts(&items, pointer);
                    assert!(in_order(&values, down), "{path} {sort}: {values:?}");
                    let nothing = values.iter().position(String::is_empty).unwrap_or(values.len());
                    assert!(values[nothing..].iter().all(String::is_empty), "{path} {sort}: who has none comes last");
                }
            }
        }
    });
}

#[test]
fn a_cursor_is_of_one_order_alone() {
    run(async {
        let world = world().await;
        for Ordered { persona, path, columns, .. } in lists(world).await {
            let (first, second) = (columns[0].0, columns[1].0);
            let page = ok(world, persona, &format!("{path}?limit=1&sort={second}")).await;
            let next = page["next"].as_str().unwrap().to_owned();
            assert!(ok(world, persona, &format!("{path}?limit=1&sort={second}&cursor={next}")).await["items"].is_array());
            for other in [format!("sort={first}&"), format!("sort=-{second}&"), String::new()] {
                let refused = world.get(persona, &format!("{path}?{other}cursor={next}")).await;
                let verdict = (refused.status, refused.problem());
                assert_eq!(verdict, (StatusCode::BAD_REQUEST, "invalid-cursor".to_owned()), "{path} {other}");
            }
            let unknown = world.get(persona, &format!("{path}?sort=nonsense")).await;
            assert_eq!(unknown.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}");
        }
    });
}

#[test]
fn what_a_search_finds_can_be_ordered() {
    run(async {
        let world = world().await;
        for (path, pointer, sort) in [
            ("/api/v1/courses?q=introduction", "/title", "title"),
            ("/api/v1/users?q=a", "/email", "email"),
            ("/api/v1/departments?q=engineering", "/name", "name"),
        ] {
            let best: BTreeSet<String> =
                texts(&walk(world, Persona::Admin, &format!("{path}&limit=200")).await, "/id").into_iter().collect();
            assert!(!best.is_empty(), "{path}");
            for (sort, down) in [(sort.to_owned(), false), (format!("-{sort}"), true)] {
                let items = walk(world, Persona::Admin, &format!("{path}&limit=13&sort={sort}")).await;
                let ids: BTreeSet<String> = texts(&items, "/id").into_iter().collect();
                assert_eq!(ids.len(), items.len(), "{path} {sort}: each once");
                assert!(best.is_subset(&ids), "{path} {sort}: the same matches");
                assert!(in_order(&texts(&items, pointer), down), "{path} {sort}");
            }
        }
    });
}

#[test]
fn somebody_is_found_in_a_roster() {
    run(async {
        let world = world().await;
        let path = format!("/api/v1/sections/{}/roster", own_section(world).await);
        let all = walk(world, Persona::Faculty, &format!("{path}?limit=200")).await;
        let wanted = &all[all.len() / 2];
        for (pointer, case) in [("/name", str::to_uppercase as fn(&str) -> String), ("/studentNumber", str::to_lowercase)] {
            let typed = case(wanted.pointer(pointer).and_then(Value::as_str).unwrap()).replace(' ', "+");
            let found = walk(world, Persona::Faculty, &format!("{path}?q={typed}")).await;
            assert!(texts(&found, "/studentId").contains(&wanted["studentId"].as_str().unwrap().to_owned()), "{typed}");
            assert!(found.len() < all.len(), "{typed} narrows the list");
        }
        assert!(walk(world, Persona::Faculty, &format!("{path}?q=%25")).await.is_empty(), "a percent sign is a percent sign");
    });
}
