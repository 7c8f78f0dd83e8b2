//! Which tables a statement reads and writes.

use std::collections::BTreeSet;

#[derive(Debug, Default, PartialEq, Eq)]
pub struct Touched {
    pub reads: BTreeSet<String>,
    pub writes: BTreeSet<String>,
}

/// Words and signs; strings and quoted names are dropped, so that a word in a literal is no table.
fn words(sql: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut chars = sql.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\'' | '"' => {
                let mut content = String::new();
                for inner in chars.by_ref().take_while(|inner| *inner != c) {
                    content.push(inner);
                }
                out.push("''".to_owned());
            }
            c if c.is_alphanumeric() || c == '_' => {
                let mut word = c.to_lowercase().to_string();
                while let Some(next) = chars.next_if(|next| next.is_alphanumeric() || *next == '_') {
                    word.extend(next.to_lowercase());
                }
                out.push(word);
            }
            c if c.is_whitespace() => {}
            c => out.push(c.to_string()),
        }
    }
    out
}

/// What one pair of parentheses (or the statement) is in the middle of.
#[derive(Clone, Copy, Default)]
struct Level {
    /// A comma here leads to another table.
    in_from: bool,
    /// The next name is a table's.
    expects: bool,
}

pub fn touched(sql: &str, is_table: impl Fn(&str) -> bool) -> Touched {
    let words = words(&sql.replace("\\\"", "\""));
    let mut found = Touched::default();
    let mut levels = vec![Level::default()];
    let before = |at: usize, back: usize| at.checked_sub(back).map_or("", |at| words[at].as_str());
    for (at, word) in words.iter().enumerate() {
        let level = levels.last_mut().expect("the statement itself is a level");
        match word.as_str() {
            // `join (a join b on …)` goes on in there; a subquery begins with a word that starts afresh.
            "(" => {
                let inner = *level;
                levels.push(if inner.expects { inner } else { Level::default() });
            }
            ")" => {
                if levels.len() > 1 {
                    levels.pop();
                }
                if let Some(level) = levels.last_mut() {
                    level.expects = false;
                }
            }
            "from" | "join" | "using" => *level = Level { in_from: true, expects: before(at, 1) != "delete" },
            "," if level.in_from => level.expects = true,
            "lateral" | "only" | "platform" | "." => {}
            "where" | "order" | "group" | "having" | "limit" | "set" | "returning" | "values" | "union" | "select" | "for" => {
                *level = Level::default();
            }
            name => {
                let expected = std::mem::take(&mut level.expects);
                if !is_table(name) {
                    continue;
                }
                let from = before(at, 1) == "." && before(at, 2) == "platform";
                let back = if from { 2 } else { 0 };
                let writes = matches!(
                    (before(at, back + 2), before(at, back + 1)),
                    ("insert" | "merge", "into") | ("delete", "from") | ("lock" | "truncate", "table") | (_, "copy" | "truncate")
                ) || before(at, back + 1) == "update";
                if writes {
                    found.writes.insert(name.to_owned());
                } else if expected {
                    found.reads.insert(name.to_owned());
                }
            }
        }
    }
    found
}

/// The tables that migrations create.
pub fn created_tables(migration: &str) -> Vec<String> {
    let code: String = migration.lines().map(|line| line.split("--").next().unwrap_or_default()).collect::<Vec<_>>().join("\n");
    let words = words(&code);
    words.windows(3).filter(|w| w[0] == "create" && w[1] == "table").map(|w| w[2].clone()).collect()
}
