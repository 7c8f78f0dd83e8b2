//! Registration: students, seniors first, take what they wish for while there are seats and no clash.

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use rand::Rng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

use super::random::Ids;
use super::wishes::{Offerings, Wish};
use super::world::{Course, Enrollment, Section, Student, Term};

/// Nobody leaves registration with fewer, if the seats suffice.
pub const LEAST: usize = 4;
/// Registration opens this long before the term and is over after as many hours.
const OPENS_DAYS_BEFORE: i64 = 14;
const OPEN_SECONDS: i64 = 7 * 3600;

/// What registration for one term works on; `first` is the world's index of the first of `sections`.
pub struct Registration<'a> {
    pub term: &'a Term,
    pub students: &'a [Student],
    pub courses: &'a [Course],
    pub offerings: &'a Offerings<'a>,
    pub sections: &'a mut [Section],
    pub first: usize,
}

struct Seat {
    week: u128,
    courses: Vec<usize>,
    sections: Vec<usize>,
}

impl Registration<'_> {
    pub fn run(mut self, wishes: &[Wish], rng: &mut ChaCha8Rng, ids: &mut Ids) -> Vec<Enrollment> {
        let by_course = self.by_course();
        let mut order: Vec<&Wish> = wishes.iter().collect();
        order.shuffle(rng);
        order.sort_by_key(|wish| std::cmp::Reverse(wish.year));
        let opens =
            self.term.starts_on.and_time(NaiveTime::MIN).and_utc() - TimeDelta::days(OPENS_DAYS_BEFORE) + TimeDelta::hours(4);
        let mut enrollments = Vec::new();
        let total = i64::try_from(order.len()).unwrap_or(i64::MAX).max(1);
        for (place, wish) in (0i64..).zip(order) {
            let at: DateTime<Utc> = opens + TimeDelta::seconds(OPEN_SECONDS * place / total);
            let seat = self.seat(wish, &by_course, rng);
            let (student, first) = (wish.student, self.first);
            enrollments.extend(seat.sections.into_iter().map(|section| Enrollment {
                id: ids.next(),
                student,
                section: first + section,
                at,
            }));
        }
        enrollments
    }

    fn by_course(&self) -> Vec<Vec<usize>> {
        let mut by_course = vec![Vec::new(); self.courses.len()];
        for (index, section) in self.sections.iter().enumerate().filter(|(_, section)| !section.cancelled) {
            by_course[section.course].push(index);
        }
        by_course
    }

    fn seat(&mut self, wish: &Wish, by_course: &[Vec<usize>], rng: &mut ChaCha8Rng) -> Seat {
        let mut seat = Seat { week: 0, courses: Vec::new(), sections: Vec::new() };
        for &course in &wish.courses {
            if seat.courses.len() == wish.target {
                return seat;
            }
            self.take(course, &by_course[course], &mut seat, rng);
        }
        if seat.courses.len() >= LEAST {
            return seat;
        }
        // Whatever is acceptable and left, starting anywhere: first close to home, then in any department.
        let start = rng.random_range(0..by_course.len());
        let student = &self.students[wish.student];
        for anywhere in [false, true] {
            for course in (start..by_course.len()).chain(0..start) {
                if seat.courses.len() == LEAST {
                    return seat;
                }
                if self.offerings.acceptable(course, student, wish.year, anywhere) {
                    self.take(course, &by_course[course], &mut seat, rng);
                }
            }
        }
        seat
    }

    /// A seat in some section of a course, if one has a seat and fits the week.
    fn take(&mut self, course: usize, sections: &[usize], seat: &mut Seat, rng: &mut ChaCha8Rng) {
        if sections.is_empty() || seat.courses.contains(&course) {
            return;
        }
        // The later sections of a course meet at the odd hours: they fill last.
        let start = rng.random_range(0..sections.len()).min(rng.random_range(0..sections.len()));
        let mut round = sections[start..].iter().chain(&sections[..start]).copied();
        let fits = |index: &usize| {
            let section = &self.sections[*index];
            section.enrolled < section.cap && section.week & seat.week == 0
        };
        if let Some(index) = round.find(fits) {
            self.sections[index].enrolled += 1;
            seat.week |= self.sections[index].week;
            seat.courses.push(course);
            seat.sections.push(index);
        }
    }
}
