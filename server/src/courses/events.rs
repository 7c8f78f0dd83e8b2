use serde_json::json;

use crate::db::{Outbox, ids::CourseId};

/// A course was made or edited.
pub fn changed(id: CourseId) -> Outbox {
    Outbox { stream: "courses".to_owned(), kind: "course.changed", body: json!({ "id": id }) }
}
