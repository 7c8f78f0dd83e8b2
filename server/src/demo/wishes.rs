//! What each student would like to take in a term: the demand that sections are planned for, and later filled from.

use rand::Rng;
use rand_chacha::ChaCha8Rng;

use super::people::pick;
use super::world::{Course, Pattern, Student};

/// Courses by department and those open to all, with how sought-after each is.
pub struct Offerings<'a> {
    pub courses: &'a [Course],
    own: Vec<Vec<usize>>,
    common: Vec<usize>,
    popularity: Vec<u32>,
}

/// In order of preference; the first `target` are what the student hopes for.
pub struct Wish {
    pub student: usize,
    pub year: i16,
    pub target: usize,
    pub courses: Vec<usize>,
}

const TARGETS: [(usize, u32); 3] = [(4, 22), (5, 56), (6, 22)];
/// Second choices kept in reserve.
const SPARE: usize = 6;

impl<'a> Offerings<'a> {
    pub fn new(courses: &'a [Course], departments: usize, rng: &mut ChaCha8Rng) -> Self {
        let mut own = vec![Vec::new(); departments];
        for (index, course) in courses.iter().enumerate() {
            own[course.department].push(index);
        }
        let common = (0..courses.len()).filter(|&index| courses[index].common).collect();
        // Most courses are middling, a few are what everybody talks about.
        let popularity = courses.iter().map(|course| {
            let talk = *[2, 3, 4, 4, 5, 6, 9].get(rng.random_range(0..7)).expect("seven grades");
            let foundation = course.common && course.number.ends_with("01");
            if foundation { talk * 3 } else { talk }
        });
        Self { popularity: popularity.collect(), courses, own, common }
    }

    /// `passed` are courses the student need not take again.
    pub fn wish(&self, student: usize, who: &Student, semester: i16, passed: &[usize], rng: &mut ChaCha8Rng) -> Wish {
        let year = (semester + 1) / 2;
        let target = pick(rng, &TARGETS).0;
        let elsewhere = if who.postgraduate { 0 } else { [3, 1, 1, 1][usize::try_from(year - 1).unwrap_or(0).min(3)] };
        let own = self.pool(&self.own[who.department], passed, |course| suits(course, who.postgraduate, year));
        let common =
            self.pool(&self.common, passed, |course| u32::from(course.department != who.department && !who.postgraduate));
        let mut own = sample(rng, own, target - elsewhere + SPARE);
        let mut common = sample(rng, common, elsewhere + SPARE);
        let spare_own = own.split_off(own.len().min(target - elsewhere));
        let spare_common = common.split_off(common.len().min(elsewhere));
        let courses = [own, common, spare_own, spare_common].concat();
        Wish { student, year, target, courses }
    }

    fn pool(&self, from: &[usize], passed: &[usize], weight: impl Fn(&Course) -> u32) -> Vec<(usize, u32)> {
        let open = from.iter().filter(|index| !passed.contains(index));
        let weighed = open.map(|&index| (index, weight(&self.courses[index]) * self.popularity[index]));
        weighed.filter(|(_, weight)| *weight > 0).collect()
    }

    /// Whether a student of this year may sit in a course when nothing they hoped for is left.
    pub fn acceptable(&self, course: usize, who: &Student, year: i16, anywhere: bool) -> bool {
        let course = &self.courses[course];
        let fits = suits(course, who.postgraduate, year) > 0 && course.pattern != Pattern::Arranged;
        (fits && (anywhere || course.department == who.department)) || (course.common && !who.postgraduate)
    }
}

/// How well a course of one's own department suits one's year; 0: not at all.
fn suits(course: &Course, postgraduate: bool, year: i16) -> u32 {
    let level = course.level();
    let thesis = course.pattern == Pattern::Arranged;
    if postgraduate {
        return match level {
            5 if thesis && year == 2 => 40,
            5 if thesis => 0,
            5 => 14,
            4 if course.pattern == Pattern::Studio => 0,
            4 => 6,
            3 => 1,
            _ => 0,
        };
    }
    if level == 5 || (course.pattern == Pattern::Studio && course.number == "490" && year < 4) || (thesis && year < 4) {
        return 0;
    }
    match (year.min(4) - level).abs() {
        0 => 12,
        1 => 3,
        // A small department has too few courses at each level.
        2 => 1,
        _ => 0,
    }
}

/// Up to `count` of the pool, without repetition, in proportion to weight. In whole numbers, so that every
/// machine draws the same.
fn sample(rng: &mut ChaCha8Rng, mut pool: Vec<(usize, u32)>, count: usize) -> Vec<usize> {
    let mut total: u32 = pool.iter().map(|(_, weight)| weight).sum();
    let mut drawn = Vec::with_capacity(count);
    while drawn.len() < count && !pool.is_empty() {
        let mut at = rng.random_range(0..total);
        let index = pool.iter().position(|(_, weight)| {
            let here = at < *weight;
            at = at.saturating_sub(*weight);
            here
        });
        let (course, weight) = pool.swap_remove(index.expect("the weights add up to the total"));
        total -= weight;
        drawn.push(course);
    }
    drawn
}
