//! Terms around a day: half a year apart, eighteen weeks long, Monday to Friday.

use chrono::{Datelike, Days, NaiveDate};

use super::profile::Profile;
use super::random::Ids;
use super::world::{PartOfTerm, Term, World};

const WEEKS: u64 = 18;
const HALF_YEAR_WEEKS: u64 = 26;
/// A term in progress has at least this many weeks behind it, and one ahead.
const WEEKS_BEHIND: u64 = 2;

fn monday(day: NaiveDate) -> NaiveDate {
    day - Days::new(u64::from(day.weekday().num_days_from_monday()))
}

fn is_spring(day: NaiveDate) -> bool {
    day.month() <= 6
}

/// The Monday on which the term in progress began: in early January or late July, moved as far as it takes for
/// `today` to lie inside the term, so that a demo opened in a vacation still shows a week of classes.
fn current_start(today: NaiveDate) -> NaiveDate {
    let natural = if is_spring(today) { (1, 7) } else { (7, 27) };
    let natural = monday(NaiveDate::from_ymd_opt(today.year(), natural.0, natural.1).expect("both days are in every year"));
    let this_week = monday(today);
    natural.clamp(this_week - Days::new(7 * (WEEKS - 2)), this_week - Days::new(7 * WEEKS_BEHIND))
}

/// Two past terms, the one in progress and the next.
pub fn terms(profile: &Profile, today: NaiveDate, ids: &mut Ids) -> Vec<Term> {
    let current = current_start(today);
    let gap = 7 * HALF_YEAR_WEEKS;
    let starts = [current - Days::new(2 * gap), current - Days::new(gap), current, current + Days::new(gap)];
    let named = starts.iter().enumerate().map(|(index, start)| {
        // The season alternates from today's: a term that was moved keeps its name.
        let halves = i32::try_from(index).expect("four terms") - i32::try_from(World::CURRENT).expect("four terms");
        let half_years = 2 * today.year() + i32::from(!is_spring(today)) + halves;
        let (year, spring) = (half_years.div_euclid(2), half_years.rem_euclid(2) == 0);
        let season = if spring { profile.spring } else { profile.autumn };
        Term {
            id: ids.next(),
            code: format!("{year}-{}", season[..2].to_lowercase()),
            name: format!("{season} {year}"),
            starts_on: *start,
            // The Friday of the last week.
            ends_on: *start + Days::new(7 * WEEKS - 3),
        }
    });
    named.collect()
}

/// The two halves of every term.
pub fn parts(terms: &[Term], ids: &mut Ids) -> Vec<PartOfTerm> {
    let halves = terms.iter().enumerate().flat_map(|(index, term)| {
        let middle = term.starts_on + Days::new(7 * WEEKS / 2);
        [(index, "H1", term.starts_on, middle - Days::new(3)), (index, "H2", middle, term.ends_on)]
    });
    halves.map(|(term, code, starts_on, ends_on)| PartOfTerm { id: ids.next(), term, code, starts_on, ends_on }).collect()
}

/// When somebody in `semester` of the term in progress began: semesters are half a year apart.
pub fn admitted_on(current: &Term, semester: i16) -> NaiveDate {
    let back = u64::try_from(semester - 1).unwrap_or(0);
    current.starts_on - Days::new(7 * HALF_YEAR_WEEKS * back)
}

/// Whether the term in progress is the first of an academic year.
pub fn starts_year(today: NaiveDate) -> bool {
    !is_spring(today)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::{CHANDIGARH, random::Ids};

    #[test]
    fn every_day_of_four_years_lies_in_a_term() {
        let mut today = NaiveDate::from_ymd_opt(2026, 1, 1).expect("a day");
        for _ in 0..1461 {
            let mut ids = Ids::new(1, "terms", today);
            let terms = terms(&CHANDIGARH, today, &mut ids);
            let now = &terms[World::CURRENT];
            assert!(
                now.starts_on + Days::new(14) <= today && monday(today) <= now.ends_on,
                "{today}: {} to {}",
                now.starts_on,
                now.ends_on
            );
            assert!(terms.windows(2).all(|pair| pair[0].ends_on < pair[1].starts_on && pair[0].code != pair[1].code));
            assert!(
                terms.iter().all(
                    |term| term.starts_on.weekday() == chrono::Weekday::Mon && term.ends_on.weekday() == chrono::Weekday::Fri
                )
            );
            let parts = parts(&terms, &mut ids);
            assert!(
                parts.iter().all(|part| part.starts_on >= terms[part.term].starts_on && part.ends_on <= terms[part.term].ends_on)
            );
            today = today.succ_opt().expect("the calendar goes on");
        }
    }

    #[test]
    fn names_follow_the_year() {
        let names = |y, m, d| -> Vec<String> {
            let today = NaiveDate::from_ymd_opt(y, m, d).expect("a day");
            terms(&CHANDIGARH, today, &mut Ids::new(1, "terms", today)).into_iter().map(|term| term.name).collect()
        };
        assert_eq!(names(2026, 11, 23), ["Autumn 2025", "Spring 2026", "Autumn 2026", "Spring 2027"]);
        assert_eq!(names(2026, 2, 1), ["Spring 2025", "Autumn 2025", "Spring 2026", "Autumn 2026"]);
    }
}
