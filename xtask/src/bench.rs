//! `bench`: what the server achieves, beside what its database and its processor could do in the same run.
//!
//! Every figure that has a limit is measured in turns with that limit, so that whatever else the machine does meets both.
//! Nothing here is a test: figures are printed and written down, and judged by whoever reads them.

mod cases;
mod limit;
mod node;
mod report;
mod wrk;

use std::process::ExitCode;

use anyhow::{Result, bail};

use crate::run::Progress;
use crate::workspace::{Profile, Workspace};
use crate::{clusters, prerequisites, run, web};
use node::Node;
use report::Report;

/// How often a case and its limit take turns.
const ROUNDS: u64 = 3;

#[derive(clap::Args)]
pub struct Args {
    /// One case instead of all: courses, enrollments, me, sign-in, flood, page, page-data.
    #[arg(long)]
    only: Option<String>,
    /// How long each case is measured, and its limit as long again.
    #[arg(long, default_value_t = 15)]
    seconds: u64,
    /// How large the institution is.
    #[arg(long, default_value_t = 3_000)]
    students: u32,
    /// Connections that ask at the same time.
    #[arg(long, default_value_t = 16)]
    connections: u32,
    /// Address of the server under test.
    #[arg(long, default_value = "127.0.0.1:8499")]
    listen: std::net::SocketAddr,
    /// Measure what is built already.
    #[arg(long)]
    no_build: bool,
}

impl Args {
    /// One turn.
    fn turn(&self) -> u64 {
        (self.seconds / ROUNDS).max(1)
    }

    fn wants(&self, name: &str) -> bool {
        self.only.as_deref().is_none_or(|only| only == name)
    }
}

pub async fn bench(workspace: &Workspace, args: &Args) -> Result<ExitCode> {
    if let Some(only) = &args.only
        && !cases::NAMES.contains(&only.as_str())
    {
        bail!("no case is called {only}; there are {}", cases::NAMES.join(", "));
    }
    prerequisites::for_benchmarks()?;
    let profile = Profile::from_env()?;
    if !args.no_build {
        build(workspace, profile).await?;
    }
    let cluster = clusters::start(workspace, &format!("bench-{}", args.students), false).await?;
    let outcome = measure(workspace, profile, args, &cluster).await;
    cluster.stop().await?;
    outcome?;
    Ok(ExitCode::SUCCESS)
}

async fn measure(workspace: &Workspace, profile: Profile, args: &Args, cluster: &embedded_postgres::Cluster) -> Result<()> {
    let people = node::fill(workspace, profile, args, cluster).await?;
    let mut node = Node::start(workspace, profile, args, cluster, people).await?;
    let mut report = Report::new(args, profile, cluster, &node).await?;
    let measured = cases::all(workspace, args, &node, &mut report).await;
    node.stop().await?;
    // What was measured before a failure counts as well.
    report.write(workspace, args.only.as_deref().unwrap_or("all"))?;
    measured
}

async fn build(workspace: &Workspace, profile: Profile) -> Result<()> {
    prerequisites::for_building().await?;
    let progress = Progress::new(&workspace.notes()?);
    if let Some(work) = web::install(workspace)? {
        work.run(&progress, "installing the front end's packages").await?;
    }
    if let Some(work) = web::build(workspace)? {
        work.run(&progress, "building the pages").await?;
    }
    let mut args = vec!["build", "--locked", "--package", "pec", "--package", "bare-argon2"];
    if profile == Profile::Release {
        args.push("--release");
    }
    run::shown(workspace.cargo(args)).await
}
