//! Puts a world together, term by term.

use chrono::NaiveDate;

use super::courses::{self, Offer};
use super::enroll::Registration;
use super::people::{self, Intake, Names};
use super::profile::Profile;
use super::random::{Ids, stream};
use super::results::results;
use super::rooms::rooms;
use super::sections::{self, Planning};
use super::size::DemoSize;
use super::timetable::{self, Inputs};
use super::wishes::{Offerings, Wish};
use super::world::{Outcome, Student, World};
use super::{calendar, random};

/// An institution of this kind and size as it is on a day. The same arguments give the same world.
///
/// Takes about half a second for the default size in a release build, and grows a little faster than the size.
pub fn generate(profile: &'static Profile, size: &DemoSize, seed: u64, today: NaiveDate) -> World {
    let ids = |name: &str| Ids::new(seed, &format!("ids of {name}"), today);
    let Offer { departments, programs, courses } = courses::read(profile.courses, &mut ids("courses"));
    let terms = calendar::terms(profile, today, &mut ids("terms"));
    let parts = calendar::parts(&terms, &mut ids("parts"));
    let rooms = rooms(profile, size, &mut stream(seed, "rooms"), &mut ids("rooms"));

    let mut users = Vec::new();
    let mut names = Names::new(profile, stream(seed, "people"), ids("people"));
    let admins = people::admins(profile, &mut names, &mut users);
    let places = people::shares(size.students, profile.weights, 1);
    let faculty = people::faculty(&posts(profile, size), &mut names, &mut users);
    let first_half = calendar::starts_year(today);
    let intake = Intake {
        departments: &departments,
        programs: &programs,
        per_department: &places,
        term: &terms[World::CURRENT],
        first_half,
    };
    let students = people::students(&intake, &mut names, &mut users);

    let mut world = World {
        profile,
        today,
        departments,
        users,
        admins,
        faculty,
        students,
        terms,
        parts,
        rooms,
        courses,
        sections: Vec::new(),
        meetings: Vec::new(),
        teaching: Vec::new(),
        enrollments: Vec::new(),
        results: Vec::new(),
    };
    fill(&mut world, size, seed, &mut ids("terms' rows"));
    world
}

/// Posts follow students, evened out: every department teaches the others too.
fn posts(profile: &Profile, size: &DemoSize) -> Vec<usize> {
    let evened: Vec<u32> = profile.weights.iter().map(|weight| weight + 6).collect();
    people::shares(size.faculty, &evened, 2)
}

fn fill(world: &mut World, size: &DemoSize, seed: u64, ids: &mut Ids) {
    let courses = std::mem::take(&mut world.courses);
    let offerings = Offerings::new(&courses, world.departments.len(), &mut stream(seed, "popularity"));
    let mut passed: Vec<Vec<usize>> = vec![Vec::new(); world.students.len()];
    for term in 0..world.terms.len() {
        let rng = |name: &str| random::stream(seed, &format!("{name} of term {term}"));
        let wishes = wishes(&world.students, term, &offerings, &passed, &mut rng("wishes"));
        let planning = Planning { term, size, courses: &courses, parts: &world.parts, wishes: &wishes };
        let mut sections = sections::plan(&planning, &mut rng("sections"), ids);
        let first = world.sections.len();
        let inputs = Inputs {
            courses: &courses,
            rooms: &world.rooms,
            faculty: &world.faculty,
            departments: world.departments.len(),
            term,
        };
        let table = timetable::schedule(&inputs, &mut sections, first, &mut rng("timetable"), ids);
        let before = world.meetings.len();
        world.teaching.extend(table.teaching.into_iter().map(|(meeting, person)| (before + meeting, person)));
        world.meetings.extend(table.meetings);
        let mut enrollments = Vec::new();
        if term <= World::CURRENT {
            let registration = Registration {
                term: &world.terms[term],
                students: &world.students,
                courses: &courses,
                offerings: &offerings,
                sections: &mut sections,
                first,
            };
            enrollments = registration.run(&wishes, &mut rng("registration"), ids);
        }
        world.sections.extend(sections);
        if term < World::CURRENT {
            let decided = results(&world.terms[term], &enrollments, (&world.sections, &courses), &mut rng("results"), ids);
            for result in decided.iter().filter(|result| result.outcome == Outcome::Passed) {
                passed[result.student].push(result.course);
            }
            world.results.extend(decided);
        }
        world.enrollments.extend(enrollments);
    }
    world.courses = courses;
}

/// Wishes of everybody who studies in a term. For the next term those who will have left stand in for those who come.
fn wishes(
    students: &[Student],
    term: usize,
    offerings: &Offerings<'_>,
    passed: &[Vec<usize>],
    rng: &mut rand_chacha::ChaCha8Rng,
) -> Vec<Wish> {
    let ahead = i16::try_from(term).expect("four terms") - i16::try_from(World::CURRENT).expect("four terms");
    let mut wishes = Vec::new();
    for (index, student) in students.iter().enumerate() {
        let last = if student.postgraduate { 4 } else { 8 };
        let semester = match student.semester + ahead {
            before if before < 1 => continue,
            after if after > last => 1,
            semester => semester,
        };
        let done: &[usize] = if semester == 1 { &[] } else { &passed[index] };
        wishes.push(offerings.wish(index, student, semester, done, rng));
    }
    wishes
}
