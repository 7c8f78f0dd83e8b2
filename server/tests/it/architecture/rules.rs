//! The rules, one test each. A failure lists every place that breaks its rule.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    sync::LazyLock,
};

use super::{
    EXEMPT_ACTIONS, LINES_MAX, MODULES, PURGED, SQL_ELSEWHERE, TABLES, UNCHECKED_SQL,
    source::{Kind, Source, Token, crate_modules, files_below, sources, tokens},
    sql::{Touched, created_tables, touched},
};

fn package() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

static SOURCES: LazyLock<Vec<Source>> = LazyLock::new(|| sources(&package().join("src")));

static CREATED: LazyLock<Vec<String>> = LazyLock::new(|| {
    let files = files_below(&package().join("migrations"), &["sql"]);
    let migrations = files.iter().filter(|file| !file.ends_with("schema.sql"));
    migrations.flat_map(|file| created_tables(&fs::read_to_string(file).unwrap())).collect()
});

#[track_caller]
fn none(rule: &str, found: Vec<String>) {
    assert!(found.is_empty(), "{rule}:\n  {}", found.join("\n  "));
}

/// Two lists that must be the same, compared as sets.
fn differences(what: &str, declared: BTreeSet<String>, found: BTreeSet<String>) -> Vec<String> {
    let missing = found.difference(&declared).map(|entry| format!("{what} {entry} is not declared"));
    let stale = declared.difference(&found).map(|entry| format!("{what} {entry} is declared but no longer used"));
    missing.chain(stale).collect()
}

fn set(entries: &[&str]) -> BTreeSet<String> {
    entries.iter().map(|entry| (*entry).to_owned()).collect()
}

#[test]
fn modules_name_only_what_stands_above_them() {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for source in SOURCES.iter().filter(|source| !matches!(source.path.as_str(), "lib.rs" | "main.rs")) {
        let edges = found.entry(source.node()).or_default();
        let named = crate_modules(&source.product).into_iter().map(|(module, _)| match module.as_str() {
            // A macro stands at the root of the crate wherever it was written.
            "undocumented_input" => "api".to_owned(),
            _ => module,
        });
        let own = source.module().to_owned();
        edges.extend(named.filter(|module| *module != own));
    }
    let mut broken = Vec::new();
    for (at, (module, uses)) in MODULES.iter().enumerate() {
        let Some(edges) = found.remove(*module) else {
            broken.push(format!("{module} is declared but has no file"));
            continue;
        };
        broken.extend(differences(&format!("{module} ->"), set(uses), edges));
        let above: BTreeSet<&str> = MODULES[..at].iter().map(|(module, _)| *module).collect();
        broken.extend(uses.iter().filter(|used| !above.contains(*used)).map(|used| format!("{module} stands above {used}")));
    }
    broken.extend(found.iter().map(|(module, edges)| format!("{module} is not declared; it names {edges:?}")));
    none("module dependencies", broken);
}

/// Statements of a file: string literals that begin as SQL does.
fn statements(source: &Source) -> impl Iterator<Item = &str> {
    const VERBS: [&str; 9] = ["select", "insert", "update", "delete", "with", "copy", "truncate", "lock", "merge"];
    source.product.iter().filter_map(Token::text).filter(|text| {
        let first = text.split_whitespace().next().unwrap_or_default().to_lowercase();
        VERBS.contains(&first.as_str())
    })
}

#[test]
fn every_table_has_one_owner() {
    let created: BTreeSet<String> = CREATED.iter().cloned().collect();
    assert!(created.len() > 20, "the migrations were not read");
    let mut broken = Vec::new();
    let mut owned = BTreeSet::new();
    for tables in TABLES {
        for table in tables.owns {
            if !owned.insert((*table).to_owned()) {
                broken.push(format!("{table} has two owners"));
            }
        }
    }
    broken.extend(differences("table", owned, created));
    none("table ownership", broken);
}

#[test]
fn modules_write_their_own_tables_and_read_declared_ones() {
    let is_table = |name: &str| CREATED.iter().any(|table| table == name);
    let mut found: BTreeMap<&str, Touched> = BTreeMap::new();
    for source in SOURCES.iter() {
        for statement in statements(source) {
            let Touched { reads, writes } = touched(statement, is_table);
            let all = found.entry(source.module()).or_default();
            all.reads.extend(reads);
            all.writes.extend(writes);
        }
    }
    found.retain(|_, touched| *touched != Touched::default());
    let mut broken = Vec::new();
    for tables in TABLES {
        let Touched { reads, writes } = found.remove(tables.module).unwrap_or_default();
        let owns = set(tables.owns);
        let foreign = |touched: BTreeSet<String>| touched.difference(&owns).cloned().collect::<BTreeSet<_>>();
        let (reads, writes) = (foreign(reads), foreign(writes));
        broken.extend(differences(&format!("{} reads", tables.module), set(tables.reads), reads));
        broken.extend(differences(&format!("{} writes", tables.module), set(tables.writes), writes));
    }
    broken.extend(found.iter().map(|(module, touched)| format!("{module} is not declared: {touched:?}")));
    none("access to tables", broken);
}

/// The name of the macro or function by which a file talks SQL, if the token at `at` is one.
fn sql_word(tokens: &[Token], at: usize) -> Option<(&str, bool)> {
    const MACROS: [&str; 6] = ["query", "query_as", "query_scalar", "query_file", "query_file_as", "query_file_scalar"];
    const RAW: [&str; 8] = [
        "query_with",
        "query_as_with",
        "query_scalar_with",
        "raw_sql",
        "QueryBuilder",
        "AssertSqlSafe",
        "copy_in_raw",
        "copy_out_raw",
    ];
    let word = tokens[at].word()?;
    if RAW.contains(&word) {
        return Some((word, false));
    }
    let checked = tokens.get(at + 1).is_some_and(|next| next.is_sign('!'));
    // `query` alone is also what people call a search; it talks SQL when it comes from sqlx.
    let from_sqlx = at >= 3 && tokens[at - 1].is_sign(':') && tokens[at - 3].is("sqlx");
    (MACROS.contains(&word) && (checked || from_sqlx || word != "query")).then_some((word, checked))
}

#[test]
fn sql_stands_in_stores() {
    let mut found = BTreeSet::new();
    for source in SOURCES.iter() {
        let store = source.path.ends_with("/store.rs") || source.path.contains("/store/") || source.module() == "db";
        let talks = (0..source.product.len()).any(|at| sql_word(&source.product, at).is_some());
        if talks && !store {
            found.insert(source.path.clone());
        }
    }
    none("SQL outside of stores", differences("SQL in", set(SQL_ELSEWHERE), found));
}

#[test]
fn statements_are_checked_by_the_compiler() {
    let mut found = BTreeSet::new();
    for source in SOURCES.iter() {
        let unchecked = |at: usize| sql_word(&source.product, at).is_some_and(|(_, checked)| !checked);
        if (0..source.product.len()).any(unchecked) {
            found.insert(source.path.clone());
        }
    }
    none("unchecked SQL", differences("unchecked SQL in", set(UNCHECKED_SQL), found));
}

/// `impl Action for …`: the action's name, and whether it is exempt from the audit trail.
fn actions(tokens: &[Token]) -> Vec<(String, bool)> {
    let constant = |from: usize, name: &str| {
        let at = (from..tokens.len()).find(|at| tokens[*at].is("const") && tokens[at + 1].is(name)).expect("an action has it");
        let end = (at..tokens.len()).find(|at| tokens[*at].is_sign(';')).expect("a constant ends");
        &tokens[at..end]
    };
    (0..tokens.len().saturating_sub(2))
        .filter(|at| tokens[*at].is("impl") && tokens[at + 1].is("Action") && tokens[at + 2].is("for"))
        .map(|at| {
            let name = constant(at, "NAME").iter().find_map(Token::text).expect("a name is a literal");
            (name.to_owned(), constant(at, "CLASS").iter().any(|token| token.is("Exempt")))
        })
        .collect()
}

#[test]
fn every_action_is_audited_or_on_the_list() {
    let all: Vec<(String, bool)> = SOURCES.iter().flat_map(|source| actions(&source.product)).collect();
    assert!(all.len() > 10, "the actions were not found");
    let mut broken = Vec::new();
    let mut names = BTreeSet::new();
    for (name, _) in &all {
        if !names.insert(name) {
            broken.push(format!("two actions are called {name}"));
        }
    }
    let exempt = all.iter().filter(|(_, exempt)| *exempt).map(|(name, _)| name.clone()).collect();
    broken.extend(differences("exempt action", set(EXEMPT_ACTIONS), exempt));
    none("audit classes", broken);
}

#[test]
fn nothing_unwraps() {
    let mut broken = Vec::new();
    for source in SOURCES.iter() {
        for pair in source.product.windows(2) {
            if pair[0].is_sign('.') && matches!(pair[1].word(), Some("unwrap" | "unwrap_err" | "unwrap_unchecked")) {
                broken.push(format!("{}:{}", source.path, pair[1].line));
            }
        }
    }
    none("say with expect() why it can't fail, or return the error", broken);
}

#[test]
fn files_stay_readable() {
    let long = SOURCES.iter().filter(|source| source.lines > LINES_MAX);
    none("too long", long.map(|source| format!("{} has {} lines", source.path, source.lines)).collect());
}

/// The words a name is made of: `JobQueue`, `job_queue` and `JOB_QUEUE` all hold "job".
fn parts(name: &str) -> Vec<String> {
    let mut out = vec![String::new()];
    let mut lower = false;
    for c in name.chars() {
        if !c.is_alphabetic() || (c.is_uppercase() && lower) {
            out.push(String::new());
        }
        if c.is_alphabetic() {
            out.last_mut().expect("there is one from the start").extend(c.to_lowercase());
        }
        lower = c.is_lowercase();
    }
    out
}

fn purged(name: &str) -> bool {
    parts(name).iter().any(|part| PURGED.contains(&part.as_str()))
}

/// Identifiers of a language that is not Rust: good enough to find a name, comments included.
fn names(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|name| !name.is_empty())
}

#[test]
fn purged_words_are_gone() {
    let mut broken = Vec::new();
    for source in SOURCES.iter() {
        for token in source.tokens.iter().filter(|token| token.word().is_some_and(purged)) {
            broken.push(format!("src/{}:{}", source.path, token.line));
        }
        if names(&source.path).any(purged) {
            broken.push(format!("src/{}: its name", source.path));
        }
    }
    let root = package().join("..");
    let elsewhere = [("server/migrations", "sql"), ("lib/messages", "json"), ("shared", "json")];
    for (dir, extension) in elsewhere {
        for file in files_below(&root.join(dir), &[extension]) {
            let text = fs::read_to_string(&file).unwrap();
            let held: BTreeSet<&str> = names(&text).filter(|name| purged(name)).collect();
            broken.extend(held.iter().map(|name| format!("{}: {name}", file.display())));
        }
    }
    for dir in ["app", "components", "lib"] {
        for file in files_below(&root.join(dir), &["ts", "tsx"]) {
            let text = fs::read_to_string(&file).unwrap();
            let held: BTreeSet<&str> = names(&text).filter(|name| purged(name)).collect();
            broken.extend(held.iter().map(|name| format!("{}: {name}", file.display())));
        }
    }
    none("words the product doesn't have", broken);
}

#[test]
fn foreign_keys_state_their_delete_rule() {
    let mut broken = Vec::new();
    for file in files_below(&package().join("migrations"), &["sql"]).iter().filter(|file| !file.ends_with("schema.sql")) {
        for (at, line) in fs::read_to_string(file).unwrap().lines().enumerate() {
            let code = line.split("--").next().unwrap_or_default();
            if code.contains("references") && code.contains('(') && !code.contains("referencing") && !code.contains("on delete") {
                broken.push(format!("{}:{}", display(file), at + 1));
            }
        }
    }
    none("a foreign key says on delete cascade, restrict or set null", broken);
}

fn display(file: &Path) -> String {
    file.strip_prefix(package()).unwrap_or(file).display().to_string()
}

/// The reader of the tree is itself held to examples: a rule that sees nothing would never fail.
mod reader {
    use super::*;

    #[test]
    fn tokens_tell_code_from_comments_and_text() {
        let code = r##"
            /* a /* nested */ comment */ fn x<'a>(c: char) -> &'a str { // unwrap()
                let _ = ('"', '\'', b"\"unwrap()", r#"say "query!" "#);
                "text"
            }
            #[cfg(test)]
            mod tests { fn y() { z.unwrap(); } }
            #[cfg(test)]
            use crate::never;
            use crate::{a::{b, c}, d};
        "##;
        let all = tokens(code);
        let words: Vec<&str> = all.iter().filter_map(Token::word).collect();
        assert!(words.contains(&"char") && words.contains(&"unwrap") && !words.contains(&"comment"));
        let texts: Vec<&str> = all.iter().filter_map(Token::text).collect();
        assert_eq!(texts, ["\\\"unwrap()", "say \"query!\" ", "text"]);
        assert_eq!(all.last().unwrap().line, 10);
    }

    #[test]
    fn tests_are_no_product() {
        let dir = tempfile::tempdir().unwrap();
        let code = "fn a() {}\n#[cfg(test)]\nmod tests { fn y() { z.unwrap(); } }\nuse crate::{b::{c, d}, e};\nfn f() { crate::g::h(); }";
        fs::write(dir.path().join("one.rs"), code).unwrap();
        fs::write(dir.path().join("one_tests.rs"), "fn a() {}").unwrap();
        let read = sources(dir.path());
        assert!(!read[0].product.iter().any(|token| token.is("unwrap")));
        let named: Vec<String> = crate_modules(&read[0].product).into_iter().map(|(module, _)| module).collect();
        assert_eq!(named, ["b", "e", "g"]);
        assert!(read[1].product.is_empty());
    }

    #[test]
    fn statements_tell_reads_from_writes() {
        let is_table = |name: &str| ["a", "b", "c", "d"].contains(&name);
        for (statement, reads, writes) in [
            ("select x, d from a, b y join c on c.d = y.d where d in (select 1)", "a b c", ""),
            ("insert into a (d) select b.x from b on conflict (c) do update set c = 1, d = 2", "b", "a"),
            ("with c as (update a set b = 1 from d where x = 'from b') delete from b using c", "c d", "a b"),
            ("select extract(epoch from x), (select 1 from a) from lateral (select 2 from b) q, c", "a b c", ""),
            ("select 1 from (b join lateral (select 2 from a) x on true), c where d = 1", "a b c", ""),
            ("copy a (b) from stdin", "", "a"),
            ("select 1 from a where x is distinct from y for update", "a", ""),
        ] {
            let found = touched(statement, is_table);
            let words = |set: &BTreeSet<String>| set.iter().cloned().collect::<Vec<_>>().join(" ");
            assert_eq!((words(&found.reads).as_str(), words(&found.writes).as_str()), (reads, writes), "{statement}");
        }
    }

    #[test]
    fn names_are_split_into_words() {
        for name in ["Job", "job_queue", "JobQueue", "MAX_JOBS", "queueJobs", "Finance"] {
            assert!(purged(name), "{name}");
        }
        for name in ["jobless", "displacement", "refinanced", "object", "JOBS2BE".trim_end_matches("S2BE")] {
            assert_eq!(purged(name), name == "JOB", "{name}");
        }
    }

    #[test]
    fn unchecked_statements_are_seen() {
        let flag = |code: &str| {
            let tokens = tokens(code);
            (0..tokens.len()).filter_map(|at| sql_word(&tokens, at).map(|(_, checked)| checked)).collect::<Vec<_>>()
        };
        assert_eq!(flag("sqlx::query!(\"select 1\")"), [true]);
        assert_eq!(flag("sqlx::query(&text)"), [false]);
        assert_eq!(flag("query_as::<_, T>(text)"), [false]);
        assert_eq!(flag("let query = query.q;"), Vec::<bool>::new());
    }

    #[test]
    fn actions_are_read() {
        let code = "impl Action for A { const NAME: &'static str = \"a.b\"; const CLASS: AuditClass = AuditClass::Exempt; }
            impl Action for B { const NAME: &'static str = \"b.c\"; const CLASS: AuditClass = AuditClass::Record; }";
        assert_eq!(actions(&tokens(code)), [("a.b".to_owned(), true), ("b.c".to_owned(), false)]);
        assert!(matches!(tokens("x").first().map(|token| &token.kind), Some(Kind::Word(_))));
    }
}
