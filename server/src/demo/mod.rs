//! Institutions that feel real, made from a seed: for a first look, for tests and for benchmarks.
//!
//! [`generate`] is pure: the same [`DemoSize`], seed, day and [`Profile`] give the same [`World`], byte for byte.
//! [`load`] copies a world into one institution's schema. Each domain contributes a [`Part`]: its tables, in the
//! order of their foreign keys, with a function that writes one row; a new domain adds its part to [`parts`] and
//! its rows to the world, from a random stream of its own so that nobody else's rows change.
//!
//! Invariants of every world
//! * Nobody teaches or sits in two places at once, and no room holds two classes at once.
//! * No section holds more students than its capacity, and no capacity exceeds its room's seats.
//! * One term is in progress on the given day; two are past, with results; the next has sections, no students.
//! * Nobody has credentials: whoever loads a world gives them to [`DemoAccounts`], one person per role.
//!
//! It does not know of tenants, transactions or passwords, and holds no real person.

mod accounts;
mod calendar;
mod copy;
mod courses;
mod enroll;
mod fill;
mod generate;
mod grid;
mod load;
mod parts;
mod people;
mod profile;
mod random;
mod results;
mod rooms;
mod sections;
mod size;
mod store;
mod timetable;
mod wishes;
mod world;

#[cfg(test)]
mod tests;

pub use accounts::{DemoAccount, DemoAccounts, accounts};
pub use copy::CopyRow;
pub use fill::fill;
pub use generate::generate;
pub use load::{Progress, has_records, load};
pub use parts::{Part, Table, parts};
pub use profile::{CHANDIGARH, NORTHGATE, Profile};
pub use size::DemoSize;
pub use world::World;
