//! The command line: one binary for the server and for every errand of an operator.

mod demo;
mod import;
mod tenant;
mod trust;
mod up;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::{
    config::{Serve, Storage},
    database::{Database, Purpose},
    db::{Registry, migrate_all},
    routes,
    signals::Stop,
    telemetry, verify,
};

#[derive(Parser)]
#[command(name = "pec", version, about = "PEC App: the campus platform in one binary")]
struct Cli {
    #[command(flatten)]
    storage: Storage,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve: HTTPS, pages, API. Migrates first; Ctrl-C drains and stops.
    Serve(Serve),
    /// Bring every institution's schema up to date.
    Migrate,
    /// Make a demo institution of any size and print its sign-ins, one a role.
    Demo(demo::Demo),
    /// Bring in files of other systems.
    #[command(subcommand)]
    Import(ImportCommand),
    /// Print the API's contract (OpenAPI 3.1). Needs no database.
    Openapi,
    /// Institutions of this installation.
    #[command(subcommand)]
    Tenant(tenant::TenantCommand),
    /// Check what must always be true: schemas, counters, history. Exit code 1 when something is not.
    Verify,
}

#[derive(Subcommand)]
enum ImportCommand {
    /// A section catalog (CSV). All or nothing; a second time changes nothing.
    Catalog(import::Catalog),
}

pub async fn run() -> anyhow::Result<ExitCode> {
    let cli = Cli::parse();
    telemetry::init_logs();
    match &cli.command {
        Command::Openapi => {
            print!("{}", routes::document());
            return Ok(ExitCode::SUCCESS);
        }
        Command::Serve(serve) => return up::run(&cli.storage, serve).await,
        Command::Demo(wanted) => return demo::run(&cli.storage, wanted).await,
        _ => {}
    }
    let database = Database::open(&cli.storage, Purpose::Errand, &Stop::never()).await?;
    let registry = &database.registry;
    // A cluster of our own is stopped in order, also after a failure.
    let code = errand(registry, cli.command).await;
    database.close().await?;
    code
}

async fn errand(registry: &Registry, command: Command) -> anyhow::Result<ExitCode> {
    Ok(match command {
        Command::Serve(_) | Command::Demo(_) | Command::Openapi => unreachable!("answered before"),
        Command::Import(ImportCommand::Catalog(file)) => import::catalog(registry, file).await?,
        Command::Migrate => migrate(registry).await?,
        Command::Tenant(command) => tenant::run(registry, command).await?,
        Command::Verify => report(verify::verify(registry).await?),
    })
}

async fn migrate(registry: &Registry) -> anyhow::Result<ExitCode> {
    let report = migrate_all(registry).await?;
    for slug in &report.migrated {
        println!("{slug}: up to date");
    }
    for (slug, error) in &report.failed {
        eprintln!("{slug}: {error}");
    }
    Ok(if report.failed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn report(findings: Vec<verify::Finding>) -> ExitCode {
    for finding in &findings {
        println!("{}: {}: {}", finding.tenant.as_deref().unwrap_or("(installation)"), finding.check, finding.detail);
    }
    if findings.is_empty() {
        println!("All checks passed.");
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
