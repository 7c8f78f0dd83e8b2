//! The command line: one binary for the server and for every errand of an operator.

use std::process::ExitCode;

use anyhow::Context;
use clap::{Parser, Subcommand};

use crate::{
    api,
    config::Storage,
    db::{Clock, NewTenant, Registry, RegistryOptions, create_tenant, migrate_all, set_tenant_status},
    operations, telemetry, verify,
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
    /// Bring every institution's schema up to date.
    Migrate,
    /// Institutions of this installation.
    #[command(subcommand)]
    Tenant(TenantCommand),
    /// Print the API's OpenAPI document. Needs no database.
    Openapi,
    /// Check what must always be true: schemas, counters, history. Exit code 1 when something is not.
    Verify,
}

#[derive(Subcommand)]
enum TenantCommand {
    /// Make an institution; prints a one-time link with which its first admin sets a password.
    Create {
        /// Lower-case letters, digits and hyphens: part of its host name and its schema's name.
        slug: String,
        /// The first admin's e-mail address.
        #[arg(long)]
        admin: String,
        /// Full name [default: the slug].
        #[arg(long)]
        name: Option<String>,
        /// Host names it answers to [default: SLUG.localhost].
        #[arg(long = "host")]
        hosts: Vec<String>,
        /// IANA name of its time zone.
        #[arg(long, default_value = "UTC")]
        time_zone: String,
    },
    /// Every institution with its state and hosts.
    List,
    /// Stop serving an institution. Nothing is deleted.
    Suspend { slug: String },
    /// Serve a suspended institution again.
    Resume { slug: String },
}

pub async fn run() -> anyhow::Result<ExitCode> {
    let cli = Cli::parse();
    if matches!(cli.command, Command::Openapi) {
        print!("{}", api::openapi_json(&api::router(operations::all(), |_, route| route).document));
        return Ok(ExitCode::SUCCESS);
    }
    telemetry::init_logs();
    let registry = open(&cli.storage).await?;
    let code = match cli.command {
        Command::Migrate => migrate(&registry).await?,
        Command::Tenant(command) => tenant(&registry, command).await?,
        Command::Openapi => unreachable!("answered before anything is opened"),
        Command::Verify => report(verify::verify(&registry).await?),
    };
    registry.close().await;
    Ok(code)
}

async fn open(storage: &Storage) -> anyhow::Result<Registry> {
    let database_url = storage.database_url.clone().context("DATABASE_URL is not set")?;
    let options =
        RegistryOptions { database_url, root_key: storage.root_key_path(), key_dir: storage.key_dir(), clock: Clock::system() };
    Ok(Registry::open(options).await?)
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

async fn tenant(registry: &Registry, command: TenantCommand) -> anyhow::Result<ExitCode> {
    match command {
        TenantCommand::Create { slug, admin: _, name, mut hosts, time_zone } => {
            if hosts.is_empty() {
                hosts.push(format!("{slug}.localhost"));
            }
            let name = name.unwrap_or_else(|| slug.clone());
            let new =
                NewTenant { slug: &slug, name: &name, short_name: &name, time_zone: &time_zone, accent_hue: 188, hosts: &hosts };
            create_tenant(registry, new).await?;
        }
        TenantCommand::List => {
            for row in registry.list().await? {
                println!("{:<24} {:<10} {}", row.slug, row.status, row.hosts.join(" "));
            }
        }
        TenantCommand::Suspend { slug } => set_tenant_status(registry, &slug, false).await?,
        TenantCommand::Resume { slug } => set_tenant_status(registry, &slug, true).await?,
    }
    Ok(ExitCode::SUCCESS)
}

fn report(findings: Vec<verify::Finding>) -> ExitCode {
    for finding in &findings {
        println!("{}: {}: {}", finding.tenant, finding.check, finding.detail);
    }
    if findings.is_empty() {
        println!("All checks passed.");
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
