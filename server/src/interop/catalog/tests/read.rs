//! What the parser makes of our own small file, and of broken ones.

use super::{BROKEN, SMALL, params, text};
use crate::interop::catalog::{Catalog, Meeting, Refused, SectionStatus, parse};

fn small() -> Catalog {
    parse(SMALL).expect("the small file is valid")
}

fn meetings<'a>(catalog: &'a Catalog, crn: &str) -> &'a [Meeting] {
    &catalog.sections[crn].meetings
}

/// (row, field, code) of every error.
fn errors(file: &[u8]) -> Vec<(u32, String, String)> {
    let refused = parse(file).expect_err("the file is broken");
    assert_eq!(refused.total, refused.errors.len());
    refused.errors.into_iter().map(|issue| (issue.row, issue.field, issue.code)).collect()
}

fn found(row: u32, field: &str, code: &str) -> (u32, String, String) {
    (row, field.to_owned(), code.to_owned())
}

#[test]
fn the_small_file_is_one_normalized_catalog() {
    let catalog = small();
    assert_eq!(catalog.term_code, "2031-fa");
    assert_eq!((catalog.rows, catalog.duplicate_rows), (38, 2));
    assert_eq!(catalog.departments.iter().map(String::as_str).collect::<Vec<_>>(), ["ALG", "BOT", "GEO", "R&D", "WRT"]);
    assert_eq!(catalog.courses.len(), 14);
    assert_eq!(catalog.sections.len(), 29);
    assert_eq!(catalog.sections.values().map(|s| s.meetings.len()).sum::<usize>(), 35);
    assert!(catalog.instructors.contains_key("BOT|van der Berg, A") && catalog.instructors.contains_key("GEO|van der Berg, A"));
    assert_eq!(catalog.instructors["ALG|Lindqvist, Å"].name(), "Å Lindqvist");
}

#[test]
fn text_is_decoded_once_and_kept_as_typed() {
    let catalog = small();
    let titles: Vec<&str> = catalog.courses.values().map(|course| course.title.as_str()).collect();
    assert!(titles.contains(&"Linear Maps & Matrices") && titles.contains(&"Writing \"from Sources\""), "{titles:?}");
    let plants = catalog.courses.values().find(|course| course.title == "Plants & People").expect("BOT 110");
    assert!(plants.description.contains("both.\n\nField trips"));
    assert_eq!(catalog.sections["21001"].section.info, "Field trip fee may be assessed for some sections.");
    assert_eq!(catalog.sections["20301"].section.info, "", "the course's description says it already");
    let twice = text(SMALL).replace("Linear Maps &amp; Matrices", "Linear Maps &amp;amp; Matrices");
    let catalog = parse(twice.as_bytes()).expect("still valid");
    assert!(catalog.courses.values().any(|course| course.title == "Linear Maps &amp; Matrices"));
}

#[test]
fn repeated_crns_are_meetings_in_week_order() {
    let catalog = small();
    let kinds: Vec<&str> = meetings(&catalog, "21001").iter().map(|m| m.kind.as_str()).collect();
    assert_eq!(kinds, ["Lecture-Discussion", "Laboratory"]);
    let arranged_last: Vec<bool> = meetings(&catalog, "22001").iter().map(|m| m.times.is_none()).collect();
    assert_eq!(arranged_last, [false, true]);
    let [timed, arranged] = meetings(&catalog, "23101") else {
        panic!("two rows that differ in instructors only are one meeting")
    };
    assert_eq!(timed.instructors.iter().map(String::as_str).collect::<Vec<_>>(), ["WRT|Dunbar Reyes, K"]);
    assert!(arranged.times.is_none());
    assert_eq!(meetings(&catalog, "24002").len(), 1, "an exact repetition collapses");
    assert_eq!(meetings(&catalog, "20201")[0].instructors.len(), 2);
}

#[test]
fn oddities_are_warnings_and_lose_nothing_silently() {
    let catalog = small();
    let mut codes: Vec<&str> = catalog.warnings.listed.iter().map(|issue| issue.code.as_str()).collect();
    codes.sort_unstable();
    assert_eq!(codes, ["days-without-times", "room-arranged", "room-arranged", "times-without-days"]);
    assert!(meetings(&catalog, "20401")[0].times.is_none());
    assert!(meetings(&catalog, "21202")[0].days == 0);
    assert_eq!(catalog.sections["23003"].section.status, SectionStatus::Cancelled);
    assert_eq!(catalog.sections["23102"].section.status, SectionStatus::Active);
    assert_eq!(catalog.sections["20302"].section.credits_hundredths, Some(200));
    assert_eq!(catalog.sections["24001"].section.part, None);
}

#[test]
fn a_broken_file_is_refused_whole_naming_rows_and_fields() {
    let expected = [
        found(3, "Credit Hours", "bad-credits"),
        found(5, "Start Time", "bad-time"),
        found(6, "Subject", "bad-format"),
        found(6, "Days of Week", "bad-days"),
        found(8, "Section", "crn-conflict"),
        found(9, "CRN", "required"),
    ];
    assert_eq!(errors(BROKEN), expected);
}

#[test]
fn rows_are_numbered_as_a_spreadsheet_does() {
    let broken = text(BROKEN);
    let (header, rows) = broken.split_once('\n').expect("a header");
    let spaced = format!("{header}\n\n{}", rows.replacen("2031,", "\n2031,", 1));
    assert_eq!(errors(spaced.as_bytes()).first(), Some(&found(5, "Credit Hours", "bad-credits")), "empty lines count");
    let windows = spaced.replace('\n', "\r\n");
    assert_eq!(errors(windows.as_bytes()), errors(spaced.as_bytes()));
    let with_mark = [b"\xef\xbb\xbf".as_slice(), BROKEN].concat();
    assert_eq!(errors(&with_mark), errors(BROKEN));
    let empty_cells = format!("{header}\n{}\n{rows}", ",".repeat(26));
    assert_eq!(errors(empty_cells.as_bytes()).first(), Some(&found(4, "Credit Hours", "bad-credits")));
}

#[test]
fn the_header_is_checked() {
    assert_eq!(errors(b""), [found(1, "", "empty")]);
    let small = text(SMALL);
    assert_eq!(errors(small.split('\n').next().expect("a header").as_bytes()), [found(1, "", "empty")]);
    assert_eq!(errors(small.replacen("CRN", "Crn", 1).as_bytes()), [found(1, "CRN", "missing-column")]);
    assert_eq!(errors(small.replacen("Type Code", "Type", 1).as_bytes()), [found(1, "Type", "repeated-column")]);
    assert_eq!(errors(b"name,age\nx,3\n").len(), 22);
    let renamed = small.replacen("Enrollment Status", "Remarks", 1);
    assert!(parse(renamed.as_bytes()).is_ok(), "columns the import does not read may be anything");
}

/// Replaces one cell of the first row of the small file.
fn with_cell(title: &str, value: &[u8]) -> Vec<u8> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(SMALL);
    let records: Vec<csv::ByteRecord> = reader.byte_records().take(2).map(|record| record.expect("valid")).collect();
    let at = records[0].iter().position(|cell| cell == title.as_bytes()).expect("a column of the file");
    let changed: Vec<&[u8]> = records[1].iter().enumerate().map(|(index, cell)| if index == at { value } else { cell }).collect();
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(&records[0]).expect("memory");
    writer.write_record(changed).expect("memory");
    writer.into_inner().expect("memory")
}

#[test]
fn every_cell_has_its_bounds() {
    let long = "x".repeat(8001);
    let table: [(&str, &[u8], &str); 21] = [
        ("YearTerm", b"a term with a code too long", "too-long"),
        ("Subject", b"TOOLONGCS", "too-long"),
        ("Subject", b"1CS", "bad-format"),
        ("Number", b"-1", "bad-format"),
        ("Name", b"", "required"),
        ("Name", &long.as_bytes()[..201], "too-long"),
        ("Name", b"a\0b", "control-character"),
        ("Name", b"\xff\xfe", "not-utf8"),
        ("Description", long.as_bytes(), "too-long"),
        ("Description", b"bell \x07", "control-character"),
        ("Section Credit Hours", b"1 TO 2 hours", "bad-credits"),
        ("Section Status", b"Z", "bad-status"),
        ("CRN", b"12 34", "bad-format"),
        ("Type", b"", "required"),
        ("Start Time", b"ARRANGED", "required"),
        ("End Time", b"", "required"),
        ("End Time", b"08:00 AM", "ends-before-start"),
        ("Days of Week", b"MM", "bad-days"),
        ("Building", b"", "required"),
        ("Part of Term", b"12345678901", "too-long"),
        ("Section Info", long.as_bytes(), "too-long"),
    ];
    for (field, value, code) in table {
        let got = errors(&with_cell(field, value));
        assert!(got.len() == 1 && got[0].0 == 2 && got[0].2 == code, "{field} {:?}: {got:?}", String::from_utf8_lossy(value));
    }
    let many: Vec<String> = (0..101).map(|n| format!("Person {n}, A")).collect();
    assert_eq!(errors(&with_cell("Instructors", many.join(";").as_bytes())), [found(2, "Instructors", "too-many")]);
    assert_eq!(errors(&with_cell("Instructors", &long.as_bytes()[..101])), [found(2, "Instructors", "too-long")]);
}

#[test]
fn a_row_with_cells_missing_is_named() {
    let short = text(SMALL).replacen(",MWF,101,Harbor Hall", ",MWF,Harbor Hall", 1);
    assert_eq!(errors(short.as_bytes()), [found(2, "", "wrong-cells")]);
}

#[test]
fn contradictions_between_rows_are_errors() {
    let other_title = text(SMALL).replacen("College Algebra", "College Geometry", 1);
    let got = errors(other_title.as_bytes());
    assert_eq!(got, [found(3, "Name", "course-conflict"), found(4, "Name", "course-conflict")]);
    let other_term = text(SMALL).replacen("2031-fa", "2031-sp", 1);
    assert_eq!(errors(other_term.as_bytes()).len(), 37);
}

#[test]
fn errors_are_counted_beyond_those_listed() {
    let header = text(SMALL);
    let header = header.split('\n').next().expect("a header");
    let rows = format!("{}\n", ["x"; 27].join(",")).repeat(100);
    let Refused { errors, total } = parse(format!("{header}\n{rows}").as_bytes()).expect_err("nothing fits");
    assert_eq!(errors.len(), 200);
    assert!(total >= 500 && total % 100 == 0, "{total}");
}

#[test]
fn parameters_are_checked_as_the_database_would() {
    assert_eq!(params().check(), Ok(()));
    let broken = |change: fn(&mut crate::interop::catalog::ImportParams)| {
        let mut changed = params();
        change(&mut changed);
        changed.check().expect_err("broken").to_string()
    };
    assert!(broken(|p| p.term_name.clear()).contains("term_name"));
    assert!(broken(|p| p.parts = vec![p.parts[0].clone(); 51]).contains("parts"));
    assert!(broken(|p| p.ends_on.0 = p.starts_on.0.pred_opt().expect("not the first day")).contains("ends before"));
    assert!(broken(|p| p.parts[1].code = "1".to_owned()).contains("another part"));
    assert!(broken(|p| p.parts[2].ends_on.0 = p.ends_on.0.succ_opt().expect("not the last day")).contains("after the term"));
    assert!(
        broken(|p| p.parts[0].starts_on.0 = p.starts_on.0.pred_opt().expect("not the first day")).contains("before the term")
    );
}
