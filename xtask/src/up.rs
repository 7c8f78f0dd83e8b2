//! `up`: from a fresh clone to a running platform; from a built one, in seconds.

use std::process::ExitCode;

use anyhow::Result;
use tokio::process::Command;

use crate::run::Progress;
use crate::signals::{Interrupts, end, or_interrupted, spawn_apart, wait};
use crate::workspace::{Profile, Workspace};
use crate::{prerequisites, web};

/// Everything `pec` is told besides where its data and its database programs are.
const SERVE: [&str; 4] = ["serve", "--web", ".", "--demo"];

pub async fn up(workspace: &Workspace) -> Result<ExitCode> {
    let profile = Profile::from_env()?;
    or_interrupted(build(workspace, profile)).await?;
    let mut interrupts = Interrupts::listen()?;
    let mut child = spawn_apart(&mut serve(workspace, profile, &SERVE))?;
    tokio::select! {
        code = wait(&mut child) => code,
        () = interrupts.next() => end(&mut child, &mut interrupts).await,
    }
}

/// `pec` with this workspace's data directory and database programs.
pub fn serve(workspace: &Workspace, profile: Profile, args: &[&str]) -> Command {
    let mut command = workspace.tool(workspace.pec(profile), args);
    let data = workspace.data_dir();
    if data != workspace.path("data") {
        println!("PostgreSQL cannot reach this folder (it never runs as root), so the data is in {}", data.display());
    }
    command.arg("--data").arg(data);
    if let Some(package) = workspace.postgres() {
        command.arg("--postgres").arg(package);
    }
    command
}

async fn build(workspace: &Workspace, profile: Profile) -> Result<()> {
    prerequisites::for_building().await?;
    let progress = Progress::new(&workspace.notes()?);
    let pages = async {
        if let Some(work) = web::install(workspace)? {
            work.run(&progress, "installing the front end's packages").await?;
        }
        if let Some(work) = web::build(workspace)? {
            work.run(&progress, "building the pages").await?;
        }
        Ok(())
    };
    let mut args = vec!["build", "--locked", "--package", "pec"];
    if profile == Profile::Release {
        args.push("--release");
    }
    let label = match profile {
        Profile::Release => "building the server (the first time takes several minutes)",
        Profile::Dev => "building the server, unoptimized",
    };
    let server = progress.run(label, workspace.cargo(args));
    tokio::try_join!(pages, server)?;
    Ok(())
}
