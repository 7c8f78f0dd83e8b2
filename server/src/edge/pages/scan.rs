//! Finds what the edge must know about an HTML document: its inline scripts and where first data goes.
//!
//! It is no HTML parser. It knows that markup ends inside `<script>` and comments, which is all that can
//! mislead a search in the output of one known renderer; anything it can't follow is an error, never a guess.

use std::ops::Range;

/// What a document shows.
#[derive(Debug, PartialEq, Eq)]
pub struct Scan {
    /// The exact bytes between the tags of every script that runs and has no `src`.
    pub inline_scripts: Vec<Range<usize>>,
    /// Right before `</body>`.
    pub data_at: Option<usize>,
}

#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ScanError {
    #[error("the tag at byte {0} does not end")]
    OpenTag(usize),
    #[error("the script at byte {0} does not end")]
    OpenScript(usize),
    #[error("the comment at byte {0} does not end")]
    OpenComment(usize),
    #[error("the tag at byte {0} carries an inline event handler, which the content security policy forbids")]
    EventHandler(usize),
}

/// Reads `html` once.
pub fn scan(html: &str) -> Result<Scan, ScanError> {
    let mut found = Scan { inline_scripts: Vec::new(), data_at: None };
    let mut at = 0;
    while let Some(next) = memchr::memchr(b'<', &html.as_bytes()[at..]) {
        let start = at + next;
        let rest = &html[start..];
        if rest.starts_with("<!--") {
            let end = rest.find("-->").ok_or(ScanError::OpenComment(start))?;
            at = start + end + 3;
            continue;
        }
        if starts_with_tag(rest, "</body") {
            found.data_at = Some(start);
        }
        let is_tag = rest[1..].starts_with(|c: char| c.is_ascii_alphabetic() || c == '/' || c == '!');
        if !is_tag {
            at = start + 1;
            continue;
        }
        let body = start + tag_len(rest).ok_or(ScanError::OpenTag(start))?;
        let tag = &html[start..body];
        if has_event_handler(tag) {
            return Err(ScanError::EventHandler(start));
        }
        at = body;
        if starts_with_tag(rest, "<script") {
            let end = html[body..].find("</script").ok_or(ScanError::OpenScript(start))?;
            if runs_inline(tag) {
                found.inline_scripts.push(body..body + end);
            }
            at = body + end;
        }
    }
    Ok(found)
}

fn starts_with_tag(text: &str, tag: &str) -> bool {
    text.get(..tag.len()).is_some_and(|head| head.eq_ignore_ascii_case(tag))
        && text[tag.len()..].starts_with([' ', '>', '/', '\n', '\t'])
}

/// The length of the tag that `text` starts with; `>` inside quotes does not end it.
fn tag_len(text: &str) -> Option<usize> {
    let mut quote = None;
    for (at, byte) in text.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return Some(at + 1),
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), byte) if open == byte => quote = None,
            _ => {}
        }
    }
    None
}

fn runs_inline(tag: &str) -> bool {
    let mut data_block = false;
    let mut external = false;
    for (name, value) in attributes(tag) {
        external |= name.eq_ignore_ascii_case("src");
        data_block |= name.eq_ignore_ascii_case("type")
            && !matches!(
                value.to_ascii_lowercase().as_str(),
                "" | "module" | "text/javascript" | "importmap" | "speculationrules"
            );
    }
    !external && !data_block
}

fn has_event_handler(tag: &str) -> bool {
    attributes(tag).any(|(name, _)| name.len() > 2 && name.is_char_boundary(2) && name[..2].eq_ignore_ascii_case("on"))
}

/// Name and raw value of each attribute of a tag.
fn attributes(tag: &str) -> impl Iterator<Item = (&str, &str)> {
    let inner = tag.trim_start_matches('<').trim_end_matches('>');
    let mut rest = inner.find(|c: char| c.is_ascii_whitespace()).map_or("", |at| &inner[at..]);
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
        let end = rest.find(|c: char| c.is_ascii_whitespace() || c == '=').unwrap_or(rest.len());
        if rest.is_empty() || end == 0 {
            return None;
        }
        let name = &rest[..end];
        rest = rest[end..].trim_start();
        let Some(after) = rest.strip_prefix('=') else {
            return Some((name, ""));
        };
        let after = after.trim_start();
        let (value, left) = match after.bytes().next() {
            Some(quote @ (b'"' | b'\'')) => after[1..].split_once(char::from(quote)).unwrap_or((&after[1..], "")),
            _ => after.split_at(after.find(|c: char| c.is_ascii_whitespace()).unwrap_or(after.len())),
        };
        rest = left;
        Some((name, value))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inline(html: &str) -> Vec<&str> {
        let found = scan(html).expect("scans");
        found.inline_scripts.into_iter().map(|range| &html[range]).collect()
    }

    #[test]
    fn finds_scripts_that_run_and_only_those() {
        let html = "<!DOCTYPE html><head><script>a()</script><script src=\"/x.js\" async=\"\"></script>\
            <script type=\"application/json\">{\"b\":1}</script><script id=\"_R_\">c(\"<b>\")</script>\
            <script type=\"module\">d()</script><!-- <script>no()</script> --></head>";
        assert_eq!(inline(html), ["a()", "c(\"<b>\")", "d()"]);
    }

    #[test]
    fn an_attribute_that_looks_like_src_is_not_src() {
        assert_eq!(inline("<script data-src=\"x\" title=\" src=\">a()</script>"), ["a()"]);
    }

    #[test]
    fn data_goes_before_the_real_end_of_the_body() {
        let html = "<body><script>\"</body>\"</script><p title=\"</body>\">x</p></body></html>";
        assert_eq!(scan(html).expect("scans").data_at, Some(html.rfind("</body>").expect("there")));
    }

    #[test]
    fn what_it_cannot_follow_is_an_error() {
        assert_eq!(scan("<p"), Err(ScanError::OpenTag(0)));
        assert_eq!(scan("<script>x"), Err(ScanError::OpenScript(0)));
        assert_eq!(scan("<!-- x"), Err(ScanError::OpenComment(0)));
        assert_eq!(scan("a<button onclick=\"x()\">"), Err(ScanError::EventHandler(1)));
    }

    #[test]
    fn text_with_a_lone_angle_is_text() {
        assert_eq!(scan("1 < 2 <3").expect("scans").inline_scripts, []);
    }
}
