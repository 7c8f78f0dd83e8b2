//! `contracts`: `shared/` from the server's own description of its API.

use std::fs;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};

use crate::fingerprint::contents;
use crate::run;
use crate::workspace::{Profile, Workspace};

pub async fn contracts(workspace: &Workspace, check: bool) -> Result<ExitCode> {
    let before = contents(workspace.root(), &["shared"])?;
    let made = generate(workspace).await;
    if !check {
        made?;
        return Ok(ExitCode::SUCCESS);
    }
    let after = contents(workspace.root(), &["shared"])?;
    let names: std::collections::BTreeSet<_> = before.keys().chain(after.keys()).collect();
    let differing: Vec<String> = names
        .into_iter()
        .filter(|name| before.get(*name) != after.get(*name))
        .map(|name| format!("  - {}", name.display()))
        .collect();
    // A check leaves the tree as it found it.
    for (name, bytes) in &before {
        if after.get(name) != Some(bytes) {
            let path = workspace.root().join(name);
            fs::write(&path, bytes).with_context(|| format!("restore {}", path.display()))?;
        }
    }
    for name in after.keys().filter(|name| !before.contains_key(*name)) {
        let path = workspace.root().join(name);
        fs::remove_file(&path).with_context(|| format!("remove {}", path.display()))?;
    }
    made?;
    if differing.is_empty() {
        println!("shared/ is current: {} files", before.len());
        return Ok(ExitCode::SUCCESS);
    }
    bail!("shared/ is not what the server says; run `cargo xtask contracts`:\n{}", differing.join("\n"))
}

async fn generate(workspace: &Workspace) -> Result<()> {
    run::shown(workspace.cargo(["build", "--workspace", "--locked"])).await?;
    let document = run::captured(workspace.tool(workspace.pec(Profile::Dev), ["openapi"])).await?;
    if document.is_empty() {
        bail!("`pec openapi` printed nothing");
    }
    let path = workspace.path("shared/openapi.json");
    fs::create_dir_all(workspace.path("shared")).context("create shared/")?;
    fs::write(&path, document).with_context(|| format!("write {}", path.display()))?;
    run::shown(workspace.npm(["run", "--silent", "contracts"])).await
}
