//! Who is there: names, addresses, posts, years of study.

use std::collections::HashMap;

use rand::Rng;
use rand::seq::IndexedRandom;
use rand_chacha::ChaCha8Rng;

use super::calendar;
use super::courses::Programs;
use super::profile::Profile;
use super::random::Ids;
use super::world::{Admin, Department, Faculty, Student, Term, User};

/// Of a hundred students in a department that teaches beyond the first degree.
const POSTGRADUATES_PERCENT: u32 = 9;
/// First-degree students by year: some leave.
const YEARS: [(i16, u32); 4] = [(1, 27), (2, 26), (3, 25), (4, 22)];
const TITLES: [(&str, u32); 4] = [("Professor", 24), ("Associate Professor", 30), ("Assistant Professor", 40), ("Lecturer", 6)];

struct Region<'a> {
    women: Vec<&'a str>,
    men: Vec<&'a str>,
    families: Vec<&'a str>,
}

/// Draws people whose names go together, with an address nobody else has.
pub struct Names<'a> {
    regions: Vec<(Region<'a>, u32)>,
    domain: &'a str,
    taken: HashMap<String, u32>,
    rng: ChaCha8Rng,
    ids: Ids,
}

impl<'a> Names<'a> {
    pub fn new(profile: &'a Profile, rng: ChaCha8Rng, ids: Ids) -> Self {
        let mut regions: Vec<(Region<'a>, u32)> = Vec::new();
        for line in profile.names.lines().filter(|line| !line.starts_with('#')) {
            let (kind, rest) = line.split_once(' ').expect("a line of names has a letter and a list");
            if kind == "@" {
                let weight = rest.parse().expect("a weight is a number");
                regions.push((Region { women: Vec::new(), men: Vec::new(), families: Vec::new() }, weight));
                continue;
            }
            let (region, _) = regions.last_mut().expect("names follow their region");
            let list = match kind {
                "w" => &mut region.women,
                "m" => &mut region.men,
                _ => &mut region.families,
            };
            list.extend(rest.split(' '));
        }
        Self { regions, domain: profile.email_domain, taken: HashMap::new(), rng, ids }
    }

    fn person(&mut self) -> User {
        let (region, _) = pick(&mut self.rng, &self.regions);
        let given = if self.rng.random_bool(0.47) { &region.women } else { &region.men };
        let given = given.choose(&mut self.rng).expect("a region has given names");
        let family = region.families.choose(&mut self.rng).expect("a region has family names");
        let local = format!("{}.{}", ascii(given), ascii(family));
        let same = self.taken.entry(local.clone()).and_modify(|count| *count += 1).or_insert(1);
        let email = if *same == 1 { format!("{local}@{}", self.domain) } else { format!("{local}{same}@{}", self.domain) };
        User { id: self.ids.next(), name: format!("{given} {family}"), sort_name: format!("{family}, {given}"), email }
    }
}

/// Lower-case letters of an address.
fn ascii(name: &str) -> String {
    let plain = |c: char| match c {
        'é' | 'É' | 'è' | 'ê' | 'ë' => Some('e'),
        'á' | 'à' | 'â' => Some('a'),
        'í' | 'ï' | 'î' => Some('i'),
        'ó' | 'ô' => Some('o'),
        'ú' | 'û' => Some('u'),
        'ç' => Some('c'),
        'ñ' => Some('n'),
        c => c.is_ascii_alphanumeric().then(|| c.to_ascii_lowercase()),
    };
    name.chars().filter_map(plain).collect()
}

/// One of a list, in proportion to the second of each pair.
pub fn pick<'a, T>(rng: &mut ChaCha8Rng, list: &'a [(T, u32)]) -> &'a (T, u32) {
    list.choose_weighted(rng, |(_, weight)| *weight).expect("a list with weight")
}

/// `total` shared out in proportion, each at least `least`.
pub fn shares(total: usize, weights: &[u32], least: usize) -> Vec<usize> {
    let sum: usize = weights.iter().map(|weight| *weight as usize).sum();
    let mut shares: Vec<usize> = weights.iter().map(|weight| (total * *weight as usize / sum).max(least)).collect();
    let given: usize = shares.iter().sum();
    // Rounding leaves a few over: they go to the largest.
    if let Some(largest) = shares.iter_mut().max() {
        *largest = (*largest + total).saturating_sub(given).max(least);
    }
    shares
}

pub fn admins(profile: &Profile, names: &mut Names<'_>, users: &mut Vec<User>) -> Vec<Admin> {
    let hired = profile.offices.iter().map(|&office| {
        users.push(names.person());
        Admin { user: users.len() - 1, office }
    });
    hired.collect()
}

pub fn faculty(per_department: &[usize], names: &mut Names<'_>, users: &mut Vec<User>) -> Vec<Faculty> {
    let posts = per_department.iter().enumerate().flat_map(|(department, &count)| std::iter::repeat_n(department, count));
    let hired = posts.map(|department| {
        users.push(names.person());
        let (title, _) = *pick(&mut names.rng, &TITLES);
        Faculty { user: users.len() - 1, department, title }
    });
    hired.collect()
}

/// What students are made from.
pub struct Intake<'a> {
    pub departments: &'a [Department],
    pub programs: &'a [Programs],
    pub per_department: &'a [usize],
    pub term: &'a Term,
    /// Whether the term in progress is the first of an academic year.
    pub first_half: bool,
}

pub fn students(intake: &Intake<'_>, names: &mut Names<'_>, users: &mut Vec<User>) -> Vec<Student> {
    let mut numbers: HashMap<String, u32> = HashMap::new();
    let places = intake.per_department.iter().enumerate().flat_map(|(department, &count)| std::iter::repeat_n(department, count));
    let admitted = places.map(|department| {
        users.push(names.person());
        let programs = &intake.programs[department];
        let postgraduate = !programs.postgraduate.is_empty() && names.rng.random_ratio(POSTGRADUATES_PERCENT, 100);
        let year = if postgraduate { names.rng.random_range(1..=2) } else { pick(&mut names.rng, &YEARS).0 };
        let semester = 2 * year - i16::from(intake.first_half);
        let offered = if postgraduate { &programs.postgraduate } else { &programs.first_degree };
        let program = offered.choose(&mut names.rng).expect("a department has programs").clone();
        let admitted_on = calendar::admitted_on(intake.term, semester);
        let degree = if postgraduate { "M-" } else { "" };
        let cohort = format!("{}-{degree}{}", admitted_on.format("%Y"), intake.departments[department].code);
        let place = numbers.entry(cohort.clone()).and_modify(|count| *count += 1).or_insert(1);
        let number = format!("{cohort}-{place:04}");
        Student { user: users.len() - 1, department, number, program, postgraduate, semester, admitted_on }
    });
    admitted.collect()
}

#[cfg(test)]
mod tests {
    use super::{ascii, shares};

    #[test]
    fn addresses_are_plain() {
        assert_eq!(ascii("D'Souza"), "dsouza");
        assert_eq!(ascii("Étienne"), "etienne");
        assert_eq!(ascii("LeBlanc"), "leblanc");
    }

    #[test]
    fn shares_add_up() {
        assert_eq!(shares(100, &[1, 1, 2], 1), [25, 25, 50]);
        assert_eq!(shares(3_000, &[17, 12, 11, 12, 10, 6, 7, 6, 5, 5, 5, 4], 1).iter().sum::<usize>(), 3_000);
    }
}
