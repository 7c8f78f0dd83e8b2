//! Makes a new cluster: `initdb`, then the application's role and database in single-user mode.
//!
//! Both happen in `cluster.new`; a rename publishes it, so an interrupted set-up is simply done again.

use std::fs;
use std::path::Path;
use std::process::{Output, Stdio};
use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::process::Command;

use crate::binaries::{MAJOR, Programs};
use crate::error::Error;
use crate::layout::{Layout, write_private};
use crate::options::{ClusterOptions, Event};
use crate::user::RunAs;

/// The superuser. Nothing but set-up and tests signs in as this role.
pub(crate) const SUPERUSER: &str = "postgres";
/// The application's role and the database it owns.
pub(crate) const APPLICATION: &str = "pec";

const SETUP_TIMEOUT: Duration = Duration::from_secs(180);

/// Case mapping needs a UTF-8 character type; sorting stays by code point, the same everywhere.
const LC_CTYPE: &str = if cfg!(target_os = "macos") { "UTF-8" } else { "C.UTF-8" };

/// A command of the copied programs as the right user, with nothing of our environment.
pub(crate) fn command(programs: &Programs, name: &str, run_as: &RunAs) -> Command {
    let mut command = Command::new(programs.program(name));
    command.env_clear().env("LC_ALL", "C").env("TZ", "UTC").current_dir(&programs.dir);
    run_as.apply(&mut command);
    command
}

/// Makes the cluster unless it exists, and refuses one of another major version.
pub(crate) async fn ensure(layout: &Layout, programs: &Programs, run_as: &RunAs, options: &ClusterOptions) -> Result<(), Error> {
    let version_file = layout.cluster().join("PG_VERSION");
    if let Ok(found) = fs::read_to_string(&version_file) {
        let found = found.trim();
        if found == MAJOR {
            return Ok(());
        }
        return Err(Error::OtherMajor { path: layout.cluster(), found: found.to_owned(), wanted: MAJOR.to_owned() });
    }
    options.tell(Event::Initializing);
    let fresh = layout.new_cluster();
    if fresh.exists() {
        fs::remove_dir_all(&fresh).map_err(Error::io("remove", &fresh))?;
    }
    layout.owned_dir(&fresh, run_as)?;
    initdb(layout, programs, run_as, &fresh).await?;
    make_role(layout, programs, run_as, &fresh).await?;
    fs::rename(&fresh, layout.cluster()).map_err(Error::io("publish", layout.cluster()))
}

async fn initdb(layout: &Layout, programs: &Programs, run_as: &RunAs, fresh: &Path) -> Result<(), Error> {
    // A file, because arguments and environment can be read by others while the program runs.
    let password_file = layout.setup_password();
    write_private(&password_file, &layout.password(SUPERUSER)?)?;
    run_as.own(&password_file)?;
    let mut command = command(programs, "initdb", run_as);
    command
        .arg("--pgdata")
        .arg(fresh)
        .arg("--pwfile")
        .arg(&password_file)
        .args(["--username", SUPERUSER, "--auth", "scram-sha-256"])
        .args(["--encoding", "UTF8", "--locale", "C", "--lc-ctype", LC_CTYPE])
        .args(["--data-checksums", "--no-instructions"]);
    let result = run("initdb", command, "").await;
    fs::remove_file(&password_file).map_err(Error::io("remove", &password_file))?;
    let output = result?;
    if output.status.success() {
        return Ok(());
    }
    Err(setup_error("initdb", &output))
}

/// Single-user mode needs no port and no client, and takes the password on standard input.
async fn make_role(layout: &Layout, programs: &Programs, run_as: &RunAs, fresh: &Path) -> Result<(), Error> {
    let password = layout.password(APPLICATION)?;
    // One command per line. Only `pec` may enter the application's database, and whoever it lets in; the
    // maintenance databases are nobody's business.
    let sql = format!(
        "create role {APPLICATION} login createrole nosuperuser nocreatedb noreplication password '{password}'\n\
         create database {APPLICATION} owner {APPLICATION} template template0\n\
         revoke all on database {APPLICATION}, postgres, template1 from public\n"
    );
    let mut command = command(programs, "postgres", run_as);
    command
        .arg("--single")
        .arg("-D")
        .arg(fresh)
        // A failing statement would otherwise be logged with the password in it.
        .args(["-c", "log_min_error_statement=panic"])
        .arg("postgres");
    let output = run("postgres --single", command, &sql).await?;
    let said = String::from_utf8_lossy(&output.stderr);
    let failed = ["ERROR:", "FATAL:", "PANIC:"].iter().any(|word| said.contains(word));
    if output.status.success() && !failed {
        return Ok(());
    }
    Err(setup_error("postgres --single", &output))
}

async fn run(program: &'static str, mut command: Command, input: &str) -> Result<Output, Error> {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    let mut child = command.spawn().map_err(Error::io("start", program))?;
    let mut stdin = child.stdin.take().expect("standard input was asked to be a pipe");
    let whole = async {
        // A program that ends early closes its input; its status says more than the broken pipe.
        let _ = stdin.write_all(input.as_bytes()).await;
        drop(stdin);
        child.wait_with_output().await
    };
    match tokio::time::timeout(SETUP_TIMEOUT, whole).await {
        Ok(output) => output.map_err(Error::io("run", program)),
        Err(_elapsed) => {
            Err(Error::Setup { program, status: format!("not done after {SETUP_TIMEOUT:?}"), output: String::new() })
        }
    }
}

fn setup_error(program: &'static str, output: &Output) -> Error {
    let mut text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.push_str(&String::from_utf8_lossy(&output.stderr));
    let from = text.len().saturating_sub(4_000);
    let from = (from..text.len()).find(|&at| text.is_char_boundary(at)).unwrap_or(text.len());
    Error::Setup { program, status: output.status.to_string(), output: text.split_off(from) }
}
