//! `dev`: `next dev` with hot reload, behind a debug build of the edge and the API.

use std::net::TcpListener;
use std::process::ExitCode;

use anyhow::{Context, Result};

use crate::run;
use crate::signals::{Interrupts, end, or_interrupted, spawn_apart, wait};
use crate::up::serve;
use crate::workspace::{Profile, Workspace};
use crate::{prerequisites, web};

pub async fn dev(workspace: &Workspace) -> Result<ExitCode> {
    or_interrupted(async {
        prerequisites::for_building().await?;
        if let Some(work) = web::install(workspace)? {
            work.shown().await?;
        }
        run::shown(workspace.cargo(["build", "--workspace", "--locked"])).await
    })
    .await?;
    let port = free_port()?;
    let port_text = port.to_string();
    let mut interrupts = Interrupts::listen()?;
    // Node itself rather than a script around it: the signal must reach the server.
    let next = ["node_modules/next/dist/bin/next", "dev", "--hostname", "127.0.0.1", "--port", &port_text];
    let mut pages = spawn_apart(workspace.tool("node", next).env("NEXT_TELEMETRY_DISABLED", "1"))?;
    let url = format!("http://127.0.0.1:{port}");
    let mut command = serve(workspace, Profile::Dev, &["serve", "--demo", "--development", "--web-url", &url]);
    let mut server = match spawn_apart(&mut command) {
        Ok(server) => server,
        Err(error) => {
            end(&mut pages, &mut interrupts).await?;
            return Err(error);
        }
    };
    // Whichever ends first takes the other with it; the server's verdict is ours.
    let ended = tokio::select! {
        code = wait(&mut server) => Some(code),
        code = wait(&mut pages) => {
            eprintln!("`next dev` ended");
            Some(code.map(|_| ExitCode::FAILURE))
        }
        () = interrupts.next() => None,
    };
    let server_code = end(&mut server, &mut interrupts).await;
    end(&mut pages, &mut interrupts).await?;
    ended.unwrap_or(server_code)
}

fn free_port() -> Result<u16> {
    let listener = TcpListener::bind("127.0.0.1:0").context("look for a free port")?;
    Ok(listener.local_addr().context("look for a free port")?.port())
}
