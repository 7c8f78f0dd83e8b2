//! The header: which columns an import reads and where this file has them.

use csv::ByteRecord;

use super::issues::Issues;

/// A column the import reads. Others (the file repeats year, term, type codes) may be there and are ignored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    YearTerm,
    Subject,
    Number,
    Name,
    Description,
    CreditHours,
    SectionInfo,
    DegreeAttributes,
    ScheduleInformation,
    Crn,
    Section,
    PartOfTerm,
    SectionTitle,
    SectionCreditHours,
    SectionStatus,
    Type,
    StartTime,
    EndTime,
    DaysOfWeek,
    Room,
    Building,
    Instructors,
}

const ALL: [Column; 22] = [
    Column::YearTerm,
    Column::Subject,
    Column::Number,
    Column::Name,
    Column::Description,
    Column::CreditHours,
    Column::SectionInfo,
    Column::DegreeAttributes,
    Column::ScheduleInformation,
    Column::Crn,
    Column::Section,
    Column::PartOfTerm,
    Column::SectionTitle,
    Column::SectionCreditHours,
    Column::SectionStatus,
    Column::Type,
    Column::StartTime,
    Column::EndTime,
    Column::DaysOfWeek,
    Column::Room,
    Column::Building,
    Column::Instructors,
];

impl Column {
    /// As the header spells it.
    pub fn title(self) -> &'static str {
        match self {
            Self::YearTerm => "YearTerm",
            Self::Subject => "Subject",
            Self::Number => "Number",
            Self::Name => "Name",
            Self::Description => "Description",
            Self::CreditHours => "Credit Hours",
            Self::SectionInfo => "Section Info",
            Self::DegreeAttributes => "Degree Attributes",
            Self::ScheduleInformation => "Schedule Information",
            Self::Crn => "CRN",
            Self::Section => "Section",
            Self::PartOfTerm => "Part of Term",
            Self::SectionTitle => "Section Title",
            Self::SectionCreditHours => "Section Credit Hours",
            Self::SectionStatus => "Section Status",
            Self::Type => "Type",
            Self::StartTime => "Start Time",
            Self::EndTime => "End Time",
            Self::DaysOfWeek => "Days of Week",
            Self::Room => "Room",
            Self::Building => "Building",
            Self::Instructors => "Instructors",
        }
    }
}

/// Where each column sits in the rows of this file.
#[derive(Clone, Debug)]
pub struct Columns {
    at: [usize; ALL.len()],
    /// Cells a complete row has.
    pub width: usize,
}

impl Columns {
    /// Reads the header row; every missing or repeated column is an error of row 1.
    pub fn read(header: &ByteRecord, issues: &mut Issues) -> Option<Self> {
        let mut at = [0; ALL.len()];
        let before = issues.total;
        for column in ALL {
            let title = column.title();
            let mut found = header.iter().enumerate().filter(|(_, cell)| cell.trim_ascii() == title.as_bytes());
            match (found.next(), found.next()) {
                (Some((index, _)), None) => at[column as usize] = index,
                (Some(_), Some(_)) => {
                    issues.push(1, title, "repeated-column", format!("the column {title:?} appears more than once"))
                }
                (None, _) => issues.push(1, title, "missing-column", format!("the column {title:?} is missing")),
            }
        }
        (issues.total == before).then_some(Self { at, width: header.len() })
    }

    pub fn index(&self, column: Column) -> usize {
        self.at[column as usize]
    }
}
