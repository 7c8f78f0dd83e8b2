//! PEC App's server: the edge, the API and the command line of one campus platform.
//!
//! `edge` terminates TLS, decides page access and serves what the front end prerendered; `api` is the one
//! place where the HTTP framework meets the domains; `db` is the only way to a connection, and `db::write`
//! the only way to change a row. Domains know nothing of each other's tables.

pub mod api;
pub mod app;
pub mod audit;
pub mod auth;
pub mod cli;
pub mod config;
pub mod courses;
pub mod crypto;
pub mod dashboards;
mod data_dir;
pub mod database;
pub mod db;
pub mod demo;
pub mod departments;
pub mod edge;
pub mod enrollment;
pub mod institution;
pub mod interop;
pub mod routes;
pub mod serve;
pub mod signals;
pub mod tasks;
pub mod telemetry;
pub mod timetable;
pub mod users;
pub mod verify;
