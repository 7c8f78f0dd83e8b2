//! What an import did, or in a dry run would do.

use schemars::JsonSchema;
use serde::Serialize;

use super::diff::Diff;
use super::issues::Issue;
use super::model::Catalog;

/// Changes an answer lists; the audit trail keeps all of them.
const MAX_LISTED: usize = 200;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ChangeKind {
    Term,
    PartOfTerm,
    Department,
    Course,
    Room,
    Instructor,
    Section,
}

impl ChangeKind {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Term => "term",
            Self::PartOfTerm => "part-of-term",
            Self::Department => "department",
            Self::Course => "course",
            Self::Room => "room",
            Self::Instructor => "instructor",
            Self::Section => "section",
        }
    }
}

/// One field that changes, or a new thing: then `field` is null, and `after` says what it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Change {
    pub kind: ChangeKind,
    /// "CS 301", "Main Hall 101", "CS|Fisher, M", a CRN
    pub key: String,
    pub field: Option<String>,
    pub before: Option<String>,
    pub after: Option<String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "ImportCounts")]
pub struct Counts {
    pub created: usize,
    pub updated: usize,
    pub unchanged: usize,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ImportReport {
    pub dry_run: bool,
    /// Names this comparison of this file: whoever applies what was shown sends it along.
    pub digest: String,
    pub term_code: String,
    /// Data rows of the file.
    pub rows: usize,
    /// Rows that repeat an earlier one exactly.
    pub duplicate_rows: usize,
    pub departments: Counts,
    pub courses: Counts,
    pub rooms: Counts,
    pub instructors: Counts,
    pub sections: Counts,
    /// Sections of the term that the file does not name; they stay as they are.
    pub absent_sections: usize,
    /// The first changes.
    pub changes: Vec<Change>,
    pub changes_total: usize,
    /// The first oddities of the file, and what was made of them.
    pub warnings: Vec<Issue>,
    pub warnings_total: usize,
}

impl ImportReport {
    pub fn new(catalog: &Catalog, diff: &Diff, digest: &str, dry_run: bool) -> Self {
        let warnings = || catalog.warnings.listed.iter().chain(&diff.warnings.listed);
        Self {
            dry_run,
            digest: digest.to_owned(),
            term_code: catalog.term_code.clone(),
            rows: catalog.rows,
            duplicate_rows: catalog.duplicate_rows,
            departments: diff.counts.departments,
            courses: diff.counts.courses,
            rooms: diff.counts.rooms,
            instructors: diff.counts.instructors,
            sections: diff.counts.sections,
            absent_sections: diff.absent_sections,
            changes: diff.changes.iter().take(MAX_LISTED).cloned().collect(),
            changes_total: diff.changes.len(),
            warnings: warnings().take(MAX_LISTED).cloned().collect(),
            warnings_total: catalog.warnings.total + diff.warnings.total,
        }
    }
}
