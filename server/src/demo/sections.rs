//! How many sections each course gets in a term, and how large they are.

use rand::Rng;
use rand::seq::{IndexedRandom, SliceRandom};
use rand_chacha::ChaCha8Rng;

use super::random::Ids;
use super::size::DemoSize;
use super::wishes::Wish;
use super::world::{Course, PartOfTerm, Pattern, RoomKind, Section, World};

const SMALLEST_CAP: i32 = 12;
/// Sections called off in the term in progress.
const CANCELLED: usize = 5;
const NOTES: [&str; 7] = [
    "Bring a laptop to the first class.",
    "Lecture notes are also available in large print; ask the instructor.",
    "Students must wear closed shoes and cotton clothing in the laboratory.",
    "The first assignment is due at the end of the second week.",
    "One Saturday field visit; the date is announced in class.",
    "Seats are shared with the evening program.",
    "Recordings of all classes are kept until the end of the term.",
];

impl Pattern {
    fn usual_size(self) -> i32 {
        match self {
            Self::Lecture => 60,
            Self::LectureLab => 40,
            Self::Seminar => 30,
            Self::Studio => 24,
            Self::Arranged => 200,
        }
    }

    /// The kind of room that limits a section's size.
    pub fn room(self) -> RoomKind {
        match self {
            Self::Lecture | Self::Seminar | Self::Arranged => RoomKind::Lecture,
            Self::LectureLab => RoomKind::Laboratory,
            Self::Studio => RoomKind::Studio,
        }
    }
}

/// A term to be planned.
pub struct Planning<'a> {
    pub term: usize,
    pub size: &'a DemoSize,
    pub courses: &'a [Course],
    pub parts: &'a [PartOfTerm],
    pub wishes: &'a [Wish],
}

/// How many students hope for each course.
pub fn demand(courses: usize, wishes: &[Wish]) -> Vec<i32> {
    let mut demand = vec![0; courses];
    for wish in wishes {
        wish.courses.iter().take(wish.target).for_each(|&course| demand[course] += 1);
    }
    demand
}

/// Sections of one course for a demand: how many, and the capacity of each.
pub fn shape(pattern: Pattern, demand: i32, max_sections: usize, percent: i32) -> (usize, i32) {
    let usual = pattern.usual_size();
    let count = usize::try_from((demand + usual - 1) / usual).unwrap_or(1).clamp(1, max_sections);
    let each = demand * percent / 100 / i32::try_from(count).expect("a handful");
    let round = (each + 4) / 5 * 5;
    (count, round.clamp(SMALLEST_CAP, pattern.room().most_seats()))
}

/// Every course in the term in progress; in others, those somebody wants.
pub fn plan(planning: &Planning<'_>, rng: &mut ChaCha8Rng, ids: &mut Ids) -> Vec<Section> {
    let term = planning.term;
    let half = planning.parts.iter().position(|part| part.term == term);
    let mut sections: Vec<Section> = Vec::new();
    let mut crn = 10_000 * (term + 1);
    for (course, demand) in demand(planning.courses.len(), planning.wishes).into_iter().enumerate() {
        // A third of the courses are sought after, some have many more seats than anybody needs.
        let percent = *[75, 85, 95, 110, 115, 120, 130, 150, 220, 400].choose(rng).expect("ten grades");
        if demand == 0 && term != World::CURRENT {
            continue;
        }
        let pattern = planning.courses[course].pattern;
        let (count, cap) = shape(pattern, demand, planning.size.max_sections, percent);
        let part =
            half.filter(|_| pattern == Pattern::Seminar && rng.random_ratio(1, 12)).map(|first| first + rng.random_range(0..2));
        for index in 0..count {
            crn += rng.random_range(1..4);
            let info = if rng.random_ratio(1, 14) { NOTES.choose(rng).expect("a list of notes") } else { "" };
            let (crn, code) = (crn.to_string(), letters(index));
            sections.push(Section {
                id: ids.next(),
                term,
                course,
                part,
                crn,
                code,
                info,
                cancelled: false,
                cap,
                enrolled: 0,
                week: 0,
            });
        }
    }
    if term == World::CURRENT {
        cancel_some(&mut sections, crn, rng, ids);
    }
    sections
}

/// A further section of a few courses, announced and called off.
fn cancel_some(sections: &mut Vec<Section>, mut crn: usize, rng: &mut ChaCha8Rng, ids: &mut Ids) {
    let mut several: Vec<(usize, usize)> = Vec::new();
    for (index, section) in sections.iter().enumerate().filter(|(_, section)| section.code == "B") {
        let siblings = sections[index..].iter().take_while(|other| other.course == section.course).count();
        several.push((section.course, siblings + 1));
    }
    several.shuffle(rng);
    for &(course, siblings) in several.iter().take(CANCELLED) {
        crn += rng.random_range(1..4);
        let (crn, code, term) = (crn.to_string(), letters(siblings), World::CURRENT);
        let info = "Called off: too few students.";
        sections.push(Section {
            id: ids.next(),
            term,
            course,
            part: None,
            crn,
            code,
            info,
            cancelled: true,
            cap: 0,
            enrolled: 0,
            week: 0,
        });
    }
}

/// A to Z, then AA, AB and so on.
fn letters(index: usize) -> String {
    let letter = |value: usize| char::from(b'A' + u8::try_from(value % 26).expect("less than 26"));
    if index < 26 { letter(index).to_string() } else { format!("{}{}", letters(index / 26 - 1), letter(index)) }
}

#[cfg(test)]
mod tests {
    use super::{letters, shape};
    use crate::demo::world::Pattern;

    #[test]
    fn demand_shapes_sections() {
        assert_eq!(shape(Pattern::Lecture, 150, 4, 100), (3, 50));
        assert_eq!(shape(Pattern::Lecture, 600, 4, 100), (4, 150));
        assert_eq!(shape(Pattern::LectureLab, 600, 4, 100), (4, 60), "no laboratory is larger");
        assert_eq!(shape(Pattern::Seminar, 0, 4, 100), (1, 12));
    }

    #[test]
    fn codes_are_letters() {
        assert_eq!([0, 25, 26, 27, 52].map(letters), ["A", "Z", "AA", "AB", "BA"]);
    }
}
