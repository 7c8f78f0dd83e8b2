//! What is wrong, or only odd, in a file: row by row, in the words of the person who has to mend it.

use schemars::JsonSchema;
use serde::Serialize;

/// More than this helps nobody; the total is still counted.
pub const MAX_LISTED: usize = 200;

/// One finding. `row` counts as a spreadsheet does: the header is row 1. `field` is the column's title,
/// empty when the finding is about the whole file or row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Issue {
    pub row: u32,
    pub field: String,
    pub code: String,
    pub message: String,
}

/// Findings in the order they were met, at most [`MAX_LISTED`] of them kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Issues {
    pub listed: Vec<Issue>,
    pub total: usize,
}

impl Issues {
    pub fn push(&mut self, row: u32, field: &str, code: &str, message: impl Into<String>) {
        self.total += 1;
        if self.listed.len() < MAX_LISTED {
            self.listed.push(Issue { row, field: field.to_owned(), code: code.to_owned(), message: message.into() });
        }
    }

    pub fn is_empty(&self) -> bool {
        self.total == 0
    }
}

/// The file is refused whole. `errors` lists the first [`MAX_LISTED`] of `total`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{total} error(s) in the file; the first: row {}, {}: {}", .errors[0].row, .errors[0].field, .errors[0].message)]
pub struct Refused {
    pub errors: Vec<Issue>,
    pub total: usize,
}

impl Refused {
    /// The parser itself gave up.
    pub(in crate::interop) fn unreadable() -> Self {
        Self::one(1, "", "unreadable", "the file could not be read")
    }

    pub(super) fn one(row: u32, field: &str, code: &str, message: impl Into<String>) -> Self {
        let mut issues = Issues::default();
        issues.push(row, field, code, message);
        issues.into()
    }
}

impl From<Issues> for Refused {
    fn from(mut issues: Issues) -> Self {
        if issues.is_empty() {
            issues.push(1, "", "unreadable", "the file could not be read");
        }
        Self { errors: issues.listed, total: issues.total }
    }
}
