//! From "there is a data directory" to "a server takes connections": adopt the one that runs, or start one.

use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::time::{Duration, Instant};

use crate::binaries::Programs;
use crate::config;
use crate::error::Error;
use crate::layout::Layout;
use crate::options::{ClusterOptions, Event};
use crate::postmaster::{PidFile, Postmaster, serves};
use crate::user::RunAs;

/// Everything a start needs, kept for the supervisor's restarts.
pub(crate) struct Starter {
    pub layout: Layout,
    pub programs: Programs,
    pub run_as: RunAs,
    pub options: ClusterOptions,
}

impl Starter {
    /// A server that outlived its parent goes on serving: a restart would cost its warm cache for nothing.
    pub async fn adopt(&self) -> Result<Option<(Postmaster, u16)>, Error> {
        let path = self.layout.pid_file();
        let Some(found) = PidFile::read(&path) else {
            return Ok(None);
        };
        if !serves(found.pid, &self.layout.cluster()) {
            // PostgreSQL would refuse if another process, or a zombie, has the number by now.
            fs::remove_file(&path).map_err(Error::io("remove", &path))?;
            return Ok(None);
        }
        let mut postmaster = Postmaster::adopt(found.pid);
        if found.status == "stopping" {
            postmaster.gone(&self.layout, self.options.stop_timeout).await?;
            return Ok(None);
        }
        match postmaster.ready(&self.layout, self.options.start_timeout).await {
            Ok(port) => {
                let pid = postmaster.pid;
                self.options.tell(Event::Adopted { pid, port });
                Ok(Some((postmaster, port)))
            }
            // It ended just now (a killed parent's shutdown may have been under way): start another.
            Err(Error::Died { .. }) => Ok(None),
            Err(other) => Err(other),
        }
    }

    /// Starts a server. `fixed` is a port that clients already know.
    pub async fn launch(&self, fixed: Option<u16>) -> Result<(Postmaster, u16), Error> {
        let since = Instant::now();
        let mut avoid = None;
        loop {
            let port = match fixed.or(self.options.port) {
                Some(port) => port,
                None => free_port(self.layout.remembered_port().filter(|&p| avoid != Some(p)))?,
            };
            config::write(&self.layout, &self.options, port)?;
            self.options.tell(Event::Starting { port });
            let mut postmaster = Postmaster::spawn(&self.layout, &self.programs, &self.run_as)?;
            match postmaster.ready(&self.layout, self.options.start_timeout).await {
                Ok(port) => {
                    self.layout.remember_port(port)?;
                    let pid = postmaster.pid;
                    self.options.tell(Event::Ready { pid, port });
                    return Ok((postmaster, port));
                }
                Err(Error::Died { log, .. }) if since.elapsed() < self.options.start_timeout && passes(&log) => {
                    avoid = Some(port);
                    tokio::time::sleep(Duration::from_millis(200)).await;
                }
                Err(error) => {
                    // A server that is still recovering must not be left without an owner.
                    let _ = postmaster.stop(&self.layout, self.options.stop_timeout).await;
                    return Err(error);
                }
            }
        }
    }
}

/// Reasons that go away: a port taken between looking and binding, and the last sessions of a killed server, which
/// notice its end within moments.
fn passes(log: &str) -> bool {
    log.contains("Address already in use") || log.contains("pre-existing shared memory block")
}

fn free_port(remembered: Option<u16>) -> Result<u16, Error> {
    let bind = |port| {
        TcpListener::bind((Ipv4Addr::LOCALHOST, port)).and_then(|listener| listener.local_addr()).map(|address| address.port())
    };
    match remembered.map(bind) {
        Some(Ok(port)) => Ok(port),
        _ => bind(0).map_err(Error::NoPort),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_port_is_replaced() {
        let taken = TcpListener::bind("127.0.0.1:0").expect("bind");
        let port = taken.local_addr().expect("address").port();
        assert_ne!(free_port(Some(port)).expect("another"), port);
        drop(taken);
        assert_eq!(free_port(Some(port)).expect("the same"), port);
    }
}
