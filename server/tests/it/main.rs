//! Integration tests: the real server, a real PostgreSQL 16, two institutions.
//!
//! `cargo xtask test` starts the cluster and sets TEST_DATABASE_URL; `cargo xtask db` starts one to run single tests against.

#![allow(clippy::unwrap_used, reason = "a test that can't go on panics; helpers beside the test functions do so too")]
#![allow(
    clippy::disallowed_methods,
    reason = "what a test arranges and looks at is made for that test; the product's own statements are checked when they compile"
)]

mod access_matrix;
mod architecture;
mod audit_rows;
mod auth;
mod auth_http;
mod bad_input;
mod catalog;
mod connections;
mod contract;
mod demo;
mod departments;
mod exports;
mod foreign_keys;
mod imports;
mod isolation;
mod killed;
mod lists;
mod people;
mod process;
mod provision;
mod readiness;
mod retries;
mod schema;
mod seats;
mod statements;
mod support;
mod sweep;
mod tenancy;
mod tenants_mixed;
mod two_nodes;
mod uploads;
mod write;
