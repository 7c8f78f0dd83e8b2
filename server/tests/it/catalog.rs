//! The catalog and what people have to do with it, over HTTP: lists and search, courses made and edited, sections, own records, rosters.

use std::collections::BTreeSet;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{
    http::{Answer, Persona, World, answer, world},
    owner, run,
};

async fn ok(world: &World, persona: Persona, path: &str) -> Value {
    let answer = world.get(persona, path).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", String::from_utf8_lossy(&answer.bytes));
    answer.json()
}

/// Every item of a list, page by page. `path` holds a question mark.
async fn walk(world: &World, persona: Persona, path: &str) -> Vec<Value> {
    let (mut items, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = ok(world, persona, &format!("{path}{cursor}")).await;
        let here = page["items"].as_array().unwrap();
        assert!(!here.is_empty() || cursor.is_empty(), "{path}: a page after the last one");
        items.extend(here.iter().cloned());
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return items,
        }
    }
}

fn texts<'a>(items: &'a [Value], pointer: &str) -> Vec<&'a str> {
    items.iter().map(|item| item.pointer(pointer).and_then(Value::as_str).unwrap()).collect()
}

async fn current_term(world: &World) -> String {
    let terms = walk(world, Persona::Student, "/api/v1/terms?limit=2").await;
    let current: Vec<_> = terms.iter().filter(|term| term["current"] == true).collect();
    assert_eq!(current.len(), 1, "{terms:?}");
    assert!(terms.windows(2).all(|pair| pair[0]["startsOn"].as_str() >= pair[1]["startsOn"].as_str()), "latest first");
    current[0]["id"].as_str().unwrap().to_owned()
}

async fn make_course(world: &World, number: &str, title: &str) -> Answer {
    let department: Uuid = sqlx::query_scalar!("select id from department order by code limit 1")
        .fetch_one(&mut owner(&world.ours).await)
        .await
        .unwrap();
    let body = json!({
        "departmentId": department, "number": number, "title": title, "description": "", "attributes": "",
        "credits": { "kind": "choice", "min": 1.25, "max": 2 },
    });
    world.send(Persona::Admin, Method::POST, "/api/v1/courses", &body).await
}

#[test]
fn pages_of_courses_are_complete_and_in_order() {
    run(async {
        let world = world().await;
        let all: Vec<String> = sqlx::query_scalar!("select code from course where archived_at is null")
            .fetch_all(&mut owner(&world.ours).await)
            .await
            .unwrap();
        for limit in [7, 50, 200] {
            let items = walk(world, Persona::Student, &format!("/api/v1/courses?limit={limit}")).await;
            let codes = texts(&items, "/code");
            assert!(codes.windows(2).all(|pair| pair[0] < pair[1]), "limit {limit}: each code once, in order");
            // Other tests make courses meanwhile.
            let listed: BTreeSet<_> = codes.into_iter().collect();
            assert!(all.iter().all(|code| listed.contains(code.as_str())), "limit {limit}: no course is left out");
        }
    });
}

#[test]
fn filters_of_courses_agree_with_the_rows() {
    run(async {
        let world = world().await;
        let term: Uuid = current_term(world).await.parse().unwrap();
        // The department that offers most: its list takes several pages.
        let offering = sqlx::query!(
            "select c.department_id, array_agg(distinct c.code order by c.code) as \"codes!\"
            from course c join section s on s.course_id = c.id
            where s.term_id = $1 and s.status = 'active'
                and case c.credits_kind when 'choice' then 3 in (c.credits_min, c.credits_max) else 3 between c.credits_min and c.credits_max end
            group by 1 order by count(distinct c.id) desc, 1 limit 1",
            term
        )
        .fetch_one(&mut owner(&world.ours).await)
        .await
        .unwrap();
        let department = offering.department_id;
        assert!(offering.codes.len() > 3, "{:?}", offering.codes);
        let path = format!("/api/v1/courses?limit=3&department={department}&term={term}&credits=3");
        let items = walk(world, Persona::Faculty, &path).await;
        assert_eq!(texts(&items, "/code"), offering.codes);
        assert!(walk(world, Persona::Faculty, "/api/v1/courses?credits=3.1").await.is_empty());
    });
}

#[test]
fn search_forgives_typing_errors() {
    run(async {
        let world = world().await;
        let made = make_course(world, "901V", "Calculus of Variations").await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", String::from_utf8_lossy(&made.bytes));
        let made = made.json();
        let code = made["code"].as_str().unwrap();
        for typed in ["calclus variatons", "VARIATIONS calculus", "Calculús of vari", &code.replace(' ', "").to_lowercase(), code]
        {
            let query = typed.replace(' ', "+").replace('ú', "%C3%BA");
            let found = ok(world, Persona::Student, &format!("/api/v1/courses?limit=5&q={query}")).await;
            assert_eq!(found["items"][0]["id"], made["id"], "{typed}: {found}");
        }
        let found = walk(world, Persona::Student, "/api/v1/courses?limit=2&q=introduction").await;
        let ids: BTreeSet<_> = texts(&found, "/id").into_iter().collect();
        assert_eq!(ids.len(), found.len(), "pages of a search don't overlap");
        for odd in ["%25", "_", "%5C", "100%25_", "%27%27", "a+b+c+d+e+f+g+h+i+j", "%C2%BD", "%E2%80%AE"] {
            ok(world, Persona::Student, &format!("/api/v1/courses?q={odd}")).await;
        }
        assert!(ok(world, Persona::Student, "/api/v1/courses?q=zzqxv").await["items"].as_array().unwrap().is_empty());
        let everything = ok(world, Persona::Student, "/api/v1/courses?limit=1&q=-").await;
        let next = everything["next"].as_str().unwrap();
        let mixed = world.get(Persona::Student, &format!("/api/v1/courses?q=introduction&cursor={next}")).await;
        assert_eq!((mixed.status, mixed.problem().as_str()), (StatusCode::BAD_REQUEST, "invalid-cursor"));
    });
}

#[test]
fn a_course_is_made_once_and_edited_from_its_latest_version() {
    run(async {
        let world = world().await;
        let department = ok(world, Persona::Admin, "/api/v1/departments?limit=1").await["items"][0]["id"].clone();
        let body = |credits: Value| {
            json!({
                "departmentId": department, "number": "902E", "title": "Topics", "description": "Line one.\nLine two.",
                "attributes": "", "credits": credits,
            })
        };
        let fixed = body(json!({ "kind": "fixed", "min": 3, "max": 3 }));
        let post = || world.request(Persona::Admin, Method::POST, "/api/v1/courses").header("idempotency-key", "course-902E");
        let made = answer(post().json(&fixed)).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", String::from_utf8_lossy(&made.bytes));
        let course = made.json();
        let path = format!("/api/v1/courses/{}", course["id"].as_str().unwrap());
        assert_eq!(made.headers["location"], path.as_str());
        let again = answer(post().json(&fixed)).await;
        assert_eq!((again.status, again.json()), (StatusCode::CREATED, course.clone()), "a retry gets the first answer");
        assert_eq!(ok(world, Persona::Admin, &path).await, course);
        assert_eq!(ok(world, Persona::Student, &path).await["can"]["edit"], false);

        for (refused, status, slug, pointer) in [
            (fixed.clone(), 409, "course-number-taken", "/number"),
            (body(json!({ "kind": "fixed", "min": 3, "max": 4 })), 422, "invalid-request", "/credits/max"),
            (body(json!({ "kind": "range", "min": 4, "max": 3 })), 422, "invalid-request", "/credits/max"),
            (body(json!({ "kind": "range", "min": 0.1, "max": 3 })), 422, "invalid-request", "/credits/min"),
            (body(json!({ "kind": "range", "min": 1, "max": 101 })), 422, "invalid-request", "/credits/max"),
        ] {
            let answer = world.send(Persona::Admin, Method::POST, "/api/v1/courses", &refused).await;
            let problem = answer.json();
            assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (status, slug), "{problem}");
            assert_eq!(problem["errors"][0]["pointer"], pointer, "{problem}");
        }
        let mut nowhere = fixed.clone();
        nowhere["departmentId"] = json!(Uuid::now_v7());
        let unknown = world.send(Persona::Admin, Method::POST, "/api/v1/courses", &nowhere).await;
        assert_eq!((unknown.status.as_u16(), &unknown.json()["errors"][0]["pointer"]), (422, &json!("/departmentId")));

        let edit = json!({
            "title": "Special Topics", "description": "Line one.", "attributes": "Honors", "version": 1,
            "credits": { "kind": "range", "min": 0.25, "max": 4 },
        });
        let edited = world.send(Persona::Admin, Method::PATCH, &path, &edit).await;
        assert_eq!(edited.status, StatusCode::OK, "{}", String::from_utf8_lossy(&edited.bytes));
        let edited = edited.json();
        assert_eq!(ok(world, Persona::Admin, &path).await, edited, "what is answered is what is kept");
        assert_eq!((&edited["version"], &edited["credits"]["min"], &edited["code"]), (&json!(2), &json!(0.25), &course["code"]));
        let stale = world.send(Persona::Admin, Method::PATCH, &path, &edit).await;
        assert_eq!((stale.status.as_u16(), stale.problem().as_str()), (409, "version-conflict"));

        let id: Uuid = course["id"].as_str().unwrap().parse().unwrap();
        let actions: Vec<String> = sqlx::query_scalar!("select action from audit_event where target_id = $1 order by at", id)
            .fetch_all(&mut owner(&world.ours).await)
            .await
            .unwrap();
        assert_eq!(actions, ["course.create", "course.edit"], "each change left one row, each refusal none");
    });
}

#[test]
fn sections_of_a_course() {
    run(async {
        let world = world().await;
        let term: Uuid = current_term(world).await.parse().unwrap();
        let busiest = sqlx::query!(
            "select s.course_id, count(*) as \"sections!\" from section s where s.term_id = $1 group by 1 order by 2 desc, 1 limit 1",
            term
        )
        .fetch_one(&mut owner(&world.ours).await)
        .await
        .unwrap();
        let path = format!("/api/v1/courses/{}/sections", busiest.course_id);
        let shown = ok(world, Persona::Student, &path).await;
        assert_eq!(shown["term"]["id"], json!(term), "the term in progress comes first");
        assert_eq!(ok(world, Persona::Student, &format!("{path}?term={term}")).await, shown);
        let items = shown["items"].as_array().unwrap();
        assert_eq!(items.len() as i64, busiest.sections);
        let crns = texts(items, "/crn");
        assert!(crns.windows(2).all(|pair| pair[0] < pair[1]), "{crns:?}");
        for section in items {
            let id = section["id"].as_str().unwrap();
            assert_eq!(&ok(world, Persona::Student, &format!("/api/v1/sections/{id}")).await, section);
            let seats = &section["seats"];
            assert_eq!(seats["left"].as_i64(), seats["cap"].as_i64().map(|cap| cap - seats["enrolled"].as_i64().unwrap()));
            let roster = walk(world, Persona::Admin, &format!("/api/v1/sections/{id}/roster?limit=200")).await;
            assert_eq!(seats["enrolled"], json!(roster.len()), "the counter is the number of rows");
        }
        let elsewhere = ok(world, Persona::Student, &format!("{path}?term={}", Uuid::now_v7())).await;
        assert_eq!((&elsewhere["term"], &elsewhere["items"]), (&Value::Null, &json!([])));
        for unknown in [format!("/api/v1/courses/{}/sections", Uuid::now_v7()), format!("/api/v1/sections/{}", Uuid::now_v7())] {
            assert_eq!(world.get(Persona::Admin, &unknown).await.status, StatusCode::NOT_FOUND);
        }
    });
}

#[test]
fn people_see_their_own_record() {
    run(async {
        let world = world().await;
        let term: Uuid = current_term(world).await.parse().unwrap();
        let mut owner = owner(&world.ours).await;
        for persona in [Persona::Student, Persona::OtherStudent, Persona::Admin] {
            let me = world.person(persona).id.0;
            let shown = ok(world, persona, "/api/v1/me/enrollments").await;
            let rows = sqlx::query!(
                "select e.id, c.code, (select count(*) from meeting m where m.section_id = s.id) as \"meetings!\",
                    (select count(distinct i.user_id) from meeting m join meeting_instructor i on i.meeting_id = m.id
                        where m.section_id = s.id) as \"instructors!\"
                from enrollment e join section s on s.id = e.section_id join course c on c.id = s.course_id
                where e.student_id = $1 and s.term_id = $2 order by c.code, s.crn",
                me,
                term
            )
            .fetch_all(&mut owner)
            .await
            .unwrap();
            let kept: Vec<_> =
                rows.iter().map(|r| (r.id.to_string(), r.code.clone(), r.meetings as usize, r.instructors as usize)).collect();
            let length = |of: &Value| of.as_array().unwrap().len();
            let items: Vec<_> = shown["items"]
                .as_array()
                .unwrap()
                .iter()
                .map(|item| {
                    let (section, text) = (&item["section"], |of: &Value| of.as_str().unwrap().to_owned());
                    let code = text(&section["course"]["code"]);
                    (text(&item["id"]), code, length(&section["meetings"]), length(&section["instructors"]))
                })
                .collect();
            assert_eq!(items, kept, "{persona:?}");
            for item in shown["items"].as_array().unwrap() {
                let summary = &item["section"];
                let section = ok(world, persona, &format!("/api/v1/sections/{}", summary["id"].as_str().unwrap())).await;
                for fact in ["status", "partOfTerm", "credits", "term", "course"] {
                    assert_eq!(summary[fact], section[fact], "{fact} of a summary is that of the section");
                }
                assert!(summary["status"].is_string() && summary.get("partOfTerm").is_some(), "{summary}");
            }
            assert_eq!(persona == Persona::Admin, kept.is_empty(), "{persona:?}: students are in sections, admins in none");
            let results = walk(world, persona, "/api/v1/me/results?limit=2").await;
            let count =
                sqlx::query_scalar!("select count(*) from course_result where student_id = $1", me).fetch_one(&mut owner).await;
            assert_eq!(results.len() as i64, count.unwrap().unwrap(), "{persona:?}");
            let ids: BTreeSet<_> = texts(&results, "/id").into_iter().collect();
            assert_eq!(ids.len(), results.len(), "{persona:?}: pages don't overlap");
        }
    });
}

#[test]
fn rosters_are_for_those_who_teach() {
    run(async {
        let world = world().await;
        let taught = ok(world, Persona::Faculty, "/api/v1/me/teaching").await;
        let taught = taught["items"].as_array().unwrap();
        assert!(!taught.is_empty(), "the first faculty persona teaches this term");
        for item in taught {
            let section = &item["section"];
            let me = world.person(Persona::Faculty).id.to_string();
            assert!(texts(section["instructors"].as_array().unwrap(), "/id").contains(&me.as_str()));
            let shown = ok(world, Persona::Faculty, &format!("/api/v1/sections/{}", section["id"].as_str().unwrap())).await;
            assert_eq!(item["seats"], shown["seats"], "teaching knows how full a section is");
            let path = format!("/api/v1/sections/{}/roster", section["id"].as_str().unwrap());
            let roster = walk(world, Persona::Faculty, &format!("{path}?limit=3")).await;
            let ids: BTreeSet<_> = texts(&roster, "/studentId").into_iter().collect();
            assert_eq!(ids.len(), roster.len(), "pages don't overlap");
            assert_eq!(walk(world, Persona::Admin, &format!("{path}?limit=200")).await, roster);
            for stranger in [Persona::Student, Persona::OtherStudent, Persona::OtherFaculty] {
                let refused = world.get(stranger, &path).await;
                assert_eq!((refused.status, refused.problem().as_str()), (StatusCode::NOT_FOUND, "not-found"), "{stranger:?}");
            }
        }
        let unknown = format!("/api/v1/sections/{}/roster", Uuid::now_v7());
        assert_eq!(world.get(Persona::Admin, &unknown).await.status, StatusCode::NOT_FOUND);
        assert_eq!(world.get(Persona::Student, "/api/v1/me/teaching").await.status, StatusCode::FORBIDDEN);
    });
}
