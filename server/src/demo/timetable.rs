//! Puts sections into the week: a time, a room and somebody to teach each meeting.
//!
//! Greedy, largest first: for every meeting the least crowded time (for those who will want this course beside others
//! of their year) at which an instructor and a large enough room are both free. What finds no room stays without one,
//! as in any real term.

use rand::Rng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

use super::grid::{self, BLOCKS, Slot};
use super::random::Ids;
use super::world::{Course, Faculty, Meeting, Pattern, Room, RoomKind, Section, World};

/// What the timetable of one term is made from.
pub struct Inputs<'a> {
    pub courses: &'a [Course],
    pub rooms: &'a [Room],
    pub faculty: &'a [Faculty],
    pub departments: usize,
    pub term: usize,
}

/// Meetings and who teaches them, by index of section and of meeting.
#[derive(Default)]
pub struct Timetable {
    pub meetings: Vec<Meeting>,
    pub teaching: Vec<(usize, usize)>,
}

const HALF_HOURS: usize = 5 * BLOCKS as usize;
const LEVELS: usize = 5;

struct Term<'a> {
    inputs: &'a Inputs<'a>,
    /// Occupied half-hours.
    rooms: Vec<u128>,
    faculty: Vec<u128>,
    /// Meetings each person has.
    load: Vec<u32>,
    /// How much a half-hour is already asked of the students of each department and level.
    crowd: Vec<[u32; HALF_HOURS]>,
    /// Rooms of each kind, small ones first.
    by_kind: [Vec<usize>; 3],
    members: Vec<Vec<usize>>,
}

/// Schedules `sections`, which are all of one term; `first` is the index of the first of them in the world.
pub fn schedule(inputs: &Inputs<'_>, sections: &mut [Section], first: usize, rng: &mut ChaCha8Rng, ids: &mut Ids) -> Timetable {
    let mut term = Term::new(inputs);
    let mut order: Vec<usize> = (0..sections.len()).filter(|&index| !sections[index].cancelled).collect();
    order.shuffle(rng);
    order.sort_by_key(|&index| std::cmp::Reverse(sections[index].cap));
    let mut placed: Vec<Vec<Placed>> = sections.iter().map(|_| Vec::new()).collect();
    for index in order {
        let section = &mut sections[index];
        let siblings = siblings_of(section, inputs);
        placed[index] = term.place(section, siblings, rng);
    }
    let mut table = Timetable::default();
    for (index, meetings) in placed.into_iter().enumerate() {
        for (position, meeting) in (0i16..).zip(meetings) {
            let at = table.meetings.len();
            table.teaching.extend(meeting.instructors.into_iter().map(|person| (at, person)));
            let (kind, slot, room) = (meeting.kind, meeting.slot, meeting.room);
            table.meetings.push(Meeting { id: ids.next(), section: first + index, position, kind, slot, room });
        }
    }
    table
}

/// A section among many of its course blocks little: students take another.
fn siblings_of(section: &Section, inputs: &Inputs<'_>) -> u32 {
    let last = section.code.bytes().last().unwrap_or(b'A');
    let course = &inputs.courses[section.course];
    if course.common { 4 } else { 1 + u32::from(last - b'A') }
}

struct Placed {
    kind: &'static str,
    slot: Option<Slot>,
    room: Option<usize>,
    instructors: Vec<usize>,
}

/// One kind of meeting a pattern has.
struct Need {
    kind: &'static str,
    slots: Vec<Slot>,
    room: RoomKind,
}

fn needs(course: &Course) -> Vec<Need> {
    let need = |kind, slots, room| Need { kind, slots, room };
    match course.pattern {
        Pattern::Lecture if course.credits >= 4 => {
            vec![need("Lecture", grid::lectures(), RoomKind::Lecture), need("Tutorial", grid::tutorials(), RoomKind::Lecture)]
        }
        Pattern::Lecture => vec![need("Lecture", grid::lectures(), RoomKind::Lecture)],
        Pattern::LectureLab => vec![
            need("Lecture", grid::short_lectures(), RoomKind::Lecture),
            need("Laboratory", grid::laboratories(), RoomKind::Laboratory),
        ],
        Pattern::Seminar => vec![need("Seminar", grid::seminars(), RoomKind::Lecture)],
        Pattern::Studio => vec![need("Studio", grid::studios(), RoomKind::Studio)],
        Pattern::Arranged => Vec::new(),
    }
}

impl<'a> Term<'a> {
    fn new(inputs: &'a Inputs<'a>) -> Self {
        let of_kind = |kind| {
            let mut rooms: Vec<usize> = (0..inputs.rooms.len()).filter(|&room| inputs.rooms[room].kind == kind).collect();
            rooms.sort_by_key(|&room| inputs.rooms[room].seats);
            rooms
        };
        let mut members = vec![Vec::new(); inputs.departments];
        for (index, person) in inputs.faculty.iter().enumerate() {
            members[person.department].push(index);
        }
        Self {
            inputs,
            rooms: vec![0; inputs.rooms.len()],
            faculty: vec![0; inputs.faculty.len()],
            load: vec![0; inputs.faculty.len()],
            crowd: vec![[0; HALF_HOURS]; inputs.departments * LEVELS],
            by_kind: [RoomKind::Lecture, RoomKind::Laboratory, RoomKind::Studio].map(of_kind),
            members,
        }
    }

    fn place(&mut self, section: &mut Section, siblings: u32, rng: &mut ChaCha8Rng) -> Vec<Placed> {
        let course = &self.inputs.courses[section.course];
        let mut candidates = self.candidates(course.department, rng);
        let staffed = !self.unstaffed(rng);
        let needs = needs(course);
        if needs.is_empty() {
            // Supervision: by appointment, shared by several of the department.
            let instructors = candidates.into_iter().take(4).collect();
            return vec![Placed { kind: "Independent Study", slot: None, room: None, instructors }];
        }
        let mut placed = Vec::new();
        for mut need in needs {
            need.slots.shuffle(rng);
            need.slots.sort_by_key(|slot| self.crowding(course, slot.week()));
            let roomless = rng.random_ratio(self.roomless_percent(), 100);
            let found = self.find(section, &need, staffed.then_some(&candidates), roomless);
            let Some((slot, room, person)) = found else {
                continue;
            };
            self.occupy(course, slot.week(), siblings);
            section.week |= slot.week();
            // Who gives the lecture also gives the tutorial, if they can.
            candidates.sort_by_key(|&candidate| Some(candidate) != person);
            let mut instructors: Vec<usize> = person.into_iter().collect();
            instructors.extend(self.assistant(&need, slot, &candidates, person, rng));
            instructors.iter().for_each(|&person| self.teach(person, slot.week()));
            if let Some(room) = room {
                self.rooms[room] |= slot.week();
            }
            placed.push(Placed { kind: need.kind, slot: Some(slot), room, instructors });
        }
        placed
    }

    /// The department's people, those with the least to do first.
    fn candidates(&self, department: usize, rng: &mut ChaCha8Rng) -> Vec<usize> {
        let mut people = self.members[department].clone();
        people.shuffle(rng);
        people.sort_by_key(|&person| self.load[person]);
        people
    }

    fn unstaffed(&self, rng: &mut ChaCha8Rng) -> bool {
        let percent = [1, 1, 2, 12][self.inputs.term.min(World::CURRENT + 1)];
        rng.random_ratio(percent, 100)
    }

    fn roomless_percent(&self) -> u32 {
        [0, 0, 1, 6][self.inputs.term.min(World::CURRENT + 1)]
    }

    fn crowding(&self, course: &Course, week: u128) -> u32 {
        let crowd = &self.crowd[cohort(course.department, course)];
        bits(week).map(|bit| crowd[bit]).sum()
    }

    fn occupy(&mut self, course: &Course, week: u128, siblings: u32) {
        // What is open to all stands in the way of every department's first year.
        let departments = if course.common { 0..self.inputs.departments } else { course.department..course.department + 1 };
        for department in departments {
            let crowd = &mut self.crowd[cohort(department, course)];
            bits(week).for_each(|bit| crowd[bit] += 12 / siblings.clamp(1, 12));
        }
    }

    /// The first time at which somebody can teach it and a room can hold it; without a room if there is none.
    fn find(
        &self,
        section: &Section,
        need: &Need,
        staff: Option<&[usize]>,
        roomless: bool,
    ) -> Option<(Slot, Option<usize>, Option<usize>)> {
        let free = |slot: &&Slot| section.week & slot.week() == 0;
        let person = |week: u128| staff.map(|staff| staff.iter().copied().find(|&person| self.faculty[person] & week == 0));
        let mut without_room = None;
        for slot in need.slots.iter().filter(free) {
            let week = slot.week();
            let Some(person) = person(week).map_or(Some(None), |found| found.map(Some)) else {
                continue;
            };
            let rooms = &self.by_kind[need.room as usize];
            let room =
                rooms.iter().copied().find(|&room| self.inputs.rooms[room].seats >= section.cap && self.rooms[room] & week == 0);
            if room.is_some() && !roomless {
                return Some((*slot, room, person));
            }
            without_room.get_or_insert((*slot, None, person));
        }
        without_room
    }

    /// Laboratories often have a second pair of hands.
    fn assistant(
        &self,
        need: &Need,
        slot: Slot,
        candidates: &[usize],
        first: Option<usize>,
        rng: &mut ChaCha8Rng,
    ) -> Option<usize> {
        if need.kind != "Laboratory" || first.is_none() || !rng.random_ratio(1, 3) {
            return None;
        }
        candidates.iter().copied().find(|&person| Some(person) != first && self.faculty[person] & slot.week() == 0)
    }

    fn teach(&mut self, person: usize, week: u128) {
        self.faculty[person] |= week;
        self.load[person] += 1;
    }
}

fn cohort(department: usize, course: &Course) -> usize {
    department * LEVELS + usize::try_from(course.level() - 1).unwrap_or(0).min(LEVELS - 1)
}

fn bits(week: u128) -> impl Iterator<Item = usize> {
    (0..HALF_HOURS).filter(move |bit| week & (1 << bit) != 0)
}
