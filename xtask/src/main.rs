//! `cargo xtask`: what a developer runs. Plain functions, one file per command; nothing here ships.

mod bench;
mod clusters;
mod contracts;
mod database;
mod dev;
mod fingerprint;
mod prepare;
mod prerequisites;
mod run;
mod signals;
mod test;
mod up;
mod web;
mod workspace;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

use workspace::Workspace;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Developer commands of PEC App")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Install, build and start everything; prints the address and the sign-ins. PEC_PROFILE=dev builds sooner, and slower code.
    Up,
    /// Run every check and test.
    Test(test::Args),
    /// `next dev` with hot reload behind the real edge.
    Dev,
    /// Write `.sqlx`, what the compiler needs to check queries without a database.
    Prepare {
        /// Compare instead of writing.
        #[arg(long)]
        check: bool,
    },
    /// Write `shared/`: the OpenAPI document and everything generated from it.
    Contracts {
        /// Compare instead of writing.
        #[arg(long)]
        check: bool,
    },
    /// Measure the server against what its database and its processor can do; needs wrk and pgbench.
    Bench(bench::Args),
    /// Keep a database for editors and single tests running, and print its address.
    Db,
}

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    match dispatch(cli.command).await {
        Ok(code) => code,
        Err(error) => {
            eprintln!("\nxtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn dispatch(command: Command) -> Result<ExitCode> {
    let workspace = Workspace::find()?;
    match command {
        Command::Up => up::up(&workspace).await,
        Command::Dev => dev::dev(&workspace).await,
        Command::Db => database::keep(&workspace).await,
        Command::Bench(args) => signals::or_interrupted(bench::bench(&workspace, &args)).await,
        Command::Test(args) => signals::or_interrupted(test::test(&workspace, &args)).await,
        Command::Prepare { check } => signals::or_interrupted(prepare::prepare(&workspace, check)).await,
        Command::Contracts { check } => signals::or_interrupted(contracts::contracts(&workspace, check)).await,
    }
}
