//! Deterministic randomness: a stream per concern, and ids that look like any other.

use chrono::NaiveDate;
use rand::{RngCore, SeedableRng};
use rand_chacha::ChaCha8Rng;
use uuid::{Builder, Uuid};

/// A stream of its own for each name: what one concern draws never shifts another's.
pub fn stream(seed: u64, name: &str) -> ChaCha8Rng {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    // FNV-1a: any stable function of the name does.
    rng.set_stream(
        name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)),
    );
    rng
}

/// UUIDv7 in creation order, one per millisecond from a day before the world's day.
pub struct Ids {
    rng: ChaCha8Rng,
    millis: u64,
}

impl Ids {
    pub fn new(seed: u64, name: &str, today: NaiveDate) -> Self {
        let day = today.pred_opt().unwrap_or(today).and_time(chrono::NaiveTime::MIN).and_utc();
        Self { rng: stream(seed, name), millis: u64::try_from(day.timestamp_millis()).unwrap_or(0) }
    }

    pub fn next(&mut self) -> Uuid {
        let mut noise = [0; 10];
        self.rng.fill_bytes(&mut noise);
        self.millis += 1;
        Builder::from_unix_timestamp_millis(self.millis, &noise).into_uuid()
    }
}
