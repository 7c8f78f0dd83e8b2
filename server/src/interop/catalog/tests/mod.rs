//! Tests of the import as a whole; tables for credits and times sit beside their code.

mod memory;
mod property;
mod read;
mod real;

use chrono::NaiveDate;
use uuid::Uuid;

use crate::api::Date;

use super::{ImportParams, PartDates};

pub const SMALL: &[u8] = include_bytes!("../../../../testdata/catalog-small.csv");
pub const BROKEN: &[u8] = include_bytes!("../../../../testdata/catalog-broken.csv");

/// Ids that count up: a difference computed twice is the same difference.
pub fn ids() -> impl FnMut() -> Uuid {
    let mut last = 0u128;
    move || {
        last += 1;
        Uuid::from_u128(last)
    }
}

pub fn date(month: u32, day: u32) -> Date {
    Date(NaiveDate::from_ymd_opt(2031, month, day).expect("a day of the calendar"))
}

pub fn params() -> ImportParams {
    let part = |code: &str, starts_on, ends_on| PartDates { code: code.to_owned(), starts_on, ends_on };
    ImportParams {
        term_name: "Autumn 2031".to_owned(),
        starts_on: date(8, 25),
        ends_on: date(12, 12),
        parts: vec![
            part("1", date(8, 25), date(12, 12)),
            part("S1", date(8, 25), date(10, 17)),
            part("S2", date(10, 20), date(12, 12)),
            part("S2A", date(10, 20), date(11, 14)),
        ],
    }
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("test data is UTF-8")
}
