//! The limits: the same SQL from pgbench, and Argon2id with nothing around it.

use std::path::Path;

use anyhow::{Context, Result, bail};
use embedded_postgres::Cluster;
use sqlx::{Connection, PgConnection, Row};
use tokio::process::Command;

use super::node::SLUG;
use crate::run;
use crate::workspace::{Profile, Workspace};

/// A statement of the server, found where it is written, so that pgbench never measures another one.
pub struct Statement {
    pub file: &'static str,
    pub function: &'static str,
    /// What stands for `$1`, `$2`, …: a variable of [`Pgbench`], or an expression.
    pub parameters: &'static [&'static str],
}

impl Statement {
    fn script(&self, workspace: &Workspace) -> Result<String> {
        let path = workspace.path("server/src").join(self.file);
        let source = std::fs::read_to_string(&path).with_context(|| format!("read {}", path.display()))?;
        let sql = source
            .split_once(&format!("pub async fn {}(", self.function))
            .and_then(|(_, after)| after.split_once("r#\""))
            .and_then(|(_, after)| after.split_once("\"#"))
            .map(|(sql, _)| sql)
            .with_context(|| format!("no SQL in `{}` of {}", self.function, self.file))?;
        let mut script = sql.replace('\n', " ");
        for (index, parameter) in self.parameters.iter().enumerate() {
            script = script.replace(&format!("${}", index + 1), parameter);
        }
        Ok(format!("{script};\n"))
    }
}

/// pgbench as an institution's application role.
pub struct Pgbench {
    url: String,
    options: String,
    variables: Vec<String>,
}

impl Pgbench {
    /// `student` and `admin` are e-mail addresses.
    #[expect(clippy::disallowed_methods, reason = "the developer commands know no schema when they are compiled")]
    pub async fn new(cluster: &Cluster, student: &str, admin: &str) -> Result<Self> {
        let url = cluster.superuser_url();
        let mut connection = PgConnection::connect(&url).await.context("connect to the cluster")?;
        let tenant = sqlx::query("select schema_name, app_role from platform.tenant where slug = $1")
            .bind(SLUG)
            .fetch_one(&mut connection)
            .await
            .context("the institution's row")?;
        let (schema, role): (String, String) = (tenant.get(0), tenant.get(1));
        let mut variables = Vec::new();
        sqlx::query("select set_config('search_path', $1, false)").bind(schema.clone()).execute(&mut connection).await?;
        for (name, email) in [("student", student), ("admin", admin)] {
            let id: String = sqlx::query_scalar("select id::text from app_user where email = $1")
                .bind(email.to_owned())
                .fetch_one(&mut connection)
                .await?;
            variables.push(format!("{name}={id}"));
        }
        let now: String = sqlx::query_scalar("select now()::text").fetch_one(&mut connection).await?;
        variables.push(format!("now={now}"));
        connection.close().await.ok();
        // What the role has by itself when the server signs in as it.
        let options = format!(
            "-c role={role} -c search_path={schema},ext -c default_transaction_read_only=on -c statement_timeout=8s -c lock_timeout=3s"
        );
        Ok(Self { url, options, variables })
    }

    /// Statements a second.
    pub async fn rate(&self, workspace: &Workspace, statement: &Statement, connections: u32, seconds: u64) -> Result<f64> {
        let file = workspace.notes()?.join("bench.sql");
        std::fs::write(&file, statement.script(workspace)?).with_context(|| format!("write {}", file.display()))?;
        let output =
            String::from_utf8_lossy(&run::captured(self.command(workspace, &file, connections, seconds)).await?).into_owned();
        let rate = output.lines().find_map(|line| line.strip_prefix("tps = ")?.split(' ').next()?.parse().ok());
        match rate {
            Some(rate) if output.contains("number of failed transactions: 0 ") => Ok(rate),
            _ => bail!("pgbench:\n{output}"),
        }
    }

    fn command(&self, workspace: &Workspace, file: &Path, connections: u32, seconds: u64) -> Command {
        let mut command = workspace.tool("pgbench", ["--no-vacuum", "--protocol", "prepared", "--jobs", "1"]);
        command.arg("--client").arg(connections.to_string()).arg("--time").arg(seconds.to_string());
        command.arg("--file").arg(file).env("PGOPTIONS", &self.options);
        for variable in &self.variables {
            command.arg("--define").arg(variable);
        }
        // The superuser may become any role; its password stays out of the process list.
        let rest = self.url.split_once("://").map_or("", |(_, rest)| rest);
        let (user, rest) = rest.split_once(':').unwrap_or_default();
        let (password, rest) = rest.split_once('@').unwrap_or_default();
        let (address, database) = rest.split_once('/').unwrap_or_default();
        let (host, port) = address.split_once(':').unwrap_or_default();
        command.env("PGUSER", user).env("PGPASSWORD", password).env("PGHOST", host).env("PGPORT", port).arg(database);
        command
    }
}

/// Argon2id hashes a second on so many threads.
pub async fn bare_argon2(workspace: &Workspace, profile: Profile, threads: usize, seconds: u64) -> Result<f64> {
    let program = workspace.pec(profile).with_file_name("bare-argon2");
    let output = run::captured(workspace.tool(program, [threads.to_string(), seconds.to_string()])).await?;
    String::from_utf8_lossy(&output).trim().parse().context("bare-argon2 prints a number")
}
