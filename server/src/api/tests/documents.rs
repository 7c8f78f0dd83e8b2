use serde_json::{Value, json};

use super::sample;
use crate::api::text::{self, Pattern};
use crate::api::{lint, openapi_json, router};

fn document() -> Value {
    router(sample::apis(), |_, route| route).document
}

#[test]
fn the_document_is_the_same_every_time_and_sorted() {
    assert_eq!(openapi_json(&document()), openapi_json(&document()));
    let text = openapi_json(&document());
    assert!(text.find("\"components\"").unwrap() < text.find("\"paths\"").unwrap());
}

#[test]
fn declarations_reach_the_document() {
    let document = document();
    let create = &document["paths"]["/api/v1/things"]["post"];
    assert_eq!(create["operationId"], "createThing");
    assert_eq!(create["x-pec-access"], json!(["admin"]));
    assert_eq!(create["x-pec-action"], "thing.create");
    assert_eq!(create["x-pec-module"], "courses");
    assert_eq!(create["parameters"][0]["name"], "Idempotency-Key");
    let statuses: Vec<&String> = create["responses"].as_object().unwrap().keys().collect();
    assert_eq!(statuses, ["201", "400", "401", "403", "409", "413", "415", "422", "500", "503", "504"]);
    let touch = &document["paths"]["/api/v1/things/{id}/days/{day}"]["post"];
    let names: Vec<&Value> = touch["parameters"].as_array().unwrap().iter().map(|p| &p["name"]).collect();
    assert_eq!(names, ["id", "day"]);
    assert_eq!(touch["requestBody"].get("required"), None);
    assert_eq!(document["paths"]["/api/v1/things/{id}"]["get"]["security"], json!([]));
}

#[test]
fn constraints_reach_the_document() {
    let schemas = &document()["components"]["schemas"];
    let new = &schemas["NewThing"];
    assert_eq!(new["additionalProperties"], false);
    assert_eq!(new["properties"]["fullName"]["maxLength"], 20);
    assert_eq!(new["properties"]["fullName"]["pattern"], text::NAME.source());
    assert_eq!(new["properties"]["semester"], json!({ "type": "integer", "minimum": 1, "maximum": 20 }));
    assert_eq!(new["properties"]["phone"]["type"], json!(["string", "null"]));
    assert_eq!(new["required"], json!(["fullName", "phone", "semester", "weight", "shade", "urgent", "parts"]));
    assert_eq!(schemas["Shade"]["enum"], json!(["red", "light-blue"]));
    assert_eq!(schemas["Thing"]["required"], json!(["id", "fullName", "note"]));
    assert_eq!(schemas["ThingPage"]["required"], json!(["items", "next"]));
}

#[test]
fn the_sample_has_no_lint() {
    assert_eq!(lint(&document()), Vec::<String>::new());
}

#[test]
fn lint_finds_what_it_is_for() {
    let cases = [
        ("/components/schemas/NewThing/additionalProperties", json!(true), "unknown fields"),
        ("/components/schemas/NewThing/properties/fullName/pattern", json!("^.*$"), "a dot"),
        ("/components/schemas/NewThing/properties/fullName/pattern", json!("^\\w*$"), "an escape"),
        ("/components/schemas/NewThing/properties/fullName/pattern", json!("a"), "not anchored"),
        ("/components/schemas/NewThing/properties/fullName", json!({ "type": "string" }), "NUL"),
        ("/components/schemas/NewThing/properties/fullName", json!(true), "accepts anything"),
        ("/components/schemas/NewThing/properties/fullName", json!({ "type": "string", "format": "email" }), "format"),
        ("/components/schemas/NewThing/properties/semester", json!({ "type": "integer", "minimum": 0 }), "maximum"),
        ("/components/schemas/NewThing/properties/parts/maxItems", Value::Null, ""),
        ("/paths/~1api~1v1~1things/post/x-pec-action", Value::Null, ""),
    ];
    for (pointer, value, expected) in cases {
        let mut document = document();
        *document.pointer_mut(pointer).unwrap() = value;
        if expected.is_empty() {
            let (parent, key) = pointer.rsplit_once('/').unwrap();
            document.pointer_mut(parent).unwrap().as_object_mut().unwrap().remove(key);
        }
        let found = lint(&document);
        assert!(found.iter().any(|sentence| sentence.contains(expected)), "{pointer}: {found:?}");
    }
}

#[test]
#[should_panic(expected = "operation id listThings")]
fn an_operation_id_is_used_once() {
    let twice = sample::apis().into_iter().chain(sample::apis()).collect();
    router(twice, |_, route| route);
}

#[test]
fn shared_patterns_mean_what_they_say() {
    let table: [(&Pattern, &[&str], &[&str]); 7] = [
        (&text::LINE, &["", " a ", "é😀", "a\u{a0}"], &["\0", "a\nb", "\u{7f}", "\t"]),
        (&text::NAME, &["a", "a b", "Ö", "😀"], &["", " ", " a", "a ", "a\u{a0}", "a\0b", "a\n"]),
        (&text::TEXT, &["", "a\n\tb\r\n"], &["\0", "\u{b}", "\u{1f}"]),
        (&text::EMAIL, &["a@b", "ü@b.example"], &["a", "@b", "a@", "a@b@c", "a @b", "a@b\n"]),
        (&text::UUID_V7, &["01930000-0000-7000-8000-000000000001"], &["01930000-0000-4000-8000-000000000001", ""]),
        (&text::DATE, &["2026-02-30", "1900-01-01"], &["2026-2-3", "1899-12-31", "2026-13-01", " 2026-01-01"]),
        (&text::TIME, &["00:00", "23:59"], &["24:00", "9:00", "09:60", "09:00:00"]),
    ];
    for (pattern, good, bad) in table {
        assert!(good.iter().all(|text| pattern.matches(text)), "{pattern}");
        assert!(!bad.iter().any(|text| pattern.matches(text)), "{pattern}");
    }
}
