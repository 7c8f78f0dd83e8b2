//! One row of the file, cell by cell, with every broken cell named. Bounds are those of the database's CHECKs.

use std::collections::BTreeSet;

use chrono::NaiveTime;

use super::cells::{Cells, required, up_to};
use super::columns::Column;
use super::credits::{Credits, CreditsKind};
use super::model::{Course, CourseKey, Meeting, RoomKey, Section, SectionStatus};
use super::times;

const MAX_INSTRUCTORS: usize = 100;
/// "CS|" and the name must stay within what a person's name may have.
const MAX_INSTRUCTOR_CHARS: usize = 100;

/// What one row says; instructors are still bare names.
pub struct Row {
    pub term_code: String,
    pub course_key: CourseKey,
    pub course: Course,
    pub crn: String,
    pub section: Section,
    pub meeting: Meeting,
}

impl Cells<'_> {
    /// Every cell is read before any is missed, so that one pass names all errors of the row.
    pub fn read(mut self) -> Option<Row> {
        let term_code = self.line(Column::YearTerm, required(20));
        let department = self.form(Column::Subject, 8, is_department_code, "a capital letter, then capitals, digits or &");
        let number = self.form(Column::Number, 10, is_course_number, "digits and capitals, with . or - inside");
        let title = self.line(Column::Name, required(200));
        let description = self.prose(Column::Description, 8000);
        let credits = self.credits(Column::CreditHours);
        let attributes = self.prose(Column::DegreeAttributes, 2000);
        let crn = self.form(Column::Crn, 12, |text| text.bytes().all(|b| b.is_ascii_alphanumeric()), "letters and digits");
        let code = self.line(Column::Section, up_to(10));
        let part = self.line(Column::PartOfTerm, up_to(10));
        let section_title = self.line(Column::SectionTitle, up_to(200));
        let section_credits = self.section_credits();
        let status = self.status();
        let info = self.info(description.as_deref());
        let meeting = self.meeting();
        let course_key = CourseKey { department: department?, number: number? };
        Some(Row {
            term_code: term_code?,
            course: Course { title: title?, description: description?, credits: credits?, attributes: attributes? },
            crn: crn?,
            section: Section {
                course: course_key.clone(),
                part: part.map(|part| (!part.is_empty()).then_some(part))?,
                code: code?,
                title: section_title?,
                info: info?,
                credits_hundredths: section_credits?,
                status: status?,
            },
            meeting: meeting?,
            course_key,
        })
    }

    fn credits(&mut self, column: Column) -> Option<Credits> {
        let text = self.line(column, required(40))?;
        match Credits::parse(&text) {
            Some(credits) => Some(credits),
            None => self.error(
                column,
                "bad-credits",
                format!("{text:?} is not credit hours such as \"3 hours.\" or \"1 TO 5 hours.\""),
            ),
        }
    }

    fn section_credits(&mut self) -> Option<Option<i32>> {
        let column = Column::SectionCreditHours;
        let text = self.line(column, up_to(40))?;
        if text.is_empty() {
            return Some(None);
        }
        match Credits::parse(&text) {
            Some(credits) if credits.kind == CreditsKind::Fixed => Some(Some(credits.min_hundredths)),
            _ => self.error(column, "bad-credits", format!("{text:?} is not a fixed number of hours such as \"3 hours\"")),
        }
    }

    /// "A" is active and "P" pending, which for a section without capacity is the same; "C" and "X" are cancelled.
    fn status(&mut self) -> Option<SectionStatus> {
        let column = Column::SectionStatus;
        let text = self.line(column, up_to(10))?;
        match text.as_str() {
            "" | "A" | "P" => Some(SectionStatus::Active),
            "C" | "X" => Some(SectionStatus::Cancelled),
            _ => self.error(column, "bad-status", format!("{text:?} is none of A, P, C, X")),
        }
    }

    /// The file repeats the end of the course's description as the section's information: only what is new is kept.
    fn info(&mut self, description: Option<&str>) -> Option<String> {
        let section = self.prose(Column::SectionInfo, 8000);
        let schedule = self.prose(Column::ScheduleInformation, 8000);
        let (section, schedule) = (section?, schedule?);
        let said = |text: &str| description.is_some_and(|known| known.contains(text));
        let mut new: Vec<&str> =
            [section.as_str(), schedule.as_str()].into_iter().filter(|text| !text.is_empty() && !said(text)).collect();
        new.dedup();
        let info = new.join("\n\n");
        if info.chars().count() > 8000 {
            return self.error(Column::SectionInfo, "too-long", "with the schedule information more than 8000 characters");
        }
        Some(info)
    }

    fn meeting(&mut self) -> Option<Meeting> {
        let kind = self.line(Column::Type, required(60));
        let weekly = self.weekly();
        let room = self.room();
        let instructors = self.instructors();
        let (days, times) = weekly?;
        Some(Meeting { kind: kind?, days, times, room: room?, instructors: instructors? })
    }

    /// Days and times go together; a catalog that gives only one of them has not arranged the other yet.
    fn weekly(&mut self) -> Option<(u8, Option<(NaiveTime, NaiveTime)>)> {
        let days = self.days();
        let times = self.times();
        let (days, times) = (days?, times?);
        match (days, times) {
            (0, None) => Some((0, None)),
            (_, None) => {
                self.warn(Column::StartTime, "days-without-times", "days without times: imported as arranged");
                Some((0, None))
            }
            (0, Some(_)) => {
                self.warn(Column::DaysOfWeek, "times-without-days", "times without days: imported as arranged");
                Some((0, None))
            }
            (days, Some(times)) => Some((days, Some(times))),
        }
    }

    fn days(&mut self) -> Option<u8> {
        let text = self.line(Column::DaysOfWeek, up_to(7))?;
        match times::days(&text) {
            Some(days) => Some(days),
            None => self.error(
                Column::DaysOfWeek,
                "bad-days",
                format!("{text:?} is not made of the letters M T W R F S U, each once"),
            ),
        }
    }

    fn times(&mut self) -> Option<Option<(NaiveTime, NaiveTime)>> {
        let start = self.line(Column::StartTime, up_to(20));
        let end = self.line(Column::EndTime, up_to(20));
        let (start, end) = (start?, end?);
        let arranged = |text: &str| text.is_empty() || text.eq_ignore_ascii_case("ARRANGED");
        match (arranged(&start), arranged(&end)) {
            (true, true) => return Some(None),
            (true, false) => {
                return self.error(Column::StartTime, "required", "an end without a start");
            }
            (false, true) => {
                return self.error(Column::EndTime, "required", "a start without an end");
            }
            (false, false) => {}
        }
        let (from, to) = (self.time(Column::StartTime, &start), self.time(Column::EndTime, &end));
        let (from, to) = (from?, to?);
        if from >= to {
            return self.error(Column::EndTime, "ends-before-start", format!("{end:?} is not after {start:?}"));
        }
        Some(Some((from, to)))
    }

    fn time(&mut self, column: Column, text: &str) -> Option<NaiveTime> {
        match times::time(text) {
            Some(time) => Some(time),
            None => self.error(column, "bad-time", format!("{text:?} is not a time such as \"08:00 AM\"")),
        }
    }

    /// "ARR" is a building whose room is not fixed yet, and a meeting needs a room or none.
    fn room(&mut self) -> Option<Option<RoomKey>> {
        let building = self.line(Column::Building, up_to(80));
        let number = self.line(Column::Room, up_to(40));
        let (building, number) = (building?, number?);
        let arranged = number.is_empty() || number.eq_ignore_ascii_case("ARR");
        match (building.is_empty(), arranged) {
            (true, true) => Some(None),
            (false, true) => {
                self.warn(Column::Room, "room-arranged", format!("{building:?} without a room: imported without a room"));
                Some(None)
            }
            (true, false) => self.error(Column::Building, "required", format!("the room {number:?} needs its building")),
            (false, false) => Some(Some(RoomKey { building, number })),
        }
    }

    /// "Richards, V;Van Orman, C"
    fn instructors(&mut self) -> Option<BTreeSet<String>> {
        let column = Column::Instructors;
        let text = self.line(column, up_to(MAX_INSTRUCTORS * (MAX_INSTRUCTOR_CHARS + 2)))?;
        let one_blank = |name: &str| name.split_whitespace().collect::<Vec<_>>().join(" ");
        let names: BTreeSet<String> = text.split(';').map(one_blank).filter(|name| !name.is_empty()).collect();
        if names.len() > MAX_INSTRUCTORS {
            return self.error(column, "too-many", format!("{} instructors, at most {MAX_INSTRUCTORS} fit", names.len()));
        }
        if let Some(long) = names.iter().find(|name| name.chars().count() > MAX_INSTRUCTOR_CHARS) {
            return self.error(column, "too-long", format!("{long:?} is longer than {MAX_INSTRUCTOR_CHARS} characters"));
        }
        Some(names)
    }
}

fn is_department_code(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_uppercase())
        && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'&')
}

fn is_course_number(text: &str) -> bool {
    let capital = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit();
    text.starts_with(capital) && text.chars().all(|c| capital(c) || c == '.' || c == '-')
}
