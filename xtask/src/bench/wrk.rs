//! wrk, which drives the server over TLS on connections that stay open.

use std::time::Duration;

use anyhow::{Context, Result, bail};
use tokio::process::Command;

use super::node::{Node, People, Person, SLUG};
use crate::run;
use crate::workspace::Workspace;

/// Who asks, and how.
#[derive(Clone, Copy)]
pub enum As {
    /// A student's program, with a bearer token.
    Program,
    /// An admin's browser, with a cookie.
    Browser,
    /// The same, following a link: it asks for a page's payload instead of its HTML.
    Link,
}

/// A request that is sent again and again.
#[derive(Clone, Copy)]
pub struct Request {
    pub path: &'static str,
    pub by: As,
}

impl Request {
    /// Signs in anew each time, since a token is good for five minutes only.
    async fn headers(self, workspace: &Workspace, node: &Node) -> Result<Vec<String>> {
        let People { student, admin } = &node.people;
        Ok(match self.by {
            As::Program => vec![format!("Authorization: Bearer {}", token(workspace, node, student).await?)],
            As::Browser | As::Link => {
                let mut headers = vec![
                    format!("Cookie: __Host-pec_at={}", token(workspace, node, admin).await?),
                    "Accept-Encoding: gzip".to_owned(),
                ];
                headers.extend(matches!(self.by, As::Link).then(|| "RSC: 1".to_owned()));
                headers
            }
        })
    }
}

/// What came of one or several turns.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    pub requests: u64,
    pub elapsed: Duration,
    pub cpu: Duration,
    p50_us: Vec<u64>,
    p99_us: Vec<u64>,
    /// Answers of 400 and more; of sign-ins, 503 alone.
    pub refused: u64,
    /// Connections that failed; of sign-ins, also every answer but 200 and 503.
    pub broken: u64,
    /// Sign-ins that were answered 200.
    pub accepted: u64,
}

impl Outcome {
    pub fn add(&mut self, turn: Self) {
        self.requests += turn.requests;
        self.elapsed += turn.elapsed;
        self.cpu += turn.cpu;
        self.p50_us.extend(turn.p50_us);
        self.p99_us.extend(turn.p99_us);
        self.refused += turn.refused;
        self.broken += turn.broken;
        self.accepted += turn.accepted;
    }

    pub fn rate(&self) -> f64 {
        self.requests as f64 / self.elapsed.as_secs_f64()
    }

    pub fn cpu_us(&self) -> f64 {
        self.cpu.as_secs_f64() * 1e6 / self.requests.max(1) as f64
    }

    /// Of several turns, the middle one's.
    pub fn p50_ms(&self) -> f64 {
        middle(&self.p50_us)
    }

    pub fn p99_ms(&self) -> f64 {
        middle(&self.p99_us)
    }
}

fn middle(of_turns_us: &[u64]) -> f64 {
    let mut sorted = of_turns_us.to_vec();
    sorted.sort_unstable();
    sorted.get(sorted.len() / 2).map_or(f64::NAN, |us| *us as f64 / 1000.0)
}

fn command(workspace: &Workspace, node: &Node, script: &str, connections: u32, seconds: u64) -> Command {
    let mut command = workspace.tool("wrk", ["--threads", "1", "--timeout", "30s", "--latency"]);
    command.arg("--connections").arg(connections.to_string()).arg("--duration").arg(format!("{seconds}s"));
    command.arg("--script").arg(workspace.path("bench/wrk").join(script));
    // The name is not looked up, which not every machine does for names below `localhost`.
    command.arg("--header").arg(format!("Host: {SLUG}.localhost:{}", node.port));
    command
}

fn url(node: &Node, path: &str) -> String {
    format!("https://127.0.0.1:{}{path}", node.port)
}

/// Sends `request` for `seconds`.
pub async fn get(workspace: &Workspace, node: &Node, request: Request, connections: u32, seconds: u64) -> Result<Outcome> {
    let mut command = command(workspace, node, "get.lua", connections, seconds);
    for header in request.headers(workspace, node).await? {
        command.arg("--header").arg(header);
    }
    command.arg(url(node, request.path));
    measured(node, command).await
}

/// Signs in for `seconds`: as fast as answers come, or `rate` times a second whatever is answered.
pub async fn sign_in(workspace: &Workspace, node: &Node, rate: Option<u32>, connections: u32, seconds: u64) -> Result<Outcome> {
    let mut command = command(workspace, node, "sign-in.lua", connections, seconds);
    command.env("PEC_BODY", body(&node.people.student));
    if let Some(rate) = rate {
        command.env("PEC_RATE", rate.to_string());
    }
    command.arg(url(node, "/api/v1/auth/sign-in"));
    measured(node, command).await
}

/// An access token.
async fn token(workspace: &Workspace, node: &Node, person: &Person) -> Result<String> {
    let mut command = command(workspace, node, "token.lua", 1, 10);
    command.env("PEC_BODY", body(person)).arg(url(node, "/api/v1/auth/sign-in"));
    let output = String::from_utf8_lossy(&run::captured(command).await?).into_owned();
    let answer = output.lines().find_map(|line| line.strip_prefix("answer ")).context("signing in brought no answer")?;
    let token = answer.split_once("\"accessToken\":\"").and_then(|(_, rest)| rest.split_once('"'));
    token.map(|(token, _)| token.to_owned()).with_context(|| format!("signing in: {answer}"))
}

/// Neither holds what JSON would need escaped: addresses are plain and passwords base64url.
fn body(person: &Person) -> String {
    format!(r#"{{"email":"{}","password":"{}"}}"#, person.email, person.password)
}

async fn measured(node: &Node, command: Command) -> Result<Outcome> {
    let before = node.cpu()?;
    let output = String::from_utf8_lossy(&run::captured(command).await?).into_owned();
    let cpu = node.cpu()? - before;
    let Some(line) = output.lines().find_map(|line| line.strip_prefix("result ")) else {
        bail!("wrk printed no result:\n{output}");
    };
    let value = |name: &str| -> Option<u64> {
        line.split_whitespace().find_map(|pair| pair.strip_prefix(name)?.strip_prefix('=')?.parse().ok())
    };
    Ok(Outcome {
        requests: value("requests").context("wrk's requests")?,
        elapsed: Duration::from_micros(value("us").context("wrk's time")?),
        cpu,
        p50_us: vec![value("p50").context("wrk's latency")?],
        p99_us: vec![value("p99").context("wrk's latency")?],
        refused: value("refused").context("wrk's errors")?,
        broken: value("broken").context("wrk's errors")?,
        accepted: value("accepted").unwrap_or_default(),
    })
}
