use serde_json::json;

use crate::db::{Outbox, ids::DepartmentId};

/// A department was made or renamed.
pub fn changed(id: DepartmentId) -> Outbox {
    Outbox { stream: "departments".to_owned(), kind: "department.changed", body: json!({ "id": id }) }
}
