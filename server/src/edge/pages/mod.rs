//! Pages from memory: what the front end's build prerendered, answered without any other process.
//!
//! `load` reads the build once; `document` keeps each text ready to send; `csp` says what may run in it;
//! `first_data` resolves and gathers the GETs a page needs first; `respond` picks the text for a request.
//!
//! Invariants: a text is chosen by path and variant alone, never by query or cookie, so one visitor's request
//! can't colour another's page; the only ids that enter a page are canonical UUIDs; a page whose build output
//! states no access class is not served at all.

pub mod csp;
mod document;
pub mod first_data;
#[cfg(test)]
pub(super) mod fixture;
mod load;
mod manifest;
mod respond;
mod scan;

pub use document::{Document, DocumentError, ID_LEN, gzip_whole};
pub use load::{Access, LoadError, Page, PageSet, Representation};
pub(in crate::edge) use respond::accepts;
pub use respond::{Variant, matches_tag, not_found, page_response, wants_gzip};

/// The id every dynamic page is built for; the edge puts the visitor's id in its places.
pub const SENTINEL: &str = "5e471e1d-0000-7000-8000-000000000001";
