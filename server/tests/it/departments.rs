//! Searching departments: page by page, and what is typed means itself.

use std::collections::BTreeSet;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{
    http::{Persona, World, world},
    run,
};

async fn page(world: &World, query: &str) -> (Vec<String>, Option<String>) {
    let answer = world.get(Persona::Student, &format!("/api/v1/departments?{query}")).await;
    assert_eq!(answer.status, StatusCode::OK, "{query}: {}", String::from_utf8_lossy(&answer.bytes));
    let body = answer.json();
    let codes = body["items"].as_array().unwrap().iter().map(|item| item["code"].as_str().unwrap().to_owned()).collect();
    (codes, body["next"].as_str().map(str::to_owned))
}

async fn walk(world: &World, query: &str) -> Vec<String> {
    let (mut codes, mut next) = page(world, query).await;
    while let Some(cursor) = next {
        let (more, after) = page(world, &format!("{query}&cursor={cursor}")).await;
        assert!(!more.is_empty(), "{query}: a page after the last one");
        codes.extend(more);
        next = after;
    }
    codes
}

#[test]
fn a_search_goes_on_where_it_stopped_and_takes_signs_literally() {
    run(async {
        let world = world().await;
        for (code, name) in [
            ("ZQA", "Zoology of Quails"),
            ("ZQB", "Zoology of Quolls"),
            ("ZQC", "Zoology 100% by Post"),
            ("ZQD", "Zoology under_score"),
        ] {
            let body: Value = json!({ "code": code, "name": name });
            let made = world.send(Persona::Admin, Method::POST, "/api/v1/departments", &body).await;
            assert_eq!(made.status, StatusCode::CREATED, "{}", String::from_utf8_lossy(&made.bytes));
        }
        let whole = walk(world, "q=zoology&limit=200").await;
        assert!(whole.len() >= 4, "{whole:?}");
        for limit in [1, 3] {
            assert_eq!(walk(world, &format!("q=zoology&limit={limit}")).await, whole, "limit {limit}");
        }
        assert_eq!(whole.iter().collect::<BTreeSet<_>>().len(), whole.len(), "pages don't overlap");
        assert_eq!(page(world, "q=zqb").await.0[0], "ZQB", "an exact code comes first");
        // Other tests make departments with odd names as well.
        let with_percent = walk(world, "q=%25").await;
        assert!(with_percent.contains(&"ZQC".to_owned()) && !with_percent.contains(&"ZQB".to_owned()), "{with_percent:?}");
        for order in ["", "&sort=code", "&sort=-name"] {
            assert_eq!(walk(world, &format!("q=r_s{order}")).await, ["ZQD"], "an underscore is an underscore{order}");
        }
        let (_, of_list) = page(world, "limit=1").await;
        let (_, of_search) = page(world, "q=zoology&limit=1").await;
        for (query, cursor) in [("q=zoology", of_list.unwrap()), ("limit=1", of_search.unwrap())] {
            let mixed = world.get(Persona::Student, &format!("/api/v1/departments?{query}&cursor={cursor}")).await;
            assert_eq!((mixed.status, mixed.problem().as_str()), (StatusCode::BAD_REQUEST, "invalid-cursor"), "{query}");
        }
    });
}
