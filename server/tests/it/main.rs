//! Integration tests: the real server, a real PostgreSQL 16, two institutions.
//!
//! `cargo xtask test` starts the cluster and sets TEST_DATABASE_URL; `cargo xtask db` starts one to run single tests against.

mod auth;
mod auth_http;
mod contract;
mod schema;
mod support;
mod tenancy;
mod write;
