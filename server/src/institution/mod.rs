//! The institution as everybody may see it: its name on the sign-in page, its accent on every page.
//!
//! Owns table `institution`. Knows nothing of people.

mod brand;
mod handlers;
mod store;

pub use brand::stylesheet;
pub use handlers::{Institution, Looks, brand_of, outline, routes};
