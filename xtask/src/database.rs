//! `db`: a database for editors (checked queries while typing) and for single integration tests.

use std::process::ExitCode;

use anyhow::Result;

use crate::signals::Interrupts;
use crate::workspace::Workspace;
use crate::{clusters, signals};

pub async fn keep(workspace: &Workspace) -> Result<ExitCode> {
    let mut interrupts = Interrupts::listen()?;
    let cluster = clusters::start(workspace, "db", false).await?;
    let made = signals::or_interrupted(async {
        let template = clusters::template(workspace, &cluster).await?;
        let tests = clusters::empty_database(&cluster, "pec_test").await?;
        Ok((template, tests))
    })
    .await;
    match &made {
        Ok((template, tests)) => {
            println!("Checked queries (built from the migrations as they are now; start again after changing one):");
            println!("  export DATABASE_URL='{template}' SQLX_OFFLINE=false");
            println!("An empty database for one run of the integration tests:");
            println!("  export TEST_DATABASE_URL='{tests}'");
            println!("Running until Ctrl-C.");
            interrupts.next().await;
        }
        Err(error) => eprintln!("{error:#}"),
    }
    cluster.stop().await?;
    Ok(if made.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
