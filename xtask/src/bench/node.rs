//! The server under test as a process: how it is started, how soon it is ready, what it uses.

use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use embedded_postgres::Cluster;
use rustix::process::{Pid, Signal, kill_process};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use super::Args;
use crate::workspace::{Profile, Workspace};
use crate::{clusters, run};

/// The institution that is measured.
pub const SLUG: &str = "demo";
/// How long a start may take before something is wrong.
const PATIENCE: Duration = Duration::from_secs(60);
/// Until whatever a start leaves behind has settled.
const SETTLING: Duration = Duration::from_secs(5);

/// Linux tells times to programs in hundredths of a second, whatever it counts in itself.
const TICK_MS: u64 = 10;

/// Somebody who can sign in.
pub struct Person {
    pub email: String,
    pub password: String,
}

pub struct People {
    pub student: Person,
    pub admin: Person,
}

/// Makes the institution, once, and returns who signs in.
pub async fn fill(workspace: &Workspace, profile: Profile, args: &Args, cluster: &Cluster) -> Result<People> {
    let students = args.students.to_string();
    let mut command = pec(workspace, profile, args, cluster);
    command.args(["demo", "--tenant", SLUG, "--students", &students]);
    let output = String::from_utf8(run::captured(command).await?).context("the sign-ins are text")?;
    let person = |role: &str| {
        let mut words = output.lines().find(|line| line.starts_with(role))?.split_whitespace().skip(1);
        Some(Person { email: words.next()?.to_owned(), password: words.next()?.to_owned() })
    };
    let (Some(student), Some(admin)) = (person("student"), person("admin")) else {
        bail!("`pec demo` printed no sign-in of a student and an admin");
    };
    // As autovacuum leaves it after a while.
    clusters::run(&cluster.superuser_url(), "vacuum analyze").await?;
    Ok(People { student, admin })
}

fn pec(workspace: &Workspace, profile: Profile, args: &Args, cluster: &Cluster) -> Command {
    let mut command = workspace.tool(workspace.pec(profile), std::iter::empty::<&str>());
    // The password stays out of the process list.
    command.env("DATABASE_URL", cluster.url());
    command.arg("--data").arg(workspace.scratch(&format!("bench-{}-pec", args.students)));
    command
}

pub struct Node {
    child: Child,
    pub pid: u32,
    pub port: u16,
    pub people: People,
    /// From the start of the process until it answers, with everything migrated.
    pub ready: Duration,
    pub idle_kib: u64,
}

impl Node {
    pub async fn start(workspace: &Workspace, profile: Profile, args: &Args, cluster: &Cluster, people: People) -> Result<Self> {
        let mut command = pec(workspace, profile, args, cluster);
        command.args(["serve", "--web", "."]).arg("--listen").arg(args.listen.to_string());
        let log = workspace.notes()?.join("bench-pec.log");
        let log = std::fs::File::create(&log).with_context(|| format!("create {}", log.display()))?;
        command.stdout(Stdio::piped()).stderr(log);
        let since = Instant::now();
        let mut child = command.process_group(0).stdin(Stdio::null()).kill_on_drop(true).spawn().context("start the server")?;
        let stdout = child.stdout.take().context("the server's output")?;
        let mut lines = BufReader::new(stdout).lines();
        let waiting = async {
            while let Some(line) = lines.next_line().await? {
                if line.contains("is ready") {
                    return Ok(since.elapsed());
                }
            }
            bail!("the server ended before it was ready; its log is bench-pec.log")
        };
        let ready = tokio::time::timeout(PATIENCE, waiting).await.context("the server is not ready")??;
        let pid = child.id().context("the server runs")?;
        tokio::time::sleep(SETTLING).await;
        let idle_kib = resident_kib(pid)?;
        Ok(Self { child, pid, port: args.listen.port(), people, ready, idle_kib })
    }

    /// Processor time it has used so far, in all its threads.
    pub fn cpu(&self) -> Result<Duration> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.pid)).context("the server has ended")?;
        // The name in parentheses may hold anything; what follows starts with field 3.
        let fields: Vec<&str> = stat.rsplit_once(')').context("a process's stat")?.1.split_whitespace().collect();
        let ticks = |field: usize| fields.get(field - 3).and_then(|text| text.parse::<u64>().ok()).context("a process's times");
        let ticks = ticks(14)? + ticks(15)?;
        Ok(Duration::from_millis(ticks * TICK_MS))
    }

    pub fn resident_kib(&self) -> Result<u64> {
        resident_kib(self.pid)
    }

    /// Asks it to finish, and waits.
    pub async fn stop(&mut self) -> Result<()> {
        if let Some(pid) = self.child.id().and_then(|pid| Pid::from_raw(i32::try_from(pid).ok()?)) {
            kill_process(pid, Signal::TERM).context("end the server")?;
        }
        self.child.wait().await.context("wait for the server")?;
        Ok(())
    }
}

fn resident_kib(pid: u32) -> Result<u64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).context("the server has ended")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("a process's resident memory")?;
    line.trim().trim_end_matches(" kB").trim().parse().context("a process's resident memory")
}
