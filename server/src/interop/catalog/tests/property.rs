//! For any file: parsing never panics, applying is idempotent, and the order of rows does not matter.

use proptest::collection::vec;
use proptest::prelude::*;

use super::memory::applied;
use super::{SMALL, ids, params, text};
use crate::interop::catalog::state::State;
use crate::interop::catalog::{Catalog, diff, parse};

/// A row of a consistent file: what belongs to a course or a section follows from its key.
fn row() -> impl Strategy<Value = String> {
    let week = prop_oneof![
        Just(("ARRANGED", "", "")),
        Just(("09:00 AM", "09:50 AM", "MWF")),
        Just(("01:00 PM", "03:50 PM", "R")),
        Just(("ARRANGED", "", "MTWRF")),
    ];
    let place = prop_oneof![Just(","), Just("12,Hall"), Just("ARR,Clinic")];
    let people = prop_oneof![Just(""), Just("\"Fisher, M\""), Just("\"Yan, X;Fisher, M\"")];
    let kind = prop_oneof![Just("Lecture"), Just("Laboratory")];
    (0..12u32, week, place, people, kind).prop_map(|(crn, (start, end, days), place, people, kind)| {
        let (subject, number, part) = (["AA", "BB"][crn as usize % 2], 100 + crn % 3, ["", "1", "S1"][crn as usize % 3]);
        format!(
            "2031,Fall,2031-fa,{subject},{number},Course {number},About &lt;{number}&gt;,{n} TO 4 hours.,,,,{crn},A,A,{part},,,A,UNKNOWN,{kind},X,{start},{end},{days},{place},{people}",
            n = number % 3,
        )
    })
}

fn file(rows: &[String]) -> String {
    let small = text(SMALL);
    let header = small.split('\n').next().expect("a header");
    format!("{header}\n{}\n", rows.join("\n"))
}

/// Everything a catalog says but where the file said it.
fn content(catalog: &Catalog) -> String {
    let sections: Vec<_> = catalog.sections.iter().map(|(crn, section)| (crn, &section.section, &section.meetings)).collect();
    let shape = (catalog.rows, catalog.duplicate_rows, catalog.warnings.total);
    format!(
        "{shape:?} {:?} {:?} {:?} {:?} {sections:?}",
        catalog.departments, catalog.courses, catalog.rooms, catalog.instructors
    )
}

proptest! {
    #[test]
    fn parsing_never_panics(bytes in vec(any::<u8>(), 0..400)) {
        let _ = parse(&bytes);
        let _ = parse(&[SMALL, &bytes].concat());
    }

    #[test]
    fn parsing_never_panics_on_mutilated_files(cuts in vec((0..SMALL.len(), any::<u8>()), 1..12), end in 0..SMALL.len()) {
        let mut file = SMALL.to_vec();
        for (at, byte) in cuts {
            file[at] = byte;
        }
        let _ = parse(&file);
        let _ = parse(&file[..end]);
    }

    #[test]
    fn applying_twice_changes_nothing_more(first in vec(row(), 1..40), second in vec(row(), 1..40)) {
        let mut next = ids();
        let mut state = State::default();
        for rows in [&first, &second] {
            let catalog = parse(file(rows).as_bytes()).expect("consistent rows");
            let once = diff(&catalog, &params(), &state, &mut next).expect("nobody is enrolled");
            state = applied(state, &once);
            let again = diff(&catalog, &params(), &state, &mut next).expect("nobody is enrolled");
            prop_assert_eq!(&again.changes, &vec![]);
            prop_assert_eq!(&applied(state.clone(), &again), &state);
        }
    }

    #[test]
    fn the_order_of_rows_does_not_matter(rows in vec(row(), 1..40).prop_flat_map(|rows| (Just(rows.clone()), Just(rows).prop_shuffle()))) {
        let (one, other) = rows;
        let parsed = |rows: &[String]| parse(file(rows).as_bytes()).expect("consistent rows");
        prop_assert_eq!(content(&parsed(&one)), content(&parsed(&other)));
    }
}
