use chrono::NaiveTime;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Serialize, Serializer, ser::SerializeSeq};
use uuid::Uuid;

use crate::{
    api::{Date, Time},
    db::ids::{MeetingId, RoomId, TermId, UserId},
};

/// A term of teaching.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Term {
    pub id: TermId,
    /// "2026F".
    pub code: String,
    pub name: String,
    pub starts_on: Date,
    /// Its last day.
    pub ends_on: Date,
    /// Whether it is the one in progress; at most one is.
    pub current: bool,
}

/// A term as other records name it.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct TermRef {
    pub id: TermId,
    pub code: String,
    pub name: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Room {
    pub id: RoomId,
    pub building: String,
    pub number: String,
}

/// Who teaches a meeting.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Instructor {
    pub id: UserId,
    pub name: String,
}

impl Room {
    /// From the columns of an outer join.
    pub fn from_columns(id: Option<Uuid>, building: Option<String>, number: Option<String>) -> Option<Self> {
        Some(Self { id: RoomId(id?), building: building?, number: number? })
    }
}

impl Instructor {
    /// From the columns of an outer join.
    pub fn from_columns(id: Option<Uuid>, name: Option<String>) -> Option<Self> {
        Some(Self { id: UserId(id?), name: name? })
    }
}

/// One weekly pattern of a section.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Meeting {
    /// "Lecture", "Laboratory-Discussion", in the catalog's own words.
    pub kind: String,
    /// Empty when the meeting is arranged.
    pub days: Days,
    /// Civil time in the institution's zone; null when the meeting is arranged.
    pub starts_at: Option<Time>,
    pub ends_at: Option<Time>,
    pub room: Option<Room>,
    pub instructors: Vec<Instructor>,
}

const WEEKDAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// Days of the week: bit 0 is Monday, bit 6 is Sunday. On the wire a list in that order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Days(u8);

impl Days {
    /// Bits beyond Sunday, which the database's CHECK refuses, are dropped.
    pub fn from_bits(bits: i16) -> Self {
        Self((bits & 0x7f) as u8)
    }

    pub fn names(self) -> impl Iterator<Item = &'static str> {
        WEEKDAYS.into_iter().enumerate().filter(move |(day, _)| self.0 & (1 << day) != 0).map(|(_, name)| name)
    }
}

impl Serialize for Days {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(Some(self.0.count_ones() as usize))?;
        for name in self.names() {
            list.serialize_element(name)?;
        }
        list.end()
    }
}

impl JsonSchema for Days {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Days".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "array", "items": { "type": "string", "enum": WEEKDAYS }, "maxItems": WEEKDAYS.len() })
    }
}

/// One row of meetings joined with their room and instructors: as many rows a meeting as it has instructors, at least one.
pub struct MeetingRow {
    pub id: MeetingId,
    pub kind: String,
    pub days: i16,
    pub starts_at: Option<NaiveTime>,
    pub ends_at: Option<NaiveTime>,
    pub room: Option<Room>,
    pub instructor: Option<Instructor>,
}

/// Folds rows that come in the order of their meetings into meetings.
#[derive(Default)]
pub struct Meetings {
    last: Option<MeetingId>,
    list: Vec<Meeting>,
}

impl Meetings {
    pub fn push(&mut self, row: MeetingRow) {
        match self.list.last_mut() {
            Some(meeting) if self.last == Some(row.id) => meeting.instructors.extend(row.instructor),
            _ => {
                self.last = Some(row.id);
                self.list.push(Meeting {
                    kind: row.kind,
                    days: Days::from_bits(row.days),
                    starts_at: row.starts_at.map(Time),
                    ends_at: row.ends_at.map(Time),
                    room: row.room,
                    instructors: row.instructor.into_iter().collect(),
                });
            }
        }
    }

    pub fn into_vec(self) -> Vec<Meeting> {
        self.list
    }
}

impl Extend<MeetingRow> for Meetings {
    fn extend<I: IntoIterator<Item = MeetingRow>>(&mut self, rows: I) {
        rows.into_iter().for_each(|row| self.push(row));
    }
}

/// Everyone who teaches in any of these meetings, once, in the order of the meetings.
pub fn instructors_of(meetings: &[Meeting]) -> Vec<Instructor> {
    let mut all: Vec<Instructor> = Vec::new();
    for instructor in meetings.iter().flat_map(|meeting| &meeting.instructors) {
        if all.iter().all(|known| known.id != instructor.id) {
            all.push(instructor.clone());
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn instructor(n: u128) -> Instructor {
        Instructor { id: UserId(Uuid::from_u128(n)), name: format!("Instructor {n}") }
    }

    fn row(meeting: u128, taught_by: Option<u128>) -> MeetingRow {
        MeetingRow {
            id: MeetingId(Uuid::from_u128(meeting)),
            kind: format!("Kind {meeting}"),
            days: 0b1_0101,
            starts_at: NaiveTime::from_hms_opt(8, 5, 0),
            ends_at: NaiveTime::from_hms_opt(9, 0, 0),
            room: None,
            instructor: taught_by.map(instructor),
        }
    }

    #[test]
    fn days_are_listed_from_monday() {
        for (bits, names) in [
            (0, "[]"),
            (0b1_0101, r#"["mon","wed","fri"]"#),
            (0b110_0000, r#"["sat","sun"]"#),
            (0b111_1111, r#"["mon","tue","wed","thu","fri","sat","sun"]"#),
            (0b1000_0001, r#"["mon"]"#),
        ] {
            assert_eq!(serde_json::to_string(&Days::from_bits(bits)).unwrap(), names, "{bits:b}");
        }
    }

    #[test]
    fn rows_of_one_meeting_are_one_meeting() {
        let mut meetings = Meetings::default();
        for (meeting, taught_by) in [(1, Some(10)), (1, Some(11)), (2, None), (3, Some(10))] {
            meetings.push(row(meeting, taught_by));
        }
        let meetings = meetings.into_vec();
        let shown: Vec<_> = meetings.iter().map(|m| (m.kind.as_str(), m.instructors.clone())).collect();
        assert_eq!(
            shown,
            [("Kind 1", vec![instructor(10), instructor(11)]), ("Kind 2", vec![]), ("Kind 3", vec![instructor(10)])]
        );
        assert_eq!(instructors_of(&meetings), [instructor(10), instructor(11)]);
    }

    #[test]
    fn a_meeting_on_the_wire() {
        let mut meetings = Meetings::default();
        meetings.push(row(1, Some(10)));
        assert_eq!(
            serde_json::to_value(meetings.into_vec()).unwrap(),
            serde_json::json!([{
                "kind": "Kind 1", "days": ["mon", "wed", "fri"], "startsAt": "08:05", "endsAt": "09:00", "room": null,
                "instructors": [{ "id": "00000000-0000-0000-0000-00000000000a", "name": "Instructor 10" }],
            }])
        );
    }
}
