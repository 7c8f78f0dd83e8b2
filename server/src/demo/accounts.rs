//! Whom to sign in as: one person per role whose first page has something to show.

use uuid::Uuid;

use super::world::{Student, World};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoAccount {
    pub user_id: Uuid,
    pub email: String,
    pub name: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoAccounts {
    pub student: DemoAccount,
    pub faculty: DemoAccount,
    pub admin: DemoAccount,
}

/// A student in their second or third year with classes on as many weekdays as possible, a lecturer with several full
/// sections in the term in progress, and the first admin. `None` only for a world without people.
pub fn accounts(world: &World) -> Option<DemoAccounts> {
    let account = |user: usize| {
        let user = &world.users[user];
        DemoAccount { user_id: user.id, email: user.email.clone(), name: user.name.clone() }
    };
    Some(DemoAccounts {
        student: account(world.students[student(world)?].user),
        faculty: account(world.faculty[lecturer(world)?].user),
        admin: account(world.admins.first()?.user),
    })
}

/// Weekdays of classes first: five if anybody has five, so today is one of them whenever it is a weekday.
fn student(world: &World) -> Option<usize> {
    let mut weeks = vec![(0u128, 0u32); world.students.len()];
    for enrollment in &world.enrollments {
        let section = &world.sections[enrollment.section];
        if section.term == World::CURRENT {
            weeks[enrollment.student].0 |= section.week;
            weeks[enrollment.student].1 += 1;
        }
    }
    let settled = |student: &Student| !student.postgraduate && (3..=6).contains(&student.semester);
    (0..weeks.len()).max_by_key(|&index| {
        let (week, courses) = weeks[index];
        (days(week), settled(&world.students[index]), courses, std::cmp::Reverse(index))
    })
}

fn days(week: u128) -> u32 {
    let day = (1u128 << super::grid::BLOCKS) - 1;
    (0..5).map(|index| u32::from(week & (day << (index * u32::from(super::grid::BLOCKS))) != 0)).sum()
}

/// Two to four sections, the fullest rosters.
fn lecturer(world: &World) -> Option<usize> {
    let mut taught: Vec<Vec<usize>> = vec![Vec::new(); world.faculty.len()];
    for &(meeting, person) in &world.teaching {
        let section = world.meetings[meeting].section;
        if world.sections[section].term == World::CURRENT
            && world.sections[section].week != 0
            && !taught[person].contains(&section)
        {
            taught[person].push(section);
        }
    }
    (0..taught.len()).max_by_key(|&person| {
        let rosters: i32 = taught[person].iter().map(|&section| world.sections[section].enrolled).sum();
        let full =
            taught[person].iter().filter(|&&section| world.sections[section].enrolled == world.sections[section].cap).count();
        ((2..=4).contains(&taught[person].len()), full.min(2), rosters, std::cmp::Reverse(person))
    })
}
