//! The week as half-hours: Monday to Friday, 08:30 to 18:30, one bit each.

use chrono::{NaiveTime, TimeDelta};

/// Half-hours in a day.
pub const BLOCKS: u8 = 20;

/// The same time on some days of the week; a class ends ten minutes before its last half-hour does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot {
    /// Bit 0 is Monday.
    pub days: u8,
    pub start: u8,
    pub blocks: u8,
}

impl Slot {
    pub fn week(self) -> u128 {
        let day = ((1u128 << self.blocks) - 1) << self.start;
        (0..5).filter(|bit| self.days & (1 << bit) != 0).fold(0, |week, bit| week | day << (bit * u32::from(BLOCKS)))
    }

    pub fn starts_at(self) -> NaiveTime {
        clock(self.start)
    }

    pub fn ends_at(self) -> NaiveTime {
        clock(self.start + self.blocks) - TimeDelta::minutes(10)
    }
}

fn clock(block: u8) -> NaiveTime {
    NaiveTime::from_hms_opt(8, 30, 0).expect("half past eight is a time") + TimeDelta::minutes(30 * i64::from(block))
}

/// Every combination of days and starts that stays inside the day.
fn slots(days: &[u8], starts: &[u8], blocks: u8) -> Vec<Slot> {
    let all = days.iter().flat_map(|&days| starts.iter().map(move |&start| Slot { days, start, blocks }));
    all.filter(|slot| slot.start + slot.blocks <= BLOCKS).collect()
}

const HOURS: [u8; 10] = [0, 2, 4, 6, 8, 10, 12, 14, 16, 18];
const LONG_HOURS: [u8; 6] = [0, 3, 6, 9, 12, 15];
const HALF_DAYS: [u8; 3] = [0, 6, 12];
const MON: u8 = 1;
const TUE: u8 = 2;
const WED: u8 = 4;
const THU: u8 = 8;
const FRI: u8 = 16;

/// Three hours of lecture a week: thrice fifty minutes or twice eighty.
pub fn lectures() -> Vec<Slot> {
    [slots(&[MON | WED | FRI], &HOURS, 2), slots(&[TUE | THU], &LONG_HOURS, 3)].concat()
}

/// Two hours of lecture beside a laboratory.
pub fn short_lectures() -> Vec<Slot> {
    slots(&[MON | WED, WED | FRI, TUE | THU], &HOURS, 2)
}

pub fn tutorials() -> Vec<Slot> {
    slots(&[MON, TUE, WED, THU, FRI], &HOURS, 2)
}

pub fn laboratories() -> Vec<Slot> {
    slots(&[MON, TUE, WED, THU, FRI], &HALF_DAYS, 6)
}

pub fn seminars() -> Vec<Slot> {
    [slots(&[TUE | THU], &LONG_HOURS, 3), slots(&[MON, WED, FRI], &HALF_DAYS, 6)].concat()
}

pub fn studios() -> Vec<Slot> {
    slots(&[MON | WED, TUE | THU, WED | FRI], &HALF_DAYS, 6)
}
