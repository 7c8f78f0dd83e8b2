//! One running server process: spawned by us, or found alive after its parent was killed.
//!
//! What it knows of the server it learns from `postmaster.pid`, from signals and from one packet over TCP; it never
//! signs in.

use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process, test_kill_process};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::process::Child;

use crate::binaries::Programs;
use crate::error::Error;
use crate::init::command;
use crate::layout::Layout;
use crate::user::RunAs;

const POLL: Duration = Duration::from_millis(20);
/// How long an immediate shutdown may take after a fast one did not end.
const LAST_RESORT: Duration = Duration::from_secs(5);

#[derive(Debug)]
pub(crate) struct Postmaster {
    pub pid: i32,
    /// `None` for an adopted one, which is not our child.
    child: Option<Child>,
}

impl Postmaster {
    /// Spawns the server in its own process group, so that Ctrl-C at the terminal reaches only its parent.
    pub fn spawn(layout: &Layout, programs: &Programs, run_as: &RunAs) -> Result<Self, Error> {
        let log_path = layout.start_log();
        let log = fs::File::create(&log_path).map_err(Error::io("create", &log_path))?;
        let same_log = log.try_clone().map_err(Error::io("open again", &log_path))?;
        let mut command = command(programs, "postgres", run_as);
        let child = command
            .arg("-D")
            .arg(layout.cluster())
            .arg("-c")
            .arg(format!("config_file={}", layout.config().display()))
            .stdin(Stdio::null())
            .stdout(log)
            .stderr(same_log)
            .process_group(0)
            .spawn()
            .map_err(Error::io("start", programs.program("postgres")))?;
        let pid = child.id().and_then(|pid| i32::try_from(pid).ok()).expect("a child that was not awaited has an id");
        Ok(Self { pid, child: Some(child) })
    }

    pub fn adopt(pid: i32) -> Self {
        Self { pid, child: None }
    }

    /// How it ended, once it has.
    pub fn ended(&mut self) -> Option<String> {
        match &mut self.child {
            Some(child) => match child.try_wait() {
                Ok(None) => None,
                Ok(Some(status)) => Some(status.to_string()),
                Err(error) => Some(error.to_string()),
            },
            None => (!alive(self.pid)).then(|| "it was not our child".to_owned()),
        }
    }

    /// Waits until it takes connections; returns its port.
    pub async fn ready(&mut self, layout: &Layout, timeout: Duration) -> Result<u16, Error> {
        let since = Instant::now();
        loop {
            if let Some(status) = self.ended() {
                let log = layout.log_tail();
                return Err(Error::Died { status, log });
            }
            if let Some(found) = PidFile::read(&layout.pid_file())
                && found.pid == self.pid
                && found.status == "ready"
                && answers(found.port).await
            {
                return Ok(found.port);
            }
            self.bounded(layout, since, timeout, "ready")?;
            tokio::time::sleep(POLL).await;
        }
    }

    /// Fast shutdown: sessions are ended, everything is written, no recovery is needed next time.
    pub async fn stop(&mut self, layout: &Layout, timeout: Duration) -> Result<(), Error> {
        self.signal(Signal::INT);
        match self.gone(layout, timeout).await {
            Err(Error::Timeout { .. }) => {
                self.signal(Signal::QUIT);
                self.gone(layout, LAST_RESORT).await
            }
            other => other,
        }
    }

    pub async fn gone(&mut self, layout: &Layout, timeout: Duration) -> Result<(), Error> {
        let since = Instant::now();
        while self.ended().is_none() {
            self.bounded(layout, since, timeout, "stopped")?;
            tokio::time::sleep(POLL).await;
        }
        Ok(())
    }

    fn signal(&self, signal: Signal) {
        send(self.pid, signal);
    }

    fn bounded(&self, layout: &Layout, since: Instant, timeout: Duration, awaited: &'static str) -> Result<(), Error> {
        if since.elapsed() < timeout {
            return Ok(());
        }
        Err(Error::Timeout { pid: self.pid, awaited, waited: timeout, log: layout.log_tail() })
    }
}

/// Signals a server without owning it; it may be gone already, which is what the signal was for.
pub(crate) fn send(pid: i32, signal: Signal) {
    if let Some(pid) = Pid::from_raw(pid) {
        let _ = kill_process(pid, signal);
    }
}

/// The lines of `postmaster.pid` we use.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct PidFile {
    pub pid: i32,
    pub port: u16,
    /// "starting", "ready", "stopping", or empty while the file is being written.
    pub status: String,
}

impl PidFile {
    pub fn read(path: &Path) -> Option<Self> {
        Self::parse(&fs::read_to_string(path).ok()?)
    }

    fn parse(text: &str) -> Option<Self> {
        let mut lines = text.lines();
        // 1 pid, 2 data directory, 3 start time, 4 port, 5 sockets, 6 address, 7 shared memory, 8 status
        let pid = lines.next()?.trim().parse().ok()?;
        let port = lines.nth(2)?.trim().parse().ok()?;
        let status = lines.nth(3).unwrap_or_default().trim().to_owned();
        Some(Self { pid, port, status })
    }
}

/// Whether `pid` is a server of this cluster, and not some process that got a dead server's number.
pub(crate) fn serves(pid: i32, cluster: &Path) -> bool {
    // A server's working directory is its data directory. Where that cannot be read, its answer must do.
    alive(pid) && fs::read_link(format!("/proc/{pid}/cwd")).map_or(cfg!(not(target_os = "linux")), |cwd| cwd == cluster)
}

/// A zombie is dead: an orphan's new parent may never collect it.
fn alive(pid: i32) -> bool {
    let Some(known) = Pid::from_raw(pid) else {
        return false;
    };
    match test_kill_process(known) {
        Ok(()) | Err(rustix::io::Errno::PERM) => {}
        Err(_) => return false,
    }
    match fs::read_to_string(format!("/proc/{pid}/stat")) {
        // The program's name stands in parentheses and may hold anything.
        Ok(stat) => !stat.rsplit_once(')').is_some_and(|(_, rest)| rest.trim_start().starts_with(['Z', 'X'])),
        Err(_) => true,
    }
}

/// Whether a PostgreSQL server answers on the port: it is asked for TLS, and says yes or no.
async fn answers(port: u16) -> bool {
    const SSL_REQUEST: [u8; 8] = [0, 0, 0, 8, 4, 210, 22, 47];
    let ask = async {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).await?;
        stream.write_all(&SSL_REQUEST).await?;
        stream.read_u8().await
    };
    let answer = tokio::time::timeout(Duration::from_secs(2), ask).await;
    matches!(answer, Ok(Ok(b'N' | b'S')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pid_file_is_read_whole_or_half_written() {
        let whole = "4711\n/d/cluster\n1790000000\n40123\n\n127.0.0.1\n  98765 12\nready   \n";
        let found = PidFile::parse(whole).expect("whole");
        assert_eq!((found.pid, found.port, found.status.as_str()), (4711, 40123, "ready"));
        let young = PidFile::parse("4711\n/d/cluster\n1790000000\n40123\n\n").expect("enough");
        assert_eq!(young.status, "");
        assert_eq!(PidFile::parse("4711\n/d"), None);
        assert_eq!(PidFile::parse(""), None);
    }

    #[test]
    fn a_process_of_another_directory_is_no_server() {
        let own = i32::try_from(std::process::id()).expect("a pid");
        assert!(alive(own));
        assert!(!alive(0));
        if cfg!(target_os = "linux") {
            assert!(!serves(own, Path::new("/nowhere")));
        }
    }

    #[tokio::test]
    async fn a_port_that_says_something_else_does_not_answer() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("bind");
        let port = listener.local_addr().expect("address").port();
        let server = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.expect("accept");
            stream.write_all(b"HTTP").await.expect("write");
        });
        assert!(!answers(port).await);
        server.await.expect("served");
        assert!(!answers(port).await, "closed");
    }
}
