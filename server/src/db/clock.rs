use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use chrono::{DateTime, Utc};

/// The one source of "now". Tests hand in a clock they move themselves.
#[derive(Clone, Debug, Default)]
pub struct Clock(Option<Arc<AtomicI64>>);

impl Clock {
    pub fn system() -> Self {
        Self(None)
    }

    /// A clock that stands still until [`Clock::advance`] moves it.
    pub fn fixed(at: DateTime<Utc>) -> Self {
        Self(Some(Arc::new(AtomicI64::new(at.timestamp_micros()))))
    }

    #[expect(clippy::disallowed_methods, reason = "the one place that reads the system clock")]
    pub fn now(&self) -> DateTime<Utc> {
        match &self.0 {
            None => Utc::now(),
            Some(at) => DateTime::from_timestamp_micros(at.load(Ordering::SeqCst)).expect("a fixed clock holds a valid instant"),
        }
    }

    /// Moves a fixed clock; the system's can't be moved.
    pub fn advance(&self, by: chrono::TimeDelta) {
        if let Some(at) = &self.0 {
            at.fetch_add(by.num_microseconds().expect("steps are short"), Ordering::SeqCst);
        }
    }
}
