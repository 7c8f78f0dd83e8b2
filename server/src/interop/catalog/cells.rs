//! Reading one cell: text decoded, bounds checked, findings noted.

use csv::ByteRecord;

use super::columns::{Column, Columns};
use super::issues::Issues;

/// Cells of one row, and where its findings go.
pub struct Cells<'a> {
    pub row: u32,
    pub record: &'a ByteRecord,
    pub columns: &'a Columns,
    pub errors: &'a mut Issues,
    pub warnings: &'a mut Issues,
}

/// How many characters a cell may and must have.
#[derive(Clone, Copy)]
pub struct Length {
    min: usize,
    max: usize,
}

pub const fn up_to(max: usize) -> Length {
    Length { min: 0, max }
}

pub const fn required(max: usize) -> Length {
    Length { min: 1, max }
}

impl Cells<'_> {
    pub fn error<T>(&mut self, column: Column, code: &str, message: impl Into<String>) -> Option<T> {
        self.errors.push(self.row, column.title(), code, message);
        None
    }

    pub fn warn(&mut self, column: Column, code: &str, message: impl Into<String>) {
        self.warnings.push(self.row, column.title(), code, message);
    }

    /// The cell as text: entities decoded once, surrounding blanks dropped, bounds checked.
    pub fn text(&mut self, column: Column, length: Length) -> Option<String> {
        let bytes = self.record.get(self.columns.index(column)).unwrap_or_default();
        let Ok(raw) = std::str::from_utf8(bytes) else {
            return self.error(column, "not-utf8", "this cell is not UTF-8 text");
        };
        let decoded = html_escape::decode_html_entities(raw);
        let text = decoded.trim();
        let chars = text.chars().count();
        if chars < length.min {
            return self.error(column, "required", "this cell may not be empty");
        }
        if chars > length.max {
            return self.error(column, "too-long", format!("{chars} characters, at most {} fit", length.max));
        }
        Some(text.to_owned())
    }

    /// Text of one line.
    pub fn line(&mut self, column: Column, length: Length) -> Option<String> {
        let text = self.text(column, length)?;
        if text.chars().any(char::is_control) {
            return self.error(column, "control-character", "control characters and line breaks do not belong here");
        }
        Some(text)
    }

    /// Text that may have paragraphs.
    pub fn prose(&mut self, column: Column, max: usize) -> Option<String> {
        let text = self.text(column, up_to(max))?.replace("\r\n", "\n");
        if text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
            return self.error(column, "control-character", "control characters do not belong here");
        }
        Some(text)
    }

    pub fn form(&mut self, column: Column, max: usize, fits: fn(&str) -> bool, expected: &str) -> Option<String> {
        let text = self.line(column, required(max))?;
        if !fits(&text) {
            return self.error(column, "bad-format", format!("{text:?} is not of the form: {expected}"));
        }
        Some(text)
    }
}
