//! Watches the server and starts it again when it ends although nobody asked.
//!
//! The port stays the same, so connection pools recover by themselves. A server that keeps ending is given up on:
//! restarting it forever would hide the fault and fill the log.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};
use std::time::{Duration, Instant};

use rustix::process::Signal;
use tokio::sync::Mutex;
use tokio::task::JoinHandle;

use crate::error::Error;
use crate::options::Event;
use crate::postmaster::{Postmaster, send};
use crate::start::Starter;

const TICK: Duration = Duration::from_millis(250);
const MAX_RESTARTS: usize = 5;
const RESTART_WINDOW: Duration = Duration::from_secs(300);

pub(crate) struct Supervisor {
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

struct Shared {
    starter: Arc<Starter>,
    port: u16,
    /// Locked while the server is restarted or stopped.
    postmaster: Mutex<Postmaster>,
    pid: AtomicI32,
    stopping: AtomicBool,
}

impl Supervisor {
    pub fn watch(starter: Arc<Starter>, postmaster: Postmaster, port: u16) -> Self {
        let shared = Arc::new(Shared {
            starter,
            port,
            pid: AtomicI32::new(postmaster.pid),
            postmaster: Mutex::new(postmaster),
            stopping: AtomicBool::new(false),
        });
        let task = tokio::spawn(watch(Arc::clone(&shared)));
        Self { shared, task }
    }

    pub fn pid(&self) -> i32 {
        self.shared.pid.load(Ordering::Acquire)
    }

    pub async fn stop(&self) -> Result<(), Error> {
        self.shared.stopping.store(true, Ordering::Release);
        let starter = &self.shared.starter;
        let mut postmaster = self.shared.postmaster.lock().await;
        postmaster.stop(&starter.layout, starter.options.stop_timeout).await?;
        self.task.abort();
        starter.options.tell(Event::Stopped);
        Ok(())
    }
}

impl Drop for Supervisor {
    fn drop(&mut self) {
        self.task.abort();
        if !self.shared.stopping.swap(true, Ordering::AcqRel) {
            send(self.pid(), Signal::INT);
        }
    }
}

async fn watch(shared: Arc<Shared>) {
    let mut restarts: VecDeque<Instant> = VecDeque::new();
    loop {
        tokio::time::sleep(TICK).await;
        if shared.stopping.load(Ordering::Acquire) {
            return;
        }
        let mut postmaster = shared.postmaster.lock().await;
        // Asked again under the lock: a stop may have ended the server in between.
        if shared.stopping.load(Ordering::Acquire) {
            return;
        }
        if postmaster.ended().is_none() {
            continue;
        }
        let options = &shared.starter.options;
        let log = shared.starter.layout.log_tail();
        options.tell(Event::Lost { log });
        while restarts.front().is_some_and(|at| at.elapsed() > RESTART_WINDOW) {
            restarts.pop_front();
        }
        if restarts.len() >= MAX_RESTARTS {
            let reason = format!("it ended {MAX_RESTARTS} times within {RESTART_WINDOW:?}");
            options.tell(Event::GaveUp { reason });
            return;
        }
        restarts.push_back(Instant::now());
        match restart(&shared).await {
            Ok(new) => {
                shared.pid.store(new.pid, Ordering::Release);
                *postmaster = new;
            }
            Err(error) => {
                let reason = error.to_string();
                options.tell(Event::GaveUp { reason });
                return;
            }
        }
    }
}

async fn restart(shared: &Shared) -> Result<Postmaster, Error> {
    // Clears a pid file that would keep the new server from starting.
    if let Some((running, _)) = shared.starter.adopt().await? {
        return Ok(running);
    }
    let (new, _) = shared.starter.launch(Some(shared.port)).await?;
    Ok(new)
}
