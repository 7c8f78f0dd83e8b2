//! Rooms, spread over the buildings that have the right kind.

use rand::seq::IndexedRandom;
use rand_chacha::ChaCha8Rng;

use super::profile::Profile;
use super::random::Ids;
use super::size::DemoSize;
use super::world::{Room, RoomKind};

const ROOMS_ON_A_FLOOR: usize = 12;

impl RoomKind {
    fn seats(self) -> &'static [i32] {
        match self {
            Self::Lecture => &[30, 40, 40, 60, 60, 60, 80, 80, 120, 120, 180, 240],
            Self::Laboratory => &[24, 30, 40, 40, 60, 60],
            Self::Studio => &[24, 30, 40],
        }
    }

    /// The largest room of the kind: no section of that kind can be larger.
    pub fn most_seats(self) -> i32 {
        match self {
            Self::Lecture => 240,
            Self::Laboratory => 60,
            Self::Studio => 40,
        }
    }
}

/// Enough that a week at most two thirds full finds a place for every class.
pub fn rooms(profile: &Profile, size: &DemoSize, rng: &mut ChaCha8Rng, ids: &mut Ids) -> Vec<Room> {
    let wanted = [
        (RoomKind::Lecture, 14 + size.students / 50),
        (RoomKind::Laboratory, 8 + size.students / 75),
        (RoomKind::Studio, 4 + size.students / 250),
    ];
    let mut used = vec![0; profile.buildings.len()];
    let mut rooms = Vec::new();
    for (kind, count) in wanted {
        let fitting: Vec<usize> = (0..used.len()).filter(|&index| profile.buildings[index].kinds.contains(&kind)).collect();
        for place in 0..count {
            let building = fitting[place % fitting.len()];
            let (floor, door) = (used[building] / ROOMS_ON_A_FLOOR + 1, used[building] % ROOMS_ON_A_FLOOR + 1);
            used[building] += 1;
            // The first of each kind are of each size, so that even a small institution has its large hall.
            let sizes = kind.seats();
            let seats = if place < sizes.len() { sizes[place] } else { *sizes.choose(rng).expect("a kind has sizes") };
            rooms.push(Room {
                id: ids.next(),
                building: profile.buildings[building].name,
                number: format!("{floor}{door:02}"),
                seats,
                kind,
            });
        }
    }
    rooms
}
