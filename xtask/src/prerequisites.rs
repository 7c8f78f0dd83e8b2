//! What must be on the machine, each with its cure. Everything missing is named at once.

use std::path::PathBuf;

use anyhow::{Result, bail};
use tokio::process::Command;

/// The oldest Node.js that builds the front end.
const NODE: (u32, u32) = (20, 9);

/// For building and running.
pub async fn for_building() -> Result<()> {
    let mut missing = Vec::new();
    match version_of("node").await {
        None => missing.push("Node.js ≥ 20.9: https://nodejs.org/en/download, or your version manager (nvm, fnm, volta)".into()),
        Some(found) if !recent(&found) => {
            missing.push(format!("Node.js ≥ 20.9 (found {found}): https://nodejs.org/en/download, or your version manager"));
        }
        Some(_) => {}
    }
    if version_of("npm").await.is_none() {
        missing.push("npm: it comes with Node.js; on Debian `sudo apt-get install npm`".into());
    }
    let compiler = std::env::var("CC").unwrap_or_else(|_| "cc".into());
    if version_of(&compiler).await.is_none() {
        let cure = if cfg!(target_os = "macos") { "xcode-select --install" } else { "sudo apt-get install build-essential" };
        missing.push(format!("a C compiler (`{compiler}`): {cure}"));
    }
    named(missing)
}

/// For the journeys in a real browser.
pub async fn for_browser_tests() -> Result<()> {
    let mut packages = Vec::new();
    if chromium().is_none() {
        packages.push("chromium");
    }
    if !on_path("certutil") {
        packages.push("libnss3-tools");
    }
    if packages.is_empty() {
        return Ok(());
    }
    let names = packages.join(" ");
    named(vec![format!("the Debian packages {names} (browser tests): sudo apt-get install {names}")])
}

/// For measuring.
pub fn for_benchmarks() -> Result<()> {
    let wanted = [("wrk", "wrk"), ("pgbench", "postgresql")];
    let packages: Vec<&str> = wanted.iter().filter(|(program, _)| !on_path(program)).map(|(_, package)| *package).collect();
    if packages.is_empty() {
        return Ok(());
    }
    let names = packages.join(" ");
    named(vec![format!("the Debian packages {names} (benchmarks): sudo apt-get install {names}")])
}

/// The browser: `CHROMIUM`, or a usual name on the path.
pub fn chromium() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("CHROMIUM") {
        return Some(named.into());
    }
    ["chromium", "chromium-browser", "google-chrome"].iter().find_map(|name| find_on_path(name))
}

fn named(missing: Vec<String>) -> Result<()> {
    if missing.is_empty() {
        return Ok(());
    }
    bail!("missing on this machine:\n  - {}", missing.join("\n  - "))
}

async fn version_of(program: &str) -> Option<String> {
    let output = Command::new(program).arg("--version").output().await.ok()?;
    let text = String::from_utf8_lossy(&output.stdout);
    output.status.success().then(|| text.lines().next().unwrap_or_default().trim().to_owned())
}

fn recent(version: &str) -> bool {
    let mut parts = version.trim_start_matches('v').split('.').map(|part| part.parse::<u32>().unwrap_or(0));
    (parts.next().unwrap_or(0), parts.next().unwrap_or(0)) >= NODE
}

fn on_path(program: &str) -> bool {
    find_on_path(program).is_some()
}

fn find_on_path(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|dir| dir.join(program)).find(|file| file.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn node_versions_are_compared_as_numbers() {
        for good in ["v20.9.0", "v20.20.2", "v22.1.0", "v100.0.0"] {
            assert!(recent(good), "{good}");
        }
        for bad in ["v20.8.9", "v18.99.0", "v9.30.0", "nonsense", ""] {
            assert!(!recent(bad), "{bad}");
        }
    }
}
