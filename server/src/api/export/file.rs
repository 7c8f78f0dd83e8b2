//! How rows become the bytes of a file.

use std::io::{self, Read, Seek};

use chrono::{Datelike, NaiveDateTime, Timelike};
use chrono_tz::Tz;
use rust_xlsxwriter::{ExcelDateTime, Format as Look, Workbook, XlsxError};

use super::{Cell, Format};

const CHUNK_BYTES: usize = 64 * 1024;

pub(super) struct Sheet {
    pub columns: &'static [&'static str],
    pub zone: Tz,
}

/// A file being written. Rows go in; bytes come out at once (CSV) or at the end, from a file without a name on disk (XLSX).
pub(super) struct Writer {
    zone: Tz,
    width: usize,
    kind: Kind,
}

enum Kind {
    Csv { head: Vec<u8> },
    Xlsx(Box<Xlsx>),
}

struct Xlsx {
    workbook: Workbook,
    row: u32,
    date: Look,
    instant: Look,
}

impl Writer {
    pub fn new(format: Format, sheet: &Sheet) -> io::Result<Self> {
        let kind = match format {
            Format::Csv => Kind::Csv { head: csv_row(sheet.columns.iter().map(|name| (*name).to_owned()))? },
            Format::Xlsx => Kind::Xlsx(Box::new(Xlsx::new(sheet).map_err(io::Error::other)?)),
        };
        Ok(Self { zone: sheet.zone, width: sheet.columns.len(), kind })
    }

    /// The bytes that are ready.
    pub fn rows(&mut self, rows: &[Vec<Cell>]) -> io::Result<Vec<u8>> {
        match &mut self.kind {
            Kind::Csv { head } => {
                let mut bytes = std::mem::take(head);
                for row in rows {
                    bytes.extend(csv_row(row.iter().map(|cell| csv_text(cell, self.zone)))?);
                }
                Ok(bytes)
            }
            Kind::Xlsx(xlsx) => {
                for row in rows {
                    xlsx.add(row, self.zone).map_err(io::Error::other)?;
                }
                Ok(Vec::new())
            }
        }
    }

    /// A last row in words.
    pub fn note(&mut self, text: &str) -> io::Result<()> {
        let mut row = vec![Cell::Empty; self.width];
        row[0] = Cell::from(text);
        let bytes = self.rows(&[row])?;
        if let Kind::Csv { head } = &mut self.kind {
            *head = bytes;
        }
        Ok(())
    }

    pub fn finish(self, mut send: impl FnMut(Vec<u8>) -> io::Result<()>) -> io::Result<()> {
        match self.kind {
            Kind::Csv { head } if head.is_empty() => Ok(()),
            Kind::Csv { head } => send(head),
            Kind::Xlsx(mut xlsx) => {
                let mut file = tempfile::tempfile()?;
                xlsx.workbook.save_to_writer(&mut file).map_err(io::Error::other)?;
                file.rewind()?;
                loop {
                    let mut chunk = Vec::with_capacity(CHUNK_BYTES);
                    if file.by_ref().take(CHUNK_BYTES as u64).read_to_end(&mut chunk)? == 0 {
                        return Ok(());
                    }
                    send(chunk)?;
                }
            }
        }
    }
}

impl Xlsx {
    fn new(sheet: &Sheet) -> Result<Self, XlsxError> {
        let mut workbook = Workbook::new();
        let strong = Look::new().set_bold();
        // Rows go to a file as they come, so that memory does not grow with them. Texts then stand in their cells: there is no table of
        // shared strings to keep.
        let page = workbook.add_worksheet_with_constant_memory()?;
        for (column, name) in (0..).zip(sheet.columns) {
            page.write_string_with_format(0, column, *name, &strong)?;
            page.set_column_width(column, (name.len() as f64 + 4.0).max(16.0))?;
        }
        page.set_freeze_panes(1, 0)?;
        let look = |text: &str| Look::new().set_num_format(text);
        Ok(Self { workbook, row: 1, date: look("yyyy-mm-dd"), instant: look("yyyy-mm-dd hh:mm") })
    }

    /// A text is written as text, so that none is a formula.
    fn add(&mut self, cells: &[Cell], zone: Tz) -> Result<(), XlsxError> {
        let page = self.workbook.worksheet_from_index(0)?;
        for (column, cell) in (0..).zip(cells) {
            match cell {
                Cell::Empty => {}
                Cell::Text(text) => {
                    page.write_string(self.row, column, text)?;
                }
                Cell::Number(number) => {
                    page.write_number(self.row, column, *number)?;
                }
                Cell::Date(day) => {
                    let day = excel(day.and_time(chrono::NaiveTime::MIN))?;
                    page.write_datetime_with_format(self.row, column, day, &self.date)?;
                }
                Cell::Instant(at) => {
                    let at = excel(at.with_timezone(&zone).naive_local())?;
                    page.write_datetime_with_format(self.row, column, at, &self.instant)?;
                }
            }
        }
        self.row += 1;
        Ok(())
    }
}

fn excel(at: NaiveDateTime) -> Result<ExcelDateTime, XlsxError> {
    let year = u16::try_from(at.year()).unwrap_or_default();
    ExcelDateTime::from_ymd(year, at.month() as u8, at.day() as u8)?.and_hms(
        at.hour() as u16,
        at.minute() as u8,
        f64::from(at.second()),
    )
}

fn csv_row(cells: impl Iterator<Item = String>) -> io::Result<Vec<u8>> {
    let mut writer =
        csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).quote_style(csv::QuoteStyle::Always).from_writer(Vec::new());
    writer.write_record(cells)?;
    writer.into_inner().map_err(|error| error.into_error())
}

fn csv_text(cell: &Cell, zone: Tz) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) => defused(text),
        Cell::Number(number) => number.to_string(),
        Cell::Date(day) => day.to_string(),
        Cell::Instant(at) => at.with_timezone(&zone).format("%Y-%m-%d %H:%M").to_string(),
    }
}

/// Spreadsheets take a text that begins so for a formula, the full-width signs where East Asian text is typed, and some run it. A quote
/// in front makes it text; that every field is quoted keeps a separator inside one from beginning another.
const BEGINNINGS: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

fn defused(text: &str) -> String {
    if text.starts_with(BEGINNINGS) { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use chrono::{NaiveDate, TimeZone as _, Utc};
    use proptest::prelude::*;

    use super::*;

    const SHEET: Sheet = Sheet { columns: &["Name", "At"], zone: chrono_tz::Asia::Kolkata };

    fn file(format: Format, rows: &[Vec<Cell>]) -> Vec<u8> {
        let mut writer = Writer::new(format, &SHEET).unwrap();
        let mut bytes = writer.rows(rows).unwrap();
        writer
            .finish(|more| {
                bytes.extend(more);
                Ok(())
            })
            .unwrap();
        bytes
    }

    #[test]
    fn csv_is_read_as_it_was_meant() {
        let at = Utc.with_ymd_and_hms(2026, 8, 14, 20, 0, 0).unwrap();
        let rows = [
            vec![Cell::from("=HYPERLINK(\"x\")"), Cell::Instant(at)],
            vec![Cell::from("Iyer, \"Meera\"\r\nB"), Cell::Date(NaiveDate::from_ymd_opt(2026, 8, 14).unwrap())],
            vec![Cell::Number(-2.5), Cell::Empty],
        ];
        let text = String::from_utf8(file(Format::Csv, &rows)).unwrap();
        let expected = "\"Name\",\"At\"\r\n\"'=HYPERLINK(\"\"x\"\")\",\"2026-08-15 01:30\"\r\n\
            \"Iyer, \"\"Meera\"\"\r\nB\",\"2026-08-14\"\r\n\"-2.5\",\"\"\r\n";
        assert_eq!(text, expected);
    }

    #[test]
    fn without_rows_there_is_a_head() {
        assert_eq!(file(Format::Csv, &[]), b"\"Name\",\"At\"\r\n");
        assert!(file(Format::Xlsx, &[]).starts_with(b"PK"));
    }

    #[test]
    fn a_note_is_the_last_row() {
        let mut writer = Writer::new(Format::Csv, &SHEET).unwrap();
        let mut bytes = writer.rows(&[vec![Cell::from("a"), Cell::Empty]]).unwrap();
        writer.note("more").unwrap();
        writer
            .finish(|more| {
                bytes.extend(more);
                Ok(())
            })
            .unwrap();
        assert_eq!(bytes, b"\"Name\",\"At\"\r\n\"a\",\"\"\r\n\"more\",\"\"\r\n");
    }

    proptest! {
        #[test]
        fn no_cell_begins_as_a_formula_does(text in "[=+@\t\r\n＝＋－＠-]?\\PC{0,20}") {
            let bytes = file(Format::Csv, &[vec![Cell::Text(text.clone()), Cell::Empty]]);
            let mut reader = csv::Reader::from_reader(bytes.as_slice());
            let row = reader.records().next().unwrap().unwrap();
            let kept = &row[0];
            prop_assert!(!kept.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']));
            prop_assert_eq!(kept.strip_prefix('\'').filter(|_| !text.starts_with('\'')).unwrap_or(kept), text);
        }
    }
}
