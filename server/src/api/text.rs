//! Patterns that Rust and JavaScript read the same, and the ones most request fields share.
//!
//! Strings are stored as typed, so a pattern is where NUL and other control characters are refused. A pattern
//! uses only what both regex dialects agree on: literals, classes without `\d \w \s`, groups, counted
//! repetition, `^` at the start and `$` at the end; no `.`, flags, look-around or back-references. `lint`
//! enforces this for every request type.

use std::sync::OnceLock;

use garde::rules::{AsStr, pattern::Matcher};
use regex::Regex;

use crate::db::ids;

/// What somebody typed to search for; `None` if that is nothing.
pub fn typed(q: Option<&str>) -> Option<&str> {
    q.map(str::trim).filter(|text| !text.is_empty())
}

/// A named pattern for `#[garde(pattern(text::LINE))]`; compiled on first use, carried into the contract.
pub struct Pattern {
    source: &'static str,
    compiled: OnceLock<Regex>,
}

impl Pattern {
    pub const fn new(source: &'static str) -> Self {
        Self { source, compiled: OnceLock::new() }
    }

    pub fn matches(&self, value: &str) -> bool {
        self.compiled.get_or_init(|| Regex::new(self.source).expect("patterns are constants that tests compile")).is_match(value)
    }

    pub const fn source(&self) -> &'static str {
        self.source
    }
}

impl AsStr for Pattern {
    fn as_str(&self) -> &str {
        self.source
    }
}

impl Matcher for Pattern {
    fn is_match(&self, haystack: &str) -> bool {
        self.matches(haystack)
    }
}

impl std::fmt::Display for Pattern {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.source)
    }
}

/// One line: anything but control characters. For search boxes and passwords.
pub static LINE: Pattern = Pattern::new(r"^[^\x00-\x1f\x7f]*$");

/// One line that neither starts nor ends with a blank. For names and titles, which must say something.
pub static NAME: Pattern = Pattern::new(r"^[^\x00-\x20\x7f\xa0]([^\x00-\x1f\x7f]*[^\x00-\x20\x7f\xa0])?$");

/// Several lines: tabs and line ends besides what `LINE` allows. For descriptions.
pub static TEXT: Pattern = Pattern::new(r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$");

/// An e-mail address as far as its form can be known: something, one `@`, something; no blanks.
pub static EMAIL: Pattern = Pattern::new(r"^[^\x00-\x20\x7f\xa0@]+@[^\x00-\x20\x7f\xa0@]+$");

/// A UUIDv7 in its one canonical form.
pub static UUID_V7: Pattern = Pattern::new(ids::FORM);

/// A calendar date of the years 1900 to 2199; which days a month has is checked beside it.
pub static DATE: Pattern = Pattern::new(r"^(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$");

/// A civil time of day, to the minute.
pub static TIME: Pattern = Pattern::new(r"^([01][0-9]|2[0-3]):[0-5][0-9]$");
