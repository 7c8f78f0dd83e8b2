//! Rows in the text format of PostgreSQL's COPY.

use std::fmt::{Display, Write};

/// Writes the columns of one row, in order.
pub struct CopyRow<'a> {
    out: &'a mut String,
    first: bool,
}

impl<'a> CopyRow<'a> {
    pub(super) fn new(out: &'a mut String) -> Self {
        Self { out, first: true }
    }

    fn separate(&mut self) {
        if !std::mem::take(&mut self.first) {
            self.out.push('\t');
        }
    }

    /// Anything whose text has no tab, line break or backslash: ids, numbers, dates, times.
    pub fn plain(&mut self, value: impl Display) -> &mut Self {
        self.separate();
        write!(self.out, "{value}").expect("writing to memory");
        self
    }

    pub fn text(&mut self, value: &str) -> &mut Self {
        self.separate();
        for c in value.chars() {
            match c {
                '\\' => self.out.push_str("\\\\"),
                '\t' => self.out.push_str("\\t"),
                '\n' => self.out.push_str("\\n"),
                '\r' => self.out.push_str("\\r"),
                c => self.out.push(c),
            }
        }
        self
    }

    pub fn optional(&mut self, value: Option<impl Display>) -> &mut Self {
        match value {
            Some(value) => self.plain(value),
            None => self.plain("\\N"),
        }
    }

    pub(super) fn end(self) {
        self.out.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::CopyRow;

    #[test]
    fn text_is_escaped() {
        let mut out = String::new();
        let mut row = CopyRow::new(&mut out);
        row.plain(7).text("a\tb\\N\nc\r").optional(None::<i32>).optional(Some(3));
        row.end();
        assert_eq!(out, "7\ta\\tb\\\\N\\nc\\r\t\\N\t3\n");
    }
}
