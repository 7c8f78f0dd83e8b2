//! Exchange with other systems: what comes in from a registrar's files and, later, what goes out.
//!
//! An importer here parses untrusted bytes into a normalized model, compares that model with what the
//! institution already has, and only then changes rows. Parsing and comparing are pure; neither knows
//! of HTTP, of who asked, or of the audit trail: the action that runs an import adds those.

mod actions;
pub mod catalog;
mod handlers;
mod run;

pub use handlers::routes;
pub use run::{ImportError, Imported, Wish, import_catalog};
