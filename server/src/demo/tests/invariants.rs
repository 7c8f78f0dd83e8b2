//! No clash, no oversell, nothing dangling; the same seed, the same bytes.

use std::collections::{BTreeMap, BTreeSet};

use super::{SEED, bytes, chandigarh, northgate, today, world};
use crate::demo::world::World;
use crate::demo::{CHANDIGARH, DemoSize, generate};

#[test]
fn the_same_seed_gives_the_same_bytes() {
    let small = DemoSize::of_students(300);
    let one = bytes(&generate(&CHANDIGARH, &small, SEED, today()));
    assert!(one == bytes(&generate(&CHANDIGARH, &small, SEED, today())));
    assert!(one != bytes(&generate(&CHANDIGARH, &small, SEED + 1, today())));
}

#[test]
fn the_demo_is_as_large_as_it_says() {
    let world = chandigarh();
    eprintln!("{}", summary(world));
    assert_eq!((world.departments.len(), world.students.len(), world.faculty.len(), world.admins.len()), (12, 3_000, 200, 6));
    assert!(world.courses.len() >= 300);
    let mut per_course: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    for section in world.sections.iter().filter(|section| !section.cancelled) {
        *per_course.entry((section.term, section.course)).or_default() += 1;
    }
    assert!(per_course.values().all(|count| (1..=4).contains(count)));
    assert_eq!(
        per_course.keys().filter(|(term, _)| *term == World::CURRENT).count(),
        world.courses.len(),
        "every course is taught"
    );
    let ids: BTreeSet<uuid::Uuid> =
        world.users.iter().map(|user| user.id).chain(world.enrollments.iter().map(|row| row.id)).collect();
    assert_eq!(ids.len(), world.users.len() + world.enrollments.len());
    assert!(ids.iter().all(|id| id.get_version_num() == 7 && id.get_variant() == uuid::Variant::RFC4122));
    let emails: BTreeSet<&str> = world.users.iter().map(|user| user.email.as_str()).collect();
    assert_eq!(emails.len(), world.users.len());
    let numbers: BTreeSet<&str> = world.students.iter().map(|student| student.number.as_str()).collect();
    assert_eq!(numbers.len(), world.students.len());
}

#[test]
fn students_have_four_to_six_courses_and_no_clash() {
    for world in [chandigarh(), northgate(), &world(&CHANDIGARH, DemoSize::of_students(100))] {
        let mut weeks: BTreeMap<(usize, usize), u128> = BTreeMap::new();
        let mut taken: BTreeSet<(usize, usize, usize)> = BTreeSet::new();
        let mut count = vec![0; world.students.len()];
        for enrollment in &world.enrollments {
            let section = &world.sections[enrollment.section];
            let week = weeks.entry((section.term, enrollment.student)).or_default();
            assert_eq!(*week & section.week, 0, "two places at once");
            *week |= section.week;
            assert!(taken.insert((section.term, enrollment.student, section.course)), "one course twice");
            assert!(enrollment.at.date_naive() < world.terms[section.term].starts_on);
            assert!(section.term <= World::CURRENT && !section.cancelled);
            count[enrollment.student] += usize::from(section.term == World::CURRENT);
        }
        let short = count.iter().filter(|&&count| count < 4).count();
        assert!(count.iter().all(|count| *count <= 6));
        assert_eq!(short, 0, "of {} students of {}", world.students.len(), world.profile.short_name);
    }
}

#[test]
fn rooms_and_faculty_are_in_one_place_at_a_time() {
    for world in [chandigarh(), northgate()] {
        let mut rooms: BTreeMap<(usize, usize), u128> = BTreeMap::new();
        let mut people: BTreeMap<(usize, usize), u128> = BTreeMap::new();
        let mut sections: BTreeMap<usize, u128> = BTreeMap::new();
        let weeks: Vec<u128> = world.meetings.iter().map(|meeting| meeting.slot.map_or(0, |slot| slot.week())).collect();
        for (meeting, &week) in world.meetings.iter().zip(&weeks) {
            let section = &world.sections[meeting.section];
            let mine = sections.entry(meeting.section).or_default();
            assert_eq!(*mine & week, 0);
            *mine |= week;
            let Some(room) = meeting.room else { continue };
            assert!(section.cap <= world.rooms[room].seats);
            let taken = rooms.entry((section.term, room)).or_default();
            assert_eq!(*taken & week, 0, "a room holds two classes");
            *taken |= week;
        }
        for &(meeting, person) in &world.teaching {
            let taken = people.entry((world.sections[world.meetings[meeting].section].term, person)).or_default();
            assert_eq!(*taken & weeks[meeting], 0, "somebody teaches in two places");
            *taken |= weeks[meeting];
        }
        assert!(
            world.sections.iter().enumerate().all(|(index, section)| section.week == sections.get(&index).copied().unwrap_or(0))
        );
    }
}

#[test]
fn no_section_is_oversold_and_they_differ() {
    let world = chandigarh();
    let mut enrolled = vec![0; world.sections.len()];
    world.enrollments.iter().for_each(|enrollment| enrolled[enrollment.section] += 1);
    for (section, enrolled) in world.sections.iter().zip(&enrolled) {
        assert!(section.enrolled == *enrolled && *enrolled <= section.cap);
    }
    let current: Vec<_> = world.sections.iter().filter(|section| section.term == World::CURRENT && !section.cancelled).collect();
    let share = |fits: fn(i32, i32) -> bool| current.iter().filter(|s| fits(s.enrolled, s.cap)).count() * 100 / current.len();
    let (full, empty) = (share(|enrolled, cap| enrolled == cap), share(|enrolled, cap| 3 * enrolled <= cap));
    assert!((8..=60).contains(&full) && (3..=35).contains(&empty), "{full} % full, {empty} % nearly empty");
    assert_eq!(world.sections.iter().filter(|section| section.cancelled).count(), 5);
}

#[test]
fn almost_every_class_has_a_room_and_a_teacher() {
    for world in [chandigarh(), northgate(), &world(&CHANDIGARH, DemoSize::of_students(6_000))] {
        let meetings: Vec<usize> = (0..world.meetings.len())
            .filter(|&index| {
                world.sections[world.meetings[index].section].term == World::CURRENT && world.meetings[index].slot.is_some()
            })
            .collect();
        let roomless = meetings.iter().filter(|&&index| world.meetings[index].room.is_none()).count();
        let taught: BTreeSet<usize> = world.teaching.iter().map(|(meeting, _)| *meeting).collect();
        let alone = meetings.iter().filter(|index| !taught.contains(index)).count();
        assert!(
            roomless * 100 <= 4 * meetings.len() && alone * 100 <= 6 * meetings.len(),
            "{roomless}, {alone} of {}",
            meetings.len()
        );
        let with_meetings: BTreeSet<usize> = world.meetings.iter().map(|meeting| meeting.section).collect();
        let homeless = world
            .sections
            .iter()
            .enumerate()
            .filter(|(index, section)| !section.cancelled && !with_meetings.contains(index))
            .count();
        assert!(homeless * 200 <= world.sections.len(), "{homeless} sections never meet");
    }
}

#[test]
fn past_terms_have_results_and_nobody_repeats_what_they_passed() {
    let world = chandigarh();
    let past = world.enrollments.iter().filter(|row| world.sections[row.section].term < World::CURRENT).count();
    assert_eq!(world.results.len(), past);
    let passed: BTreeSet<(usize, usize)> = world
        .results
        .iter()
        .inspect(|result| assert!(result.at.date_naive() > world.terms[result.term].ends_on))
        .filter(|result| result.credits > 0)
        .map(|result| (result.student, result.course))
        .collect();
    let again = world.enrollments.iter().filter(|row| {
        let section = &world.sections[row.section];
        section.term == World::CURRENT && passed.contains(&(row.student, section.course))
    });
    // Only who found nothing else to take.
    assert!(again.count() * 100 <= world.enrollments.len());
}

fn summary(world: &World) -> String {
    let current = world.sections.iter().filter(|section| section.term == World::CURRENT);
    let (sections, seats, taken) = current.fold((0, 0, 0), |(n, cap, taken), s| (n + 1, cap + s.cap, taken + s.enrolled));
    let full = world.sections.iter().filter(|s| s.term == World::CURRENT && s.enrolled == s.cap).count();
    format!(
        "{} rooms, {} sections ({sections} now, {full} full, {taken} of {seats} seats), {} meetings, {} enrollments, {} results",
        world.rooms.len(),
        world.sections.len(),
        world.meetings.len(),
        world.enrollments.len(),
        world.results.len(),
    )
}
