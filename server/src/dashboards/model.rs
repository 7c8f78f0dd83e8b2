use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{db::ids::AuditId, timetable::Term};

#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Overview {
    pub counts: Counts,
    /// The term that sections, enrollments and queues are of: the one in progress, or else the latest with sections.
    pub term: Option<Term>,
    /// One for each kind, empty ones too.
    pub queues: Vec<Queue>,
    /// Newest first. Without what people did to their own account.
    pub recent_actions: Vec<RecentAction>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "OverviewCounts")]
pub struct Counts {
    pub users: i64,
    pub students: i64,
    pub faculty: i64,
    pub courses: i64,
    pub sections: i64,
    pub enrollments: i64,
}

/// What waits for somebody's decision. In order: what breaks first comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum QueueKind {
    /// Nobody teaches any of its meetings.
    SectionsWithoutInstructor,
    /// It has a meeting at a set time without a room.
    SectionsWithoutRoom,
    /// Every seat is taken or held.
    SectionsFull,
    /// Its capacity is unknown, so nobody can enroll.
    SectionsClosed,
    /// A faculty member who has never been given a way to sign in.
    FacultyWithoutSignIn,
}

impl QueueKind {
    pub const ALL: [QueueKind; 5] = [
        QueueKind::SectionsWithoutInstructor,
        QueueKind::SectionsWithoutRoom,
        QueueKind::SectionsFull,
        QueueKind::SectionsClosed,
        QueueKind::FacultyWithoutSignIn,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            QueueKind::SectionsWithoutInstructor => "sections-without-instructor",
            QueueKind::SectionsWithoutRoom => "sections-without-room",
            QueueKind::SectionsFull => "sections-full",
            QueueKind::SectionsClosed => "sections-closed",
            QueueKind::FacultyWithoutSignIn => "faculty-without-sign-in",
        }
    }
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Queue {
    pub kind: QueueKind,
    pub count: i64,
    /// The first few; the queue's own list has them all.
    pub examples: Vec<QueueItem>,
}

/// One thing that waits.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct QueueItem {
    /// Of the section or the person.
    pub id: Uuid,
    /// "CS 301 A", or a name.
    pub label: String,
    /// The course's title, or a department's code.
    pub detail: Option<String>,
    /// How many are touched: students enrolled in a section, sections of a faculty member. The list starts with the most.
    pub touches: i64,
    /// When it began to wait: the last seat went, the account was made, or the section entered the schedule.
    pub since: Option<DateTime<Utc>>,
    /// The department that answers for it.
    pub owner: Option<String>,
    /// The page that shows it, without the locale.
    pub href: String,
}

/// Where the list of a queue goes on: after this item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueuePlace {
    pub touches: i64,
    pub label: String,
    pub id: Uuid,
}

impl QueuePlace {
    /// Before everything.
    pub fn start() -> Self {
        Self { touches: i64::MAX, label: String::new(), id: Uuid::nil() }
    }
}

/// One row of the audit trail as everyone who may oversee the institution may read it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RecentAction {
    pub id: AuditId,
    pub at: DateTime<Utc>,
    /// Its stable name, `course.edit`.
    pub action: String,
    /// Who did it; null when it was the system.
    pub actor: Option<String>,
    /// The role acted in, or `system:` and the task.
    pub actor_role: String,
    /// What it was done to, if that still has a name.
    pub target: Option<String>,
    /// `course`, `department`, `user`, ...
    pub target_kind: String,
    pub target_id: Option<Uuid>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_written_as_sql_knows_them() {
        for kind in QueueKind::ALL {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
        }
    }
}
