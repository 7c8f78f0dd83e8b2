//! Rust source as tokens: enough of the language to tell code from comments, strings and tests.

use std::{
    fs,
    path::{Path, PathBuf},
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    Word(String),
    /// What stands between the quotes, escapes as written.
    Text(String),
    Sign(char),
}

#[derive(Clone, Debug)]
pub struct Token {
    pub kind: Kind,
    pub line: usize,
}

impl Token {
    pub fn is(&self, word: &str) -> bool {
        matches!(&self.kind, Kind::Word(found) if found == word)
    }

    pub fn is_sign(&self, sign: char) -> bool {
        self.kind == Kind::Sign(sign)
    }

    pub fn word(&self) -> Option<&str> {
        match &self.kind {
            Kind::Word(word) => Some(word),
            _ => None,
        }
    }

    pub fn text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Text(text) => Some(text),
            _ => None,
        }
    }
}

/// One file of the package.
pub struct Source {
    /// Below `src`: `users/store.rs`.
    pub path: String,
    pub lines: usize,
    /// Everything.
    pub tokens: Vec<Token>,
    /// Without tests.
    pub product: Vec<Token>,
}

impl Source {
    /// The module at the root of the crate that the file belongs to.
    pub fn module(&self) -> &str {
        self.path.split('/').next().unwrap_or_default().trim_end_matches(".rs")
    }

    /// The module, or its part that speaks HTTP: handlers stand above the shared state, which stands above the rest.
    pub fn node(&self) -> String {
        let mut parts = self.path.split('/').skip(1);
        let http = parts.any(|part| matches!(part.trim_end_matches(".rs"), "handlers" | "front_door"));
        if http { format!("{}/http", self.module()) } else { self.module().to_owned() }
    }
}

pub fn files_below(dir: &Path, extensions: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![dir.to_owned()];
    while let Some(dir) = open.pop() {
        let Ok(entries) = fs::read_dir(&dir) else { continue };
        for path in entries.map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|end| extensions.iter().any(|wanted| end == *wanted)) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// Every file below `dir`. Files of tests have no product tokens.
pub fn sources(dir: &Path) -> Vec<Source> {
    files_below(dir, &["rs"])
        .into_iter()
        .map(|file| {
            let text = fs::read_to_string(&file).unwrap();
            let path = file.strip_prefix(dir).unwrap().to_str().unwrap().replace('\\', "/");
            let tokens = tokens(&text);
            let tests = path.split('/').any(|part| {
                let stem = part.trim_end_matches(".rs");
                stem == "tests" || stem == "fixture" || stem.ends_with("_tests")
            });
            let product = if tests { Vec::new() } else { without_tests(&tokens) };
            Source { path, lines: text.lines().count(), tokens, product }
        })
        .collect()
}

pub fn tokens(text: &str) -> Vec<Token> {
    let chars: Vec<char> = text.chars().collect();
    let mut out = Vec::new();
    let (mut at, mut line) = (0, 1);
    while at < chars.len() {
        let start = at;
        let kind = match chars[at] {
            '/' if chars.get(at + 1) == Some(&'/') => {
                at = end_of_line(&chars, at);
                None
            }
            '/' if chars.get(at + 1) == Some(&'*') => {
                at = end_of_block(&chars, at);
                None
            }
            '"' => Some(quoted(&chars, &mut at)),
            '\'' => {
                at = end_of_tick(&chars, at);
                None
            }
            'r' | 'b' if raw_string(&chars, at).is_some() => {
                let (from, to, end) = raw_string(&chars, at).unwrap();
                at = end;
                Some(Kind::Text(chars[from..to].iter().collect()))
            }
            c if c.is_alphanumeric() || c == '_' => {
                while at < chars.len() && (chars[at].is_alphanumeric() || chars[at] == '_') {
                    at += 1;
                }
                Some(Kind::Word(chars[start..at].iter().collect()))
            }
            c => {
                at += 1;
                (!c.is_whitespace()).then_some(Kind::Sign(c))
            }
        };
        if let Some(kind) = kind {
            out.push(Token { kind, line });
        }
        line += chars[start..at].iter().filter(|c| **c == '\n').count();
    }
    out
}

fn end_of_line(chars: &[char], at: usize) -> usize {
    chars[at..].iter().position(|c| *c == '\n').map_or(chars.len(), |length| at + length)
}

fn end_of_block(chars: &[char], mut at: usize) -> usize {
    let mut depth = 0;
    while at < chars.len() {
        match (chars[at], chars.get(at + 1)) {
            ('/', Some('*')) => depth += 1,
            ('*', Some('/')) => depth -= 1,
            _ => {
                at += 1;
                continue;
            }
        }
        at += 2;
        if depth == 0 {
            break;
        }
    }
    at
}

fn quoted(chars: &[char], at: &mut usize) -> Kind {
    let from = *at + 1;
    *at = from;
    while *at < chars.len() && chars[*at] != '"' {
        *at += if chars[*at] == '\\' { 2 } else { 1 };
    }
    let to = (*at).min(chars.len());
    *at = (to + 1).min(chars.len());
    Kind::Text(chars[from..to].iter().collect())
}

/// Past a character, or past the tick of a lifetime.
fn end_of_tick(chars: &[char], at: usize) -> usize {
    match (chars.get(at + 1), chars.get(at + 2)) {
        (Some('\\'), _) => {
            let close = chars[at + 3..].iter().position(|c| *c == '\'').map_or(chars.len(), |length| at + 4 + length);
            close.min(chars.len())
        }
        (Some(_), Some('\'')) => at + 3,
        _ => at + 1,
    }
}

/// `r"…"`, `r#"…"#`, `br"…"`: where its content starts and ends, and where it ends itself.
fn raw_string(chars: &[char], at: usize) -> Option<(usize, usize, usize)> {
    if at > 0 && (chars[at - 1].is_alphanumeric() || chars[at - 1] == '_') {
        return None;
    }
    let mut open = at + usize::from(chars[at] == 'b');
    if chars.get(open) != Some(&'r') {
        return None;
    }
    open += 1;
    let hashes = chars[open..].iter().take_while(|c| **c == '#').count();
    let from = open + hashes + 1;
    if chars.get(from - 1) != Some(&'"') {
        return None;
    }
    let closes = |to: usize| chars[to] == '"' && chars[to + 1..].iter().take(hashes).filter(|c| **c == '#').count() == hashes;
    let to = (from..chars.len()).find(|to| closes(*to))?;
    Some((from, to, to + 1 + hashes))
}

/// Leaves out every item behind `#[cfg(test)]`.
fn without_tests(tokens: &[Token]) -> Vec<Token> {
    let mut out = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let marked = tokens[at].is_sign('#')
            && tokens.get(at + 2).is_some_and(|t| t.is("cfg"))
            && tokens.get(at + 4).is_some_and(|t| t.is("test"))
            && tokens.get(at + 5).is_some_and(|t| t.is_sign(')'));
        if marked {
            at = end_of_item(tokens, at);
        } else {
            out.push(tokens[at].clone());
            at += 1;
        }
    }
    out
}

/// Past the next `;` or closing brace that belongs to no inner pair of brackets.
fn end_of_item(tokens: &[Token], mut at: usize) -> usize {
    let mut depth = 0usize;
    while at < tokens.len() {
        match tokens[at].kind {
            Kind::Sign('(' | '[' | '{') => depth += 1,
            Kind::Sign(')' | ']') => depth -= 1,
            Kind::Sign('}') => {
                depth -= 1;
                if depth == 0 {
                    return at + 1;
                }
            }
            Kind::Sign(';') if depth == 0 => return at + 1,
            _ => {}
        }
        at += 1;
    }
    at
}

/// The modules that `crate::…` names, with the line of each.
pub fn crate_modules(tokens: &[Token]) -> Vec<(String, usize)> {
    let mut found = Vec::new();
    for at in 0..tokens.len() {
        let path = tokens[at].is("crate")
            && tokens.get(at + 1).is_some_and(|t| t.is_sign(':'))
            && tokens.get(at + 2).is_some_and(|t| t.is_sign(':'));
        if !path {
            continue;
        }
        match tokens.get(at + 3) {
            Some(Token { kind: Kind::Word(module), line }) => found.push((module.clone(), *line)),
            Some(open) if open.is_sign('{') => found.extend(group(&tokens[at + 4..])),
            _ => {}
        }
    }
    found
}

/// The first word of each part of `{a, b::{c, d}, …}`, whose opening brace has been read.
fn group(tokens: &[Token]) -> Vec<(String, usize)> {
    let mut found = Vec::new();
    let (mut depth, mut first) = (1, true);
    for token in tokens {
        match &token.kind {
            Kind::Sign('{') => depth += 1,
            Kind::Sign('}') => depth -= 1,
            Kind::Sign(',') if depth == 1 => first = true,
            Kind::Word(word) if first && depth == 1 => {
                found.push((word.clone(), token.line));
                first = false;
            }
            _ => {}
        }
        if depth == 0 {
            break;
        }
    }
    found
}
