//! A real university's catalog, when the folder of public data lies beside the repository.

use std::io::Write as _;
use std::path::PathBuf;
use std::time::Instant;

use super::memory::applied;
use super::{ids, params};
use crate::interop::catalog::state::State;
use crate::interop::catalog::{diff, parse};

/// `PEC_SHARED` names the folder where the repository is checked out elsewhere.
pub fn file() -> Option<Vec<u8>> {
    let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared");
    let folder = std::env::var_os("PEC_SHARED").map_or_else(beside, PathBuf::from);
    let file = std::fs::read(folder.join("data/catalog/uiuc-2022-summer.csv")).ok();
    if file.is_none() {
        // Past libtest's capture, which hides what a passing test prints.
        let words = "SKIPPED a_real_catalog_is_read_whole: no public data beside the repository (PEC_SHARED names its folder)";
        writeln!(std::io::stderr().lock(), "{words}").expect("standard error is open");
    }
    file
}

#[test]
fn a_real_catalog_is_read_whole() {
    let Some(file) = file() else { return };
    let started = Instant::now();
    let catalog = parse(&file).expect("the real file is valid");
    eprintln!("parsed in {:?}", started.elapsed());
    assert_eq!((catalog.rows, catalog.duplicate_rows), (1870, 25));
    assert_eq!((catalog.sections.len(), catalog.courses.len(), catalog.departments.len()), (1777, 1200, 162));
    assert_eq!((catalog.instructors.len(), catalog.rooms.len()), (882, 74));
    // 1,870 rows less 25 repetitions and one row that only lacks the instructor another row names.
    assert_eq!(catalog.sections.values().map(|section| section.meetings.len()).sum::<usize>(), 1844);
    let mixed = catalog.sections.values().filter(|s| s.meetings.iter().any(|m| m.kind != s.meetings[0].kind)).count();
    assert_eq!(mixed, 8);
    assert_eq!(catalog.warnings.total, 116 + 2 + 84);
    let first = diff(&catalog, &params(), &State::default(), &mut ids()).expect("nothing to refuse");
    let state = applied(State::default(), &first);
    assert!(diff(&catalog, &params(), &state, &mut ids()).expect("nothing to refuse").is_empty());
}
