//! People over HTTP: the caller's own record and contact details, the admins' lists, the admin home.

use std::collections::BTreeSet;

use pec::{
    db::Actor,
    users::{self, NewAdmin, NewUser, UsersError, sort_name_of},
};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use sqlx::Connection as _;
use uuid::Uuid;

use crate::support::{
    http::{Persona, World, world},
    owner, run, tenant,
};

const CONTACT: &str = "/api/v1/me/contact";

async fn ok(world: &World, persona: Persona, path: &str) -> Value {
    let answer = world.get(persona, path).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", String::from_utf8_lossy(&answer.bytes));
    answer.json()
}

/// Every item of a list, page by page. `path` holds a question mark.
async fn walk(world: &World, path: &str) -> Vec<Value> {
    let (mut items, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = ok(world, Persona::Admin, &format!("{path}{cursor}")).await;
        items.extend(page["items"].as_array().unwrap().iter().cloned());
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return items,
        }
    }
}

fn ids(items: &[Value]) -> Vec<Uuid> {
    items.iter().map(|item| item["id"].as_str().unwrap().parse().unwrap()).collect()
}

#[test]
fn everybody_sees_who_they_are() {
    run(async {
        let world = world().await;
        for (persona, role, profile) in [
            (Persona::Student, "student", "student"),
            (Persona::Faculty, "faculty", "faculty"),
            (Persona::Admin, "admin", "admin"),
        ] {
            let me = ok(world, persona, "/api/v1/me").await;
            assert_eq!(me["id"], world.person(persona).id.to_string());
            assert_eq!(me["role"], role);
            assert!(me["roles"].as_array().unwrap().contains(&json!(role)));
            assert!(me[profile].is_object(), "{me}");
            assert_eq!(me["institution"]["timeZone"], "Asia/Kolkata");
            assert_eq!(me["term"]["current"], true);
            let may: BTreeSet<bool> = me["can"].as_object().unwrap().values().map(|can| can.as_bool().unwrap()).collect();
            assert_eq!(may, BTreeSet::from([role == "admin"]), "{persona:?}");
        }
    });
}

struct Trail {
    rows: i64,
    last: Vec<u8>,
    subject: Option<Uuid>,
}

async fn trail(world: &World, user: Uuid) -> Trail {
    let row = sqlx::query!(
        r#"select count(*) over () as "rows!", canonical, subject_id from audit_event
        where action = 'user.contact.edit' and target_id = $1 order by id desc limit 1"#,
        user
    )
    .fetch_optional(&mut owner(&world.ours).await)
    .await
    .unwrap();
    row.map_or(Trail { rows: 0, last: Vec::new(), subject: None }, |row| Trail {
        rows: row.rows,
        last: row.canonical,
        subject: row.subject_id,
    })
}

#[test]
fn contact_details_are_sealed_audited_and_their_owners_alone() {
    run(async {
        let world = world().await;
        let persona = Persona::OtherStudent;
        let user = Uuid::from(world.person(persona).id);
        let put = async |body: &Value| world.send(persona, Method::PUT, CONTACT, body).await;
        let before = ok(world, persona, CONTACT).await;
        assert_eq!(before, json!({ "phone": null, "personalEmail": null, "version": 0 }));

        let first = json!({ "phone": "+91 98765 43210", "personalEmail": "quiet@home.example", "version": 0 });
        let stored = put(&first).await;
        assert_eq!(stored.status, StatusCode::OK, "{}", String::from_utf8_lossy(&stored.bytes));
        assert_eq!(stored.json(), json!({ "phone": "+91 98765 43210", "personalEmail": "quiet@home.example", "version": 1 }));
        assert_eq!(ok(world, persona, CONTACT).await, stored.json());
        assert_eq!(put(&first).await.json(), stored.json(), "a repetition is answered alike");

        let seen = trail(world, user).await;
        assert_eq!((seen.rows, seen.subject), (1, Some(user)));
        let sealed = sqlx::query!("select phone_sealed, personal_email_sealed from user_contact where user_id = $1", user)
            .fetch_one(&mut owner(&world.ours).await)
            .await
            .unwrap();
        for kept in [seen.last.clone(), sealed.phone_sealed.unwrap(), sealed.personal_email_sealed.unwrap()] {
            let text = String::from_utf8_lossy(&kept);
            assert!(!text.contains("98765") && !text.contains("quiet"), "{text}");
        }
        let facts: Value = serde_json::from_slice(&seen.last).unwrap();
        assert_eq!(facts["fields"]["phone"][0], Value::Null);
        assert!(facts["fields"]["phone"][1]["sealed"].is_string(), "{facts}");
        let kept: i64 = sqlx::query_scalar!(r#"select count(*) as "n!" from idempotency where response::text like '%98765%'"#)
            .fetch_one(&mut owner(&world.ours).await)
            .await
            .unwrap();
        assert_eq!(kept, 0, "no stored answer holds it in clear");

        let stale = put(&json!({ "phone": null, "personalEmail": null, "version": 0 })).await;
        assert_eq!((stale.status, stale.problem().as_str()), (StatusCode::CONFLICT, "version-conflict"));
        let cleared = put(&json!({ "phone": null, "personalEmail": "quiet@home.example", "version": 1 })).await;
        assert_eq!(cleared.json(), json!({ "phone": null, "personalEmail": "quiet@home.example", "version": 2 }));
        let after = trail(world, user).await;
        assert_eq!(after.rows, 2, "a refused edit leaves no row");
        let facts: Value = serde_json::from_slice(&after.last).unwrap();
        assert!(facts["fields"].get("personalEmail").is_none(), "what did not change is not named: {facts}");

        for bad in [
            json!({ "phone": "call me", "personalEmail": null, "version": 2 }),
            json!({ "phone": null, "personalEmail": "nobody", "version": 2 }),
            json!({ "phone": null, "version": 2 }),
        ] {
            assert_eq!(put(&bad).await.status, StatusCode::UNPROCESSABLE_ENTITY, "{bad}");
        }
        assert_eq!(ok(world, Persona::Student, CONTACT).await["version"], 0, "another person's are untouched");
    });
}

#[test]
fn the_list_of_people_is_complete_in_order_and_narrowed() {
    run(async {
        let world = world().await;
        let mut owner = owner(&world.ours).await;
        let all: Vec<Uuid> =
            sqlx::query_scalar!("select id from app_user order by sort_key, id").fetch_all(&mut owner).await.unwrap();
        for limit in [17, 200] {
            let listed = ids(&walk(world, &format!("/api/v1/users?limit={limit}")).await);
            assert!(listed == all, "limit {limit}: {} of {}", listed.len(), all.len());
        }
        let department =
            sqlx::query_scalar!("select department_id from faculty_profile limit 1").fetch_one(&mut owner).await.unwrap();
        let taught: Vec<Uuid> = sqlx::query_scalar!(
            "select u.id from app_user u join faculty_profile f on f.user_id = u.id where f.department_id = $1 order by u.sort_key, u.id",
            department
        )
        .fetch_all(&mut owner)
        .await
        .unwrap();
        let path = format!("/api/v1/users?limit=2&role=faculty&status=active&department={department}");
        assert_eq!(ids(&walk(world, &path).await), taught);
        assert!(walk(world, "/api/v1/users?status=suspended").await.is_empty());
        for persona in [Persona::Student, Persona::Faculty] {
            assert_eq!(world.get(persona, "/api/v1/users").await.status, StatusCode::FORBIDDEN);
        }
    });
}

#[test]
fn accents_and_capitals_do_not_move_a_name() {
    run(async {
        let mut owner = owner(&world().await.ours).await;
        let mut tx = owner.begin().await.unwrap();
        let names =
            ["Bélanger, A", "Boudreau, A", "de Souza, A", "Dean, A", "Ībrahim, A", "Iyer, A", "MacDonald, A", "Mackay, A"];
        let shuffled: Vec<String> = names.iter().rev().map(|&name| name.to_owned()).collect();
        sqlx::query!(
            "insert into app_user (id, name, sort_name) select gen_random_uuid(), 'Order', n from unnest($1::text[]) as n",
            &shuffled
        )
        .execute(&mut *tx)
        .await
        .unwrap();
        let sorted = sqlx::query_scalar!("select sort_name from app_user where name = 'Order' order by sort_key, id")
            .fetch_all(&mut *tx)
            .await
            .unwrap();
        tx.rollback().await.unwrap();
        assert_eq!(sorted, names);
    });
}

#[test]
fn people_are_found_by_name_e_mail_and_number() {
    run(async {
        let world = world().await;
        let student = world.person(Persona::Student).id;
        let row = sqlx::query!(
            r#"select u.name, u.email as "email!", s.student_number from app_user u join student_profile s on s.user_id = u.id where u.id = $1"#,
            student.0
        )
        .fetch_one(&mut owner(&world.ours).await)
        .await
        .unwrap();
        for exact in [row.email.to_uppercase(), row.student_number.to_lowercase()] {
            let found = ok(world, Persona::Admin, &format!("/api/v1/users?limit=1&q={exact}")).await;
            assert_eq!(found["items"][0]["id"], student.to_string(), "{exact}");
        }
        // One letter of the name doubled, as happens while typing.
        let mut mistyped = row.name.clone();
        mistyped.insert(2, mistyped.chars().nth(1).unwrap());
        for typed in [row.name.clone(), row.name.to_uppercase(), mistyped] {
            let query = typed.replace(' ', "+");
            let found = walk(world, &format!("/api/v1/users?limit=200&q={query}")).await;
            assert!(ids(&found).contains(&student.0), "{typed}");
        }
        let broad = ids(&walk(world, "/api/v1/users?limit=9&q=a").await);
        let distinct: BTreeSet<_> = broad.iter().collect();
        assert!(distinct.len() == broad.len() && broad.len() > 9, "pages of a search don't overlap");
        for odd in ["%25", "_", "%5C", "%27%27", "%C2%BD"] {
            ok(world, Persona::Admin, &format!("/api/v1/users?q={odd}")).await;
        }
        assert!(walk(world, "/api/v1/users?q=%25").await.is_empty(), "a percent sign is a percent sign");
    });
}

#[test]
fn admins_see_a_person_and_what_they_teach() {
    run(async {
        let world = world().await;
        let faculty = world.person(Persona::Faculty).id;
        let path = format!("/api/v1/users/{faculty}");
        let person = ok(world, Persona::Admin, &path).await;
        assert_eq!(person["hasPassword"], true);
        assert!(person["faculty"]["department"]["code"].is_string() && person.get("student").is_none(), "{person}");
        let taught = ok(world, Persona::Faculty, "/api/v1/me/teaching").await;
        let own: BTreeSet<String> =
            taught["items"].as_array().unwrap().iter().map(|item| item["section"]["id"].to_string()).collect();
        let shown: BTreeSet<String> =
            person["teaching"].as_array().unwrap().iter().map(|section| section["id"].to_string()).collect();
        assert!(!own.is_empty() && own == shown, "{own:?} {shown:?}");
        for persona in [Persona::Student, Persona::Faculty, Persona::OtherFaculty] {
            assert_eq!(world.get(persona, &path).await.status, StatusCode::NOT_FOUND, "{persona:?}");
        }
    });
}

#[test]
fn every_number_of_the_admin_home_leads_to_its_rows() {
    run(async {
        let world = world().await;
        let overview = ok(world, Persona::Admin, "/api/v1/overview").await;
        let users = walk(world, "/api/v1/users?limit=200&role=student").await;
        assert_eq!(overview["counts"]["students"], users.len());
        assert_eq!(overview["term"]["current"], true);
        let queues = overview["queues"].as_array().unwrap();
        assert_eq!(queues.len(), 5);
        for queue in queues {
            let kind = queue["kind"].as_str().unwrap();
            let rows = walk(world, &format!("/api/v1/overview/queues/{kind}?limit=3")).await;
            assert_eq!(queue["count"], rows.len(), "{kind}");
            let examples = queue["examples"].as_array().unwrap();
            assert_eq!(examples[..], rows[..rows.len().min(5)], "{kind}: the same rows in the same order");
            for row in &rows {
                assert!(row["owner"].is_string(), "{kind}: somebody answers for it: {row}");
                let since: chrono::DateTime<chrono::Utc> = row["since"].as_str().unwrap().parse().unwrap();
                assert!(since <= chrono::Utc::now(), "{kind}: it waits already: {row}");
            }
        }
        assert!(queues.iter().any(|queue| queue["kind"] == "sections-full" && queue["count"].as_i64() > Some(0)));
        assert!(queues.iter().any(|queue| queue["kind"] == "faculty-without-sign-in" && queue["count"].as_i64() > Some(0)));
        let recent = overview["recentActions"].as_array().unwrap();
        // In our own institution the other tests push it out of the newest twenty.
        let there = world.get_there("/api/v1/overview").await.json();
        let there = there["recentActions"].as_array().unwrap();
        assert!(there.iter().any(|row| row["actorRole"].as_str().unwrap().starts_with("system:")), "{there:?}");
        assert!(recent.iter().all(|row| row["action"] != "session.sign-in" && row["action"] != "user.contact.edit"));
        assert_eq!(world.get(Persona::Admin, "/api/v1/overview/queues/nonsense").await.status, StatusCode::NOT_FOUND);
        assert_eq!(world.get(Persona::Faculty, "/api/v1/overview").await.status, StatusCode::FORBIDDEN);
    });
}

#[test]
fn the_first_admin_is_made_by_the_system() {
    run(async {
        let db = tenant().await;
        let new = NewUser {
            name: "Meera Iyer".to_owned(),
            sort_name: sort_name_of("Meera Iyer"),
            email: Some("Meera.Iyer@It.Example".to_owned()),
            student: None,
            faculty: None,
            admin: Some(NewAdmin { office: "Registrar".to_owned() }),
        };
        let system = Actor::system("tenant-create");
        let id = users::create(&db, &system, &new).await.unwrap();
        let found = users::find_by_email(&db, "meera.iyer@it.EXAMPLE").await.unwrap().unwrap();
        assert_eq!((found.id, found.roles), (id, vec![pec::db::Role::Admin]));
        assert!(matches!(users::create(&db, &system, &new).await, Err(UsersError::EmailTaken)));
        let nobody = NewUser { admin: None, email: None, ..new };
        assert!(matches!(users::create(&db, &system, &nobody).await, Err(UsersError::NoRole)));
        let row = sqlx::query!(
            r#"select count(*) over () as "rows!", class, canonical, (select count(*) from app_user) as "people!"
            from audit_event where action = 'user.create'"#
        )
        .fetch_one(&mut owner(&db).await)
        .await
        .unwrap();
        assert_eq!((row.rows, row.people, row.class.as_str()), (1, 1, "sensitive"));
        assert!(!String::from_utf8_lossy(&row.canonical).to_lowercase().contains("iyer"), "names are sealed");
    });
}
