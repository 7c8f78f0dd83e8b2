//! How many files, and so connections, this process may have open.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// More than this is of no use here, and some systems refuse "as many as there are".
const WANTED: u64 = 65_536;

/// Raises the soft limit as far as the hard one allows; returns what holds then.
pub fn raise_limit() -> u64 {
    let limit = getrlimit(Resource::Nofile);
    let Some(current) = limit.current else { return WANTED };
    let raised = limit.maximum.unwrap_or(WANTED).min(WANTED);
    if raised <= current {
        return current;
    }
    match setrlimit(Resource::Nofile, Rlimit { current: Some(raised), maximum: limit.maximum }) {
        Ok(()) => raised,
        Err(error) => {
            tracing::warn!(%error, current, "the limit of open files could not be raised");
            current
        }
    }
}

/// Half of the files are for clients: the others are for the database, logs, keys and the page server.
pub fn connections(configured: usize, files: u64) -> usize {
    configured.min(usize::try_from(files / 2).unwrap_or(usize::MAX)).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clients_get_half_of_the_files_at_most() {
        for (configured, files, connections) in [(10_000, 65_536, 10_000), (10_000, 1_024, 512), (10_000, 0, 1), (4, 1_024, 4)] {
            assert_eq!(super::connections(configured, files), connections);
        }
    }

    #[test]
    fn the_limit_is_raised_and_stays() {
        let raised = raise_limit();
        let limit = getrlimit(Resource::Nofile);
        assert_eq!(limit.current.unwrap_or(WANTED), raised);
        assert!(limit.maximum.is_none_or(|hard| raised >= hard.min(WANTED)), "{raised} of {:?}", limit.maximum);
        assert_eq!(raise_limit(), raised);
    }
}
