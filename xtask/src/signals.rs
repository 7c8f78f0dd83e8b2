//! Ctrl-C and its relatives.

use std::future::Future;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process, kill_process_group};
use tokio::process::{Child, Command};
use tokio::signal::unix::{SignalKind, signal};

/// How long a child may take to drain before it is killed.
const PATIENCE: Duration = Duration::from_secs(60);

/// Waits for SIGINT, SIGTERM or SIGHUP.
pub struct Interrupts {
    int: tokio::signal::unix::Signal,
    term: tokio::signal::unix::Signal,
    hup: tokio::signal::unix::Signal,
}

impl Interrupts {
    pub fn listen() -> Result<Self> {
        let listen = |kind| signal(kind).context("listen for signals");
        Ok(Self {
            int: listen(SignalKind::interrupt())?,
            term: listen(SignalKind::terminate())?,
            hup: listen(SignalKind::hangup())?,
        })
    }

    pub async fn next(&mut self) {
        tokio::select! {
            _ = self.int.recv() => {}
            _ = self.term.recv() => {}
            _ = self.hup.recv() => {}
        }
    }
}

/// Runs a command until it ends or is interrupted; its clusters and children end with it.
pub async fn or_interrupted<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    let mut interrupts = Interrupts::listen()?;
    tokio::select! {
        result = work => result,
        () = interrupts.next() => bail!("interrupted"),
    }
}

/// A child in a process group of its own, so that Ctrl-C at the terminal reaches us alone and the child hears it from us.
pub fn spawn_apart(command: &mut Command) -> Result<Child> {
    let program = command.as_std().get_program().to_string_lossy().into_owned();
    command
        .process_group(0)
        .stdin(std::process::Stdio::null())
        .kill_on_drop(false)
        .spawn()
        .with_context(|| format!("start {program}"))
}

/// Asks a child to end and waits for it. A second interrupt, or too long a wait, kills its whole group.
pub async fn end(child: &mut Child, interrupts: &mut Interrupts) -> Result<ExitCode> {
    if let Some(pid) = pid(child) {
        // It may have ended in this moment; then waiting tells.
        let _ = kill_process(pid, Signal::TERM);
    }
    tokio::select! {
        code = wait(child) => return code,
        () = interrupts.next() => eprintln!("interrupted again: not waiting any longer"),
        () = tokio::time::sleep(PATIENCE) => eprintln!("not ended after {PATIENCE:?}: killing it"),
    }
    if let Some(pid) = pid(child) {
        let _ = kill_process_group(pid, Signal::KILL);
    }
    wait(child).await
}

/// Waits for a child and turns its status into ours.
pub async fn wait(child: &mut Child) -> Result<ExitCode> {
    use std::os::unix::process::ExitStatusExt;
    let status = child.wait().await.context("wait for a child")?;
    // The shell's convention for a signal.
    let code = status.code().unwrap_or_else(|| 128 + status.signal().unwrap_or(0));
    Ok(ExitCode::from(u8::try_from(code & 0xff).unwrap_or(1)))
}

fn pid(child: &Child) -> Option<Pid> {
    child.id().and_then(|pid| Pid::from_raw(i32::try_from(pid).ok()?))
}
