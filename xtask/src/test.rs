//! `test`: every check there is, in an order that finds the cheap failures first.
//!
//! The tools write straight to the terminal, so their own closing lines are the record; a table at the end sums up.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use clap::ValueEnum;

use crate::workspace::{Profile, Workspace};
use crate::{clusters, contracts, prepare, prerequisites, run, web};

#[derive(clap::Args)]
pub struct Args {
    /// Only these parts, separated by commas.
    #[arg(long, value_delimiter = ',')]
    only: Vec<Part>,
    /// Go on after a failure; the exit code still tells.
    #[arg(long)]
    keep_going: bool,
    /// Handed to the Rust test programs, for example a test's name.
    #[arg(last = true)]
    filter: Vec<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    /// Format, lints, unit and integration tests of the server and its tools.
    Rust,
    /// The committed query metadata against the migrations.
    Database,
    /// The generated contracts, lints, types, unit tests and the build of the front end.
    Web,
    /// Journeys in a real browser against the real server.
    E2e,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    Packages,
    Format,
    Queries,
    Clippy,
    Contracts,
    Lint,
    Types,
    WebTests,
    Pages,
    Tests,
    TestsElsewhere,
    Journeys,
}

impl Step {
    const ALL: [Self; 12] = [
        Self::Packages,
        Self::Format,
        Self::Queries,
        Self::Clippy,
        Self::Contracts,
        Self::Lint,
        Self::Types,
        Self::WebTests,
        Self::Pages,
        Self::Tests,
        Self::TestsElsewhere,
        Self::Journeys,
    ];

    fn title(self) -> &'static str {
        match self {
            Self::Packages => "front-end packages",
            Self::Format => "rustfmt",
            Self::Queries => "query metadata is current",
            Self::Clippy => "clippy",
            Self::Contracts => "contracts are current",
            Self::Lint => "eslint",
            Self::Types => "tsc",
            Self::WebTests => "front-end unit tests",
            Self::Pages => "next build",
            Self::Tests => "Rust tests, own PostgreSQL",
            Self::TestsElsewhere => "integration tests, external PostgreSQL",
            Self::Journeys => "browser journeys",
        }
    }

    /// The parts that need this step. `node_modules` also brings PostgreSQL, so everything needs that.
    fn parts(self) -> &'static [Part] {
        match self {
            Self::Packages => &[Part::Rust, Part::Database, Part::Web, Part::E2e],
            Self::Format | Self::Clippy | Self::Tests | Self::TestsElsewhere => &[Part::Rust],
            Self::Queries => &[Part::Database],
            Self::Contracts | Self::Lint | Self::Types | Self::WebTests => &[Part::Web],
            Self::Pages => &[Part::Web, Part::E2e],
            Self::Journeys => &[Part::E2e],
        }
    }

    async fn run(self, workspace: &Workspace, args: &Args) -> Result<()> {
        match self {
            Self::Packages => packages(workspace).await,
            Self::Format => run::shown(workspace.cargo(["fmt", "--all", "--check"])).await,
            Self::Queries => prepare::prepare(workspace, true).await.map(|_| ()),
            Self::Clippy => {
                let lints = ["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"];
                run::shown(workspace.cargo(lints)).await
            }
            Self::Contracts => contracts::contracts(workspace, true).await.map(|_| ()),
            Self::Lint => run::shown(workspace.npm(["run", "--silent", "lint"])).await,
            Self::Types => run::shown(workspace.npm(["run", "--silent", "typecheck"])).await,
            Self::WebTests => run::shown(workspace.npm(["run", "--silent", "test:web"])).await,
            Self::Pages => pages(workspace).await,
            Self::Tests => tests(workspace, args).await,
            Self::TestsElsewhere => tests_elsewhere(workspace, args).await,
            Self::Journeys => journeys(workspace).await,
        }
    }
}

pub async fn test(workspace: &Workspace, args: &Args) -> Result<ExitCode> {
    let wanted = |step: &Step| args.only.is_empty() || step.parts().iter().any(|part| args.only.contains(part));
    let steps: Vec<Step> = Step::ALL.into_iter().filter(wanted).collect();
    // Named before the first build, not after half an hour.
    prerequisites::for_building().await?;
    if steps.contains(&Step::Journeys) {
        prerequisites::for_browser_tests().await?;
    }
    let mut results: Vec<(Step, Duration, bool)> = Vec::new();
    for step in steps.iter().copied() {
        println!("\n==> {}", step.title());
        let since = Instant::now();
        let result = step.run(workspace, args).await;
        if let Err(error) = &result {
            println!("{error:#}");
        }
        results.push((step, since.elapsed(), result.is_ok()));
        if result.is_err() && !args.keep_going {
            break;
        }
    }
    Ok(summary(&results, steps.len()))
}

fn summary(results: &[(Step, Duration, bool)], planned: usize) -> ExitCode {
    println!("\n==> summary");
    for (step, time, passed) in results {
        let verdict = if *passed { "passed" } else { "FAILED" };
        println!("{verdict}  {:>7.1} s  {}", time.as_secs_f32(), step.title());
    }
    let failed = results.iter().filter(|(_, _, passed)| !passed).count();
    let not_run = planned - results.len();
    let total: Duration = results.iter().map(|(_, time, _)| *time).sum();
    let passed = results.len() - failed;
    println!("{passed} steps passed, {failed} failed, {not_run} not run, in {:.0} s", total.as_secs_f32());
    if failed == 0 && not_run == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

async fn packages(workspace: &Workspace) -> Result<()> {
    match web::install(workspace)? {
        Some(work) => work.shown().await,
        None => {
            println!("installed already");
            Ok(())
        }
    }
}

async fn pages(workspace: &Workspace) -> Result<()> {
    match web::build(workspace)? {
        Some(work) => work.shown().await,
        None => {
            println!("built already from the same sources");
            Ok(())
        }
    }
}

/// Everything, with a new cluster of our own as the database.
async fn tests(workspace: &Workspace, args: &Args) -> Result<()> {
    clusters::forget(workspace, "test")?;
    let cluster = clusters::start(workspace, "test", true).await?;
    let mut command = workspace.cargo(["test", "--workspace", "--locked", "--no-fail-fast", "--"]);
    command.args(&args.filter).env("TEST_DATABASE_URL", cluster.url());
    let result = run::shown(command).await;
    cluster.stop().await?;
    result
}

/// The integration tests once more against a server as an operator sets one up: durable, and with the role and
/// database that the operations guide asks for.
async fn tests_elsewhere(workspace: &Workspace, args: &Args) -> Result<()> {
    clusters::forget(workspace, "test-external")?;
    let cluster = clusters::start(workspace, "test-external", false).await?;
    let result = async {
        let superuser = cluster.superuser_url();
        clusters::run(&superuser, "create role campus login createrole password 'campus'").await?;
        clusters::run(&superuser, "create database campus owner campus template template0").await?;
        let mut command = workspace.cargo(["test", "--workspace", "--locked", "--test", "it", "--"]);
        let url = format!("postgres://campus:campus@127.0.0.1:{}/campus", cluster.port());
        command.args(&args.filter).env("TEST_DATABASE_URL", url);
        run::shown(command).await
    }
    .await;
    cluster.stop().await?;
    result
}

async fn journeys(workspace: &Workspace) -> Result<()> {
    run::shown(workspace.cargo(["build", "--workspace", "--locked"])).await?;
    let mut command = workspace.npm(["run", "--silent", "e2e"]);
    let browser = prerequisites::chromium().context("Chromium was here a moment ago")?;
    command.env("PEC_BIN", workspace.pec(Profile::Dev)).env("CHROMIUM", browser).env_remove("DATABASE_URL");
    if let Some(package) = workspace.postgres() {
        command.env("PEC_POSTGRES", package);
    }
    run::shown(command).await
}
