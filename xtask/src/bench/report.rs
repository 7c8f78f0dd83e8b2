//! What is printed and written down: the figures, the limits, the machine; no names of hosts and no paths.

use std::fmt::Write as _;
use std::fs::OpenOptions;
use std::io::Write as _;

use anyhow::{Context, Result};
use embedded_postgres::Cluster;
use sqlx::{Connection, PgConnection};

use super::limit::Pgbench;
use super::node::Node;
use super::wrk::Outcome;
use super::{Args, ROUNDS};
use crate::workspace::{Profile, Workspace};

/// Something a figure is held against.
pub struct Bound {
    text: String,
    met: Option<bool>,
}

impl Bound {
    pub fn at_least(what: &str, value: f64, least: f64, unit: &str) -> Self {
        Self { text: format!("{what} {value:.0} {unit} (≥ {least:.0})"), met: Some(value >= least) }
    }

    pub fn at_most(what: &str, value: f64, most: f64, unit: &str) -> Self {
        Self { text: format!("{what} {value:.0} {unit} (≤ {most:.0})"), met: Some(value <= most) }
    }

    /// A rate as a share of another.
    pub fn share(what: &str, value: f64, least: Option<f64>) -> Self {
        let wanted = least.map_or_else(String::new, |least| format!(" (≥ {:.0} %)", least * 100.0));
        Self { text: format!("{:.0} % {what}{wanted}", value * 100.0), met: least.map(|least| value >= least) }
    }

    pub fn note(text: String) -> Self {
        Self { text, met: None }
    }

    fn verdict(&self) -> String {
        let mark = match self.met {
            Some(true) => "met: ",
            Some(false) => "**missed**: ",
            None => "",
        };
        format!("{mark}{}", self.text)
    }
}

/// One measured case.
pub struct Line {
    pub name: &'static str,
    pub what: &'static str,
    pub outcome: Outcome,
    pub limit: Option<(&'static str, f64)>,
    pub bounds: Vec<Bound>,
}

pub struct Report {
    pub pgbench: Pgbench,
    pub profile: Profile,
    day: String,
    text: String,
}

impl Report {
    pub async fn new(args: &Args, profile: Profile, cluster: &Cluster, node: &Node) -> Result<Self> {
        let pgbench = Pgbench::new(cluster, &node.people.student.email, &node.people.admin.email).await?;
        let now = now(cluster).await?;
        let day = now.split(' ').next().unwrap_or_default().to_owned();
        let mut text = format!("## {now} UTC\n\n");
        writeln!(text, "{}\n", machine())?;
        writeln!(
            text,
            "{} students, {} connections, {ROUNDS} turns of {} s each, {} build.\n",
            args.students,
            args.connections,
            args.turn(),
            if profile == Profile::Release { "release" } else { "**unoptimized**" },
        )?;
        print!("{text}");
        Ok(Self { pgbench, profile, day, text })
    }

    pub fn start(&mut self, node: &Node) {
        let ready = Bound::at_most("start to ready", node.ready.as_secs_f64() * 1000.0, 500.0, "ms");
        let idle = Bound::at_most("idle resident memory", node.idle_kib as f64 / 1024.0, 80.0, "MiB");
        self.say(&format!("- {}\n- {}\n", ready.verdict(), idle.verdict()));
        self.say("| case | requests/s | p50 ms | p99 ms | CPU µs/request | RSS MiB | limit/s | verdict |");
        self.say("|---|---:|---:|---:|---:|---:|---:|---|");
    }

    pub fn case(&mut self, node: &Node, line: Line) -> Result<()> {
        let Line { name, what, outcome, limit, mut bounds } = line;
        // Nothing that is measured here may fail; refused sign-ins are counted where they are expected.
        if outcome.broken + outcome.refused > 0 {
            bounds.push(Bound::at_most("failed requests", (outcome.broken + outcome.refused) as f64, 0.0, ""));
        }
        let cpu = if outcome.cpu.is_zero() { "–".to_owned() } else { format!("{:.0}", outcome.cpu_us()) };
        let limit = limit.map_or_else(|| "–".to_owned(), |(of, rate)| format!("{rate:.0} ({of})"));
        let verdicts: Vec<String> = bounds.iter().map(Bound::verdict).collect();
        let resident = node.resident_kib()? as f64 / 1024.0;
        self.say(&format!(
            "| {name}: {what} | {:.0} | {:.2} | {:.2} | {cpu} | {resident:.0} | {limit} | {} |",
            outcome.rate(),
            outcome.p50_ms(),
            outcome.p99_ms(),
            verdicts.join("; "),
        ));
        Ok(())
    }

    pub fn end(&mut self) {
        self.say(&format!("\nLoad average at the end: {}.\n", load()));
    }

    fn say(&mut self, line: &str) {
        println!("{line}");
        self.text.push_str(line);
        self.text.push('\n');
    }

    /// Adds it to the day's file.
    pub fn write(&self, workspace: &Workspace, what: &str) -> Result<()> {
        let path = workspace.path("bench/results").join(format!("{}-{what}.md", self.day));
        std::fs::create_dir_all(path.parent().context("a folder of results")?).context("the folder of results")?;
        let mut file = OpenOptions::new().create(true).append(true).open(&path).context("open the file of results")?;
        writeln!(file, "{}", self.text.trim_end()).context("write the results")?;
        writeln!(file).context("write the results")?;
        println!("written to bench/results/{}-{what}.md", self.day);
        Ok(())
    }
}

#[expect(clippy::disallowed_methods, reason = "the developer commands know no schema when they are compiled")]
async fn now(cluster: &Cluster) -> Result<String> {
    let mut connection = PgConnection::connect(&cluster.url()).await.context("connect to the cluster")?;
    let now =
        sqlx::query_scalar("select to_char(now() at time zone 'utc', 'YYYY-MM-DD HH24:MI')").fetch_one(&mut connection).await;
    connection.close().await.ok();
    now.context("the time")
}

fn machine() -> String {
    let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    let info = read("/proc/cpuinfo");
    let field = |text: &str, name: &str| {
        text.lines().find(|line| line.starts_with(name)).and_then(|line| Some(line.split_once(':')?.1.trim().to_owned()))
    };
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let model = field(&info, "model name").unwrap_or_else(|| "unknown processor".to_owned());
    let memory = field(&read("/proc/meminfo"), "MemTotal").unwrap_or_default();
    let kib: f64 = memory.trim_end_matches(" kB").parse().unwrap_or_default();
    let kernel = read("/proc/sys/kernel/osrelease");
    format!("{cores} cores of {model}, {:.0} GiB, Linux {}; load average before: {}.", kib / 1048576.0, kernel.trim(), load())
}

fn load() -> String {
    let text = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split_whitespace().take(3).collect::<Vec<_>>().join(" ")
}
