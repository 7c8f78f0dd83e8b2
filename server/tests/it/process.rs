//! The built program as a process of its own, with its private database: killed, started again, and beside itself.

use std::{
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use embedded_postgres::{Cluster, ClusterOptions, npm_package, running_url};
use pec::db::{Clock, Registry, RegistryOptions};
use serde_json::json;
use tokio::{
    io::{AsyncBufReadExt, BufReader, Lines},
    process::{Child, ChildStdout, Command},
    time::timeout,
};

use crate::support::run;

/// Generous: other tests keep the processors busy.
pub const PATIENCE: Duration = Duration::from_secs(90);

/// A data directory that the database's own user can reach.
pub struct Data(tempfile::TempDir);

impl Data {
    pub fn new() -> Self {
        rustls::crypto::aws_lc_rs::default_provider().install_default().ok();
        let dir = tempfile::tempdir().unwrap();
        std::fs::set_permissions(dir.path(), std::fs::Permissions::from_mode(0o711)).unwrap();
        Self(dir)
    }

    pub fn path(&self) -> PathBuf {
        self.0.path().join("data")
    }

    fn pec(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_pec"));
        command.args(args).arg("--data").arg(self.path()).arg("--postgres").arg(package());
        for name in ["DATABASE_URL", "PEC_LISTEN", "PEC_DEMO", "PEC_ROOT_KEY"] {
            command.env_remove(name);
        }
        command.kill_on_drop(true).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    pub async fn said(&self, args: &[&str]) -> String {
        let output = timeout(PATIENCE, self.pec(args).output()).await.unwrap().unwrap();
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// Pages are not what these tests are about.
    fn serve(&self) -> Command {
        self.pec(&["serve", "--listen", "127.0.0.1:0", "--development", "--web-url", "http://127.0.0.1:9"])
    }

    pub async fn serving(&self) -> Server {
        self.started(self.serve()).await
    }

    async fn started(&self, mut command: Command) -> Server {
        let mut child = command.stderr(Stdio::null()).spawn().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap()).lines();
        let ready = async {
            loop {
                let line = stdout.next_line().await.unwrap().expect("it ended before it was ready");
                if let Some((_, port)) = line.split_once("PEC App is ready: https://demo.localhost:") {
                    return port.trim().parse::<u16>().unwrap();
                }
            }
        };
        let port = timeout(PATIENCE, ready).await.expect("it is ready in time");
        let ca = reqwest::Certificate::from_pem(&std::fs::read(self.path().join("tls/ca.pem")).unwrap()).unwrap();
        let client = reqwest::Client::builder()
            .tls_certs_only([ca])
            .timeout(Duration::from_secs(30))
            .resolve("demo.localhost", ([127, 0, 0, 1], port).into())
            .build()
            .unwrap();
        Server { child, port, client, stdout }
    }
}

pub struct Server {
    pub child: Child,
    port: u16,
    pub client: reqwest::Client,
    stdout: Lines<BufReader<ChildStdout>>,
}

impl Server {
    pub fn url(&self, path: &str) -> String {
        format!("https://demo.localhost:{}{path}", self.port)
    }

    /// An access token.
    pub async fn sign_in(&self, email: &str, password: &str) -> String {
        let body = json!({ "email": email, "password": password });
        let answer = self.client.post(self.url("/api/v1/auth/sign-in")).header("accept-tokens", "body").json(&body);
        let answer = answer.send().await.unwrap();
        assert_eq!(answer.status().as_u16(), 200);
        let tokens: serde_json::Value = answer.json().await.unwrap();
        tokens["accessToken"].as_str().unwrap().to_owned()
    }

    async fn status(&self, path: &str, token: Option<&str>) -> u16 {
        let mut request = self.client.get(self.url(path));
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        request.send().await.unwrap().status().as_u16()
    }

    pub async fn end(mut self) -> Option<i32> {
        signal(&self.child, rustix::process::Signal::TERM);
        timeout(PATIENCE, self.child.wait()).await.expect("it ends in time").unwrap().code()
    }
}

fn signal(child: &Child, signal: rustix::process::Signal) {
    let pid = i32::try_from(child.id().expect("it runs")).unwrap();
    rustix::process::kill_process(rustix::process::Pid::from_raw(pid).unwrap(), signal).unwrap();
}

fn package() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    npm_package(&root.join("node_modules")).expect("run `npm ci` in the project folder first")
}

/// Role, address and password of each printed line.
pub fn printed(text: &str) -> Vec<(String, String, String)> {
    let words = |line: &str| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    text.lines().map(words).map(|w| (w[0].clone(), w[1].clone(), w[2].clone())).collect()
}

#[test]
fn a_server_that_is_killed_starts_again_with_everything() {
    run(async {
        let data = Data::new();
        let first = printed(&data.said(&["demo", "--students", "200"]).await);
        assert_eq!(first.iter().map(|(role, ..)| role.as_str()).collect::<Vec<_>>(), ["student", "faculty", "admin"]);
        // Whoever made the demo may have been killed before writing the sign-ins down: the same people get new passwords.
        std::fs::remove_file(data.path().join("demo-sign-ins.json")).unwrap();
        let again = printed(&data.said(&["demo", "--students", "200"]).await);
        assert_eq!(data.said(&["demo", "--students", "200"]).await.lines().count(), 3, "kept from now on");
        for (before, after) in first.iter().zip(&again) {
            assert_eq!((&before.0, &before.1), (&after.0, &after.1));
            assert_ne!(before.2, after.2);
        }

        let mut server = data.serving().await;
        let (_, email, password) = &again[2];
        let token = server.sign_in(email, password).await;
        server.child.kill().await.unwrap();

        let server = data.serving().await;
        assert_eq!(server.status("/api/v1/me", Some(&token)).await, 200, "the session outlived the process");
        server.sign_in(email, password).await;
        assert_eq!((server.status("/readyz", None).await, server.status("/healthz", None).await), (200, 200));

        // Beside a server, an errand uses its database and leaves it running; a second server is refused.
        assert!(data.said(&["tenant", "list"]).await.contains("demo                     active"));
        let second = timeout(PATIENCE, data.serve().output()).await.unwrap().unwrap();
        assert!(!second.status.success());
        assert!(String::from_utf8_lossy(&second.stderr).contains("another server is running"));
        server.sign_in(email, password).await;

        assert_eq!(server.end().await, Some(0));
        assert!(!data.path().join("postgres/cluster/postmaster.pid").exists(), "its database ended with it");
    });
}

#[test]
fn a_server_waits_for_an_errand_and_then_has_a_database_of_its_own() {
    run(async {
        let data = Data::new();
        let options = ClusterOptions::new(data.path()).binaries(Some(package()));
        let errand = Cluster::start(options).await.unwrap();
        assert_eq!(running_url(&data.path()), None, "nobody joins an errand");

        // One that is told to stop while it waits, stops.
        let mut stopped = data.serve().spawn().unwrap();
        let mut stderr = BufReader::new(stopped.stderr.take().unwrap()).lines();
        let waiting = async { while !stderr.next_line().await.unwrap().expect("it waits").contains("Waiting for") {} };
        timeout(PATIENCE, waiting).await.unwrap();
        signal(&stopped, rustix::process::Signal::TERM);
        assert_eq!(timeout(Duration::from_secs(20), stopped.wait()).await.unwrap().unwrap().code(), Some(1));

        let serving = data.serving();
        let ending = async {
            tokio::time::sleep(Duration::from_secs(1)).await;
            errand.stop().await.unwrap();
        };
        let (mut server, ()) = tokio::join!(serving, ending);
        assert!(running_url(&data.path()).is_some());
        assert_eq!(server.status("/readyz", None).await, 200);

        // Whoever can't wait for what is in flight (here somebody who connects and says nothing) says so again. The database is
        // then taken over by the next start.
        let silent = tokio::net::TcpStream::connect(("127.0.0.1", server.port)).await.unwrap();
        tokio::time::sleep(Duration::from_millis(300)).await;
        signal(&server.child, rustix::process::Signal::TERM);
        tokio::time::sleep(Duration::from_millis(500)).await;
        assert_eq!(server.child.try_wait().unwrap(), None, "it waits");
        signal(&server.child, rustix::process::Signal::TERM);
        let ended = timeout(Duration::from_secs(5), server.child.wait()).await.expect("at once").unwrap();
        assert_eq!(ended.code(), Some(130));
        drop(silent);
        let server = data.serving().await;
        assert_eq!(server.status("/readyz", None).await, 200);
        assert_eq!(server.end().await, Some(0));
        assert_eq!(running_url(&data.path()), None);
    });
}

#[test]
fn nodes_that_start_at_once_over_an_empty_database_make_one_installation() {
    run(async {
        let data = Data::new();
        let cluster = Cluster::start(ClusterOptions::new(data.path()).binaries(Some(package()))).await.unwrap();
        let open = || {
            Registry::open(RegistryOptions {
                database_url: cluster.url(),
                root_key: data.path().join("root.key"),
                key_dir: data.path().join("keys"),
                clock: Clock::system(),
                connections: 20,
            })
        };
        let nodes = futures_util::future::join_all((0..6).map(|_| open())).await;
        let nodes: Vec<Registry> = nodes.into_iter().map(Result::unwrap).collect();
        assert!(nodes.iter().all(|node| node.install() == nodes[0].install()));
        for node in nodes {
            node.close().await;
        }

        // Now that it exists, only its own key opens it.
        let key = data.path().join("root.key");
        let away = data.path().join("away.key");
        std::fs::rename(&key, &away).unwrap();
        let missing = open().await.err().expect("without its key").to_string();
        assert!(missing.contains("is missing") && !key.exists(), "{missing}");
        std::fs::write(&key, [7; 32]).unwrap();
        std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o600)).unwrap();
        let wrong = open().await.err().expect("with another key").to_string();
        assert!(wrong.contains("is not the one"), "{wrong}");
        std::fs::rename(&away, &key).unwrap();
        open().await.unwrap().close().await;
        cluster.stop().await.unwrap();
    });
}

/// Role, address and password of each sign-in that a server prints for the first institution once it is ready.
async fn sign_ins(server: &mut Server) -> Vec<(String, String, String)> {
    let mut lines = String::new();
    while lines.lines().count() < 3 {
        let line = timeout(PATIENCE, server.stdout.next_line()).await.expect("in time").unwrap().expect("it runs");
        if line.contains("demo.example") {
            lines.push_str(&line);
            lines.push('\n');
        }
    }
    printed(&lines)
}

#[test]
fn servers_that_start_at_once_in_one_directory_make_one_installation() {
    run(async {
        let (data, elsewhere) = (Data::new(), Data::new());
        let cluster = Cluster::start(ClusterOptions::new(elsewhere.path()).binaries(Some(package()))).await.unwrap();
        let command = || {
            let mut command = data.serve();
            command.arg("--demo").env("DATABASE_URL", cluster.url());
            command
        };
        let (mut one, mut other) = tokio::join!(data.started(command()), data.started(command()));
        let (first, second) = tokio::join!(sign_ins(&mut one), sign_ins(&mut other));
        assert_eq!(first, second, "what either prints");
        for server in [&one, &other] {
            for (_, email, password) in &first {
                server.sign_in(email, password).await;
            }
        }
        assert_eq!((one.end().await, other.end().await), (Some(0), Some(0)));

        // The authority is whole: a third, that has to renew what it signed, starts on it.
        std::fs::remove_file(data.path().join("tls/server.pem")).unwrap();
        let third = data.started(command()).await;
        assert_eq!(third.status("/readyz", None).await, 200);
        assert_eq!(third.end().await, Some(0));
        cluster.stop().await.unwrap();
    });
}
