//! (to be written)
pub mod certs;
