//! All SQL of the users module.

mod changes;
mod contact;
mod list;
mod records;
mod sorted;

pub use changes::insert;
pub use contact::{contact, lock_contact, put_contact, sealed_contacts};
pub use list::{Listed, list, search};
pub use records::{account_by_email, own, person, taught_sections};
pub use sorted::{search_sorted, sorted};

use super::model::UserStatus;
use crate::db::Role;

fn shown(rows: Vec<list::ListedRow>) -> Vec<Listed> {
    rows.into_iter().map(Listed::from).collect()
}

/// The CHECKs on these columns admit the known words only.
fn roles(words: &[String]) -> Vec<Role> {
    words.iter().map(|word| Role::parse(word).expect("the database holds known roles only")).collect()
}

fn status(word: &str) -> UserStatus {
    UserStatus::parse(word).expect("the database holds known statuses only")
}
