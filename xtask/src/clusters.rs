//! PostgreSQL for these commands: clusters of our own in scratch folders.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result};
use embedded_postgres::{Cluster, ClusterOptions, Event};
use sqlx::{AssertSqlSafe, Connection, PgConnection};

use crate::workspace::Workspace;

/// Starts a cluster in a scratch folder. `fast` gives up durability, for what is thrown away anyway.
pub async fn start(workspace: &Workspace, name: &str, fast: bool) -> Result<Cluster> {
    let mut options = ClusterOptions::new(workspace.scratch(name)).binaries(workspace.postgres());
    options.observer = Arc::new(|event| {
        if let Event::Initializing = event {
            eprintln!("setting up a PostgreSQL cluster (once)");
        }
    });
    if fast {
        options = options.setting("fsync", "off").setting("synchronous_commit", "off").setting("full_page_writes", "off");
    }
    Cluster::start(options).await.with_context(|| format!("the database cluster `{name}`"))
}

/// Removes a scratch cluster, so that the next start sets up a new one.
pub fn forget(workspace: &Workspace, name: &str) -> Result<()> {
    let dir = workspace.scratch(name);
    match std::fs::remove_dir_all(&dir) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("remove {}", dir.display()))
        }
        _ => Ok(()),
    }
}

/// Runs statements that hold no value from outside.
pub async fn run(url: &str, sql: impl Into<String>) -> Result<()> {
    let sql = sql.into();
    let mut connection = PgConnection::connect(url).await.context("connect to the cluster")?;
    let result = sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await;
    connection.close().await.ok();
    result.map(|_| ()).context("run SQL")
}

/// Empties the application's database and builds in it what `query!` is checked against: `platform`, `ext`, and one
/// institution's schema as `template`. Returns the URL under which every unqualified name resolves.
pub async fn template(workspace: &Workspace, cluster: &Cluster) -> Result<String> {
    let url = cluster.url();
    run(
        &url,
        "set client_min_messages = warning;
         drop schema if exists template cascade; drop schema if exists platform cascade; drop schema if exists ext cascade;
         create schema platform; create schema ext; create schema template;
         create extension pg_trgm schema ext; create extension unaccent schema ext; create extension btree_gist schema ext;",
    )
    .await
    .context("an empty template database")?;
    for (folder, path) in [("platform", "platform"), ("tenant", "template, ext")] {
        for file in migrations(&workspace.path("server/migrations").join(folder))? {
            let sql = std::fs::read_to_string(&file).with_context(|| format!("read {}", file.display()))?;
            // As one text, PostgreSQL runs it in one transaction.
            run(&url, format!("set search_path = {path};\n{sql}")).await.with_context(|| file.display().to_string())?;
        }
    }
    Ok(format!("{url}?options=-c%20search_path%3Dtemplate%2Cplatform%2Cext"))
}

/// A further empty database that the application's role owns, as the integration tests want it.
pub async fn empty_database(cluster: &Cluster, name: &str) -> Result<String> {
    let superuser = cluster.superuser_url();
    // Neither statement may run inside a transaction, which several in one text would be.
    run(&superuser, format!("drop database if exists {name} with (force)")).await?;
    run(&superuser, format!("create database {name} owner pec template template0")).await?;
    let url = cluster.url();
    let server = url.rsplit_once('/').context("a URL with a database")?.0;
    Ok(format!("{server}/{name}"))
}

fn migrations(dir: &Path) -> Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(dir).with_context(|| format!("list {}", dir.display()))?;
    let mut files: Vec<PathBuf> = entries.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
    files.retain(|file| file.extension().is_some_and(|ext| ext == "sql"));
    files.sort();
    Ok(files)
}
