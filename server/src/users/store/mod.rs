//! All SQL of the users module.

mod changes;
mod contact;
mod list;
mod records;

pub use changes::insert;
pub use contact::{contact, lock_contact, put_contact};
pub use list::{Listed, list, search};
pub use records::{account_by_email, own, person, taught_sections};

use super::model::UserStatus;
use crate::db::Role;

/// The CHECKs on these columns admit the known words only.
fn roles(words: &[String]) -> Vec<Role> {
    words.iter().map(|word| Role::parse(word).expect("the database holds known roles only")).collect()
}

fn status(word: &str) -> UserStatus {
    UserStatus::parse(word).expect("the database holds known statuses only")
}
