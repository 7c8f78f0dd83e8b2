//! Two descriptions of a schema, compared object by object.

use std::collections::{BTreeMap, BTreeSet};

/// What a new object's description begins with; every other line belongs to the object before it.
const BEGINNINGS: [&str; 9] = [
    "create table ",
    "create view ",
    "alter table ",
    "CREATE INDEX ",
    "CREATE UNIQUE INDEX ",
    "CREATE TRIGGER ",
    "CREATE CONSTRAINT TRIGGER ",
    "CREATE OR REPLACE FUNCTION ",
    "CREATE OR REPLACE PROCEDURE ",
];

/// More differences than this say no more.
const LINES_MAX: usize = 40;

/// Objects that only one side has, and lines that only one side has of an object that both have: `-` is missing from the
/// database, `+` should not be there. A line stands for its own object alone: the same column of another table hides nothing.
pub fn drift(expected: &str, actual: &str) -> Vec<String> {
    let (expected, actual) = (objects(expected), objects(actual));
    let names: BTreeSet<&String> = expected.keys().chain(actual.keys()).collect();
    let mut found = Vec::new();
    for name in names {
        match (expected.get(name), actual.get(name)) {
            (Some(_), None) => found.push(format!("- {name}")),
            (None, Some(_)) => found.push(format!("+ {name}")),
            (Some(expected), Some(actual)) => {
                found.extend(less(expected, actual).map(|line| format!("{name}: - {line}")));
                found.extend(less(actual, expected).map(|line| format!("{name}: + {line}")));
            }
            (None, None) => {}
        }
    }
    found.truncate(LINES_MAX);
    found
}

/// Lines of `one` that `other` has not, or has less often.
fn less<'a>(one: &'a [String], other: &'a [String]) -> impl Iterator<Item = &'a String> {
    let mut left: Vec<&String> = other.iter().collect();
    one.iter().filter(move |line| match left.iter().position(|there| there == line) {
        Some(at) => {
            left.swap_remove(at);
            false
        }
        None => true,
    })
}

fn objects(text: &str) -> BTreeMap<String, Vec<String>> {
    let mut objects: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut name = String::new();
    let mut in_body = false;
    for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with("--")) {
        if !in_body && BEGINNINGS.iter().any(|beginning| line.starts_with(beginning)) {
            name = key(line);
        }
        if line.matches("$function$").count() == 1 {
            in_body = !in_body;
        }
        // The comma after a column only says that another follows.
        objects.entry(name.clone()).or_default().push(line.trim_end_matches(',').to_owned());
    }
    objects.remove("");
    objects
}

/// An object's name: the words that say what it is, without what it consists of.
fn key(line: &str) -> String {
    let words: Vec<&str> = line.split_whitespace().collect();
    let until = |word: &str| words.iter().position(|found| *found == word).unwrap_or(words.len());
    let end = match words[0] {
        // alter table T add constraint C …
        "alter" => 6,
        "create" => 3,
        // CREATE [UNIQUE] INDEX I ON …; CREATE [CONSTRAINT] TRIGGER T … ON table …
        _ if words.contains(&"INDEX") => until("ON"),
        _ if words.contains(&"TRIGGER") => (until("ON") + 2).min(words.len()),
        // Functions may share a name: their arguments tell them apart.
        _ => words.len(),
    };
    words[..end.min(words.len())].join(" ").trim_end_matches(['(', ';', ' ']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCHEMA: &str = include_str!("../../migrations/schema.sql");

    #[test]
    fn a_schema_is_itself() {
        assert_eq!(drift(SCHEMA, SCHEMA), Vec::<String>::new());
        let objects = objects(SCHEMA);
        let tables = SCHEMA.lines().filter(|line| line.starts_with("create table ")).count();
        assert_eq!(objects.keys().filter(|name| name.starts_with("create table ")).count(), tables);
        assert!(tables > 20 && objects.len() > 100, "{} objects", objects.len());
    }

    #[test]
    fn every_single_missing_line_is_seen() {
        let lines: Vec<&str> = SCHEMA.lines().collect();
        for (at, line) in lines.iter().enumerate() {
            if line.is_empty() || line.starts_with("--") {
                continue;
            }
            let without: String =
                lines.iter().enumerate().filter(|(n, _)| *n != at).map(|(_, line)| format!("{line}\n")).collect();
            assert!(!drift(SCHEMA, &without).is_empty(), "line {}: {line}", at + 1);
        }
    }

    #[test]
    fn a_twin_elsewhere_hides_nothing() {
        let expected = "create table a (\n    id uuid not null,\n    name text\n);\ncreate table b (\n    id uuid not null,\n    name text\n);\n";
        let actual = "create table a (\n    id uuid not null\n);\ncreate table b (\n    id uuid not null,\n    name text\n);\n";
        assert_eq!(drift(expected, actual), ["create table a: -     name text"]);
        assert_eq!(drift(actual, expected), ["create table a: +     name text"]);
    }

    #[test]
    fn whole_objects_are_named_once() {
        let table = "create table a (\n    id uuid\n);\n";
        let index = "CREATE INDEX a_id ON a USING btree (id);\n";
        let both = format!("{table}{index}");
        assert_eq!(drift(&both, table), ["- CREATE INDEX a_id"]);
        assert_eq!(drift(table, &both), ["+ CREATE INDEX a_id"]);
    }
}
