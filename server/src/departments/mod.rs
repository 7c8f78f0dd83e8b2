//! Departments: who teaches what. A department's code prefixes every course code and never changes; its name may.
//!
//! Owns table `department`. Knows nothing of credentials, sections or enrollment; it counts courses and people through
//! declared reads.

mod actions;
mod error;
mod events;
mod handlers;
mod model;
mod store;

pub use handlers::routes;
pub use model::DepartmentRef;
