//! What must hold of every world.

mod invariants;

use std::sync::LazyLock;

use chrono::NaiveDate;

use super::copy::CopyRow;
use super::{CHANDIGARH, DemoSize, NORTHGATE, Profile, World, generate, parts};

pub const SEED: u64 = 2031;

pub fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 23).expect("a day")
}

pub fn world(profile: &'static Profile, size: DemoSize) -> World {
    generate(profile, &size, SEED, today())
}

/// The default demo, made once for all tests.
pub fn chandigarh() -> &'static World {
    static WORLD: LazyLock<World> = LazyLock::new(|| world(&CHANDIGARH, DemoSize::DEFAULT));
    &WORLD
}

pub fn northgate() -> &'static World {
    static WORLD: LazyLock<World> = LazyLock::new(|| world(&NORTHGATE, DemoSize::SMALL));
    &WORLD
}

/// Everything `load` sends.
pub fn bytes(world: &World) -> String {
    let mut out = String::new();
    for table in parts().iter().flat_map(|part| part.tables) {
        out.push_str(table.copy);
        for index in 0..(table.rows)(world) {
            let mut row = CopyRow::new(&mut out);
            (table.row)(world, index, &mut row);
            row.end();
        }
    }
    out
}
