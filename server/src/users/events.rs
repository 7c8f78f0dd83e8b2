use serde_json::json;

use crate::db::{Outbox, ids::UserId};

/// A person was created. Names travel through the API, never through an announcement.
pub fn created(id: UserId) -> Outbox {
    Outbox { stream: "users".to_owned(), kind: "user.created", body: json!({ "id": id }) }
}

/// The person's other devices read the contact details again.
pub fn contact_changed(id: UserId) -> Outbox {
    Outbox { stream: format!("user:{id}"), kind: "user.contact-changed", body: json!({ "id": id }) }
}
