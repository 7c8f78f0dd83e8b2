//! All SQL of the courses module.

mod courses;
mod list;
mod sections;
mod sorted;

pub use courses::{department, find, insert, lock, update};
pub use list::{FIRST_PAGE_ROWS, first_page, page, search};
pub use sections::{sections, terms_of};
pub use sorted::{search_sorted, sorted};
