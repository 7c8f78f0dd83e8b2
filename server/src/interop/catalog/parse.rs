//! The file as a whole: size, header, row numbers.

use csv::{ByteRecord, ReaderBuilder};

use super::build::Builder;
use super::cells::Cells;
use super::columns::Columns;
use super::issues::Refused;
use super::model::Catalog;
use crate::api::UPLOAD_MAX_BYTES;

/// As much as can be uploaded: the command line takes no more.
pub const MAX_FILE_BYTES: usize = UPLOAD_MAX_BYTES;
pub const MAX_ROWS: usize = 200_000;

/// Reads a whole catalog file: UTF-8 CSV with a header row, columns in any order.
///
/// Pure and CPU-bound (about a megabyte in ten milliseconds): call it on a blocking thread for an upload.
/// Every error of every row is collected, the first 200 of them listed; any error refuses the file.
pub fn parse(file: &[u8]) -> Result<Catalog, Refused> {
    if file.len() > MAX_FILE_BYTES {
        let message = format!("{} bytes, at most {MAX_FILE_BYTES} are read", file.len());
        return Err(Refused::one(1, "", "file-too-large", message));
    }
    let file = file.strip_prefix(b"\xef\xbb\xbf").unwrap_or(file);
    let mut reader = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(file);
    let mut builder = Builder::default();
    let mut lines = Lines { file, row: 0 };
    let mut record = ByteRecord::new();
    let mut columns = None;
    loop {
        let start = usize::try_from(reader.position().byte()).expect("the file is in memory");
        match reader.read_byte_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) => {
                builder.errors.push(lines.row + 1, "", "unreadable", error.to_string());
                break;
            }
        }
        let row = lines.next(start);
        let Some(columns) = &columns else {
            columns = Some(
                Columns::read(&record, &mut builder.errors).ok_or_else(|| Refused::from(std::mem::take(&mut builder.errors)))?,
            );
            continue;
        };
        if record.iter().all(|cell| cell.trim_ascii().is_empty()) {
            continue;
        }
        if builder.rows() == MAX_ROWS {
            builder.errors.push(row, "", "too-many-rows", format!("more than {MAX_ROWS} rows"));
            break;
        }
        read_row(&mut builder, columns, row, &record);
    }
    if columns.is_none() {
        return Err(Refused::one(1, "", "empty", "the file is empty"));
    }
    builder.finish()
}

fn read_row(builder: &mut Builder, columns: &Columns, row: u32, record: &ByteRecord) {
    builder.count(record);
    if record.len() != columns.width {
        let message = format!(
            "{} cells, the header has {}: a comma or a quotation mark is missing or too many",
            record.len(),
            columns.width
        );
        builder.errors.push(row, "", "wrong-cells", message);
        return;
    }
    let (errors, warnings) = (&mut builder.errors, &mut builder.warnings);
    if let Some(parsed) = (Cells { row, record, columns, errors, warnings }).read() {
        builder.add(row, parsed);
    }
}

/// Row numbers as a spreadsheet shows them: a quoted line break does not start a row, an empty line is one
/// (the CSV reader passes over empty lines without a word).
struct Lines<'a> {
    file: &'a [u8],
    row: u32,
}

impl Lines<'_> {
    /// The number of the record that the reader found from byte `start` on.
    fn next(&mut self, start: usize) -> u32 {
        let mut at = start;
        // The reader leaves the second half of the previous row's line break to the next one.
        if at > 0 && self.file[at - 1] == b'\r' && self.file.get(at) == Some(&b'\n') {
            at += 1;
        }
        while let Some(byte @ (b'\r' | b'\n')) = self.file.get(at) {
            self.row = self.row.saturating_add(1);
            at += if *byte == b'\r' && self.file.get(at + 1) == Some(&b'\n') { 2 } else { 1 };
        }
        self.row = self.row.saturating_add(1);
        self.row
    }
}
