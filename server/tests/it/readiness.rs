//! A node whose database goes away: alive, not ready, and able to stop.

use std::{str::FromStr, sync::Arc, time::Duration};

use pec::{
    config::{Serve, Storage},
    db::{Clock, Registry, RegistryOptions},
    serve,
};
use sqlx::postgres::PgConnectOptions;
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    sync::watch,
};

use crate::support::{DATA, database_url, http::recorder, registry, run};

/// Passes bytes on while it is told so; otherwise it holds everything back, as a network does that lost its way. Connections of
/// that time are lost.
async fn forward(listener: TcpListener, target: String, flows: watch::Receiver<bool>) {
    loop {
        let (mut client, _) = listener.accept().await.unwrap();
        let (target, mut flows) = (target.clone(), flows.clone());
        tokio::spawn(async move {
            flows.wait_for(|flows| *flows).await.unwrap();
            let mut server = TcpStream::connect(target).await.unwrap();
            let stopped = async {
                flows.wait_for(|flows| !*flows).await.unwrap();
            };
            tokio::select! {
                _ = copy_bidirectional(&mut client, &mut server) => return,
                () = stopped => {}
            }
            flows.wait_for(|flows| *flows).await.unwrap();
        });
    }
}

#[test]
fn a_node_without_its_database_is_alive_and_not_ready() {
    run(async {
        registry().await;
        rustls::crypto::aws_lc_rs::default_provider().install_default().ok();
        let options = PgConnectOptions::from_str(&database_url()).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (tell, flows) = watch::channel(true);
        tokio::spawn(forward(listener, format!("127.0.0.1:{}", options.get_port()), flows));
        let url = database_url().replace(&format!(":{}/", options.get_port()), &format!(":{port}/"));
        let registry = Registry::open(RegistryOptions {
            database_url: url.clone(),
            root_key: DATA.join("root.key"),
            key_dir: DATA.join("keys"),
            clock: Clock::system(),
            connections: 20,
        });
        let storage = Storage { data: DATA.clone(), database_url: Some(url), postgres: None, root_key: None, connections: 20 };
        let options = Serve {
            listen: "127.0.0.1:0".parse().unwrap(),
            listen_plain: Some("127.0.0.1:0".parse().unwrap()),
            web: ".".into(),
            web_url: Some("http://127.0.0.1:9".parse().unwrap()),
            development: true,
            tls_cert: None,
            tls_key: None,
            trusted_proxies: Vec::new(),
            hash_threads: None,
            demo: false,
            metrics_token: None,
        };
        let node = Arc::new(serve::start(&storage, &options, registry.await.unwrap(), recorder().await).await.unwrap());
        let plain = node.plain_address.unwrap();
        let client = reqwest::Client::new();
        let status = async |path: &str| client.get(format!("http://{plain}{path}")).send().await.unwrap().status().as_u16();
        let becomes = async |wanted: u16| {
            for _ in 0..200 {
                if status("/readyz").await == wanted {
                    return true;
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            false
        };
        assert!(becomes(200).await);
        tell.send_replace(false);
        assert!(becomes(503).await, "the database does not answer");
        assert_eq!(status("/healthz").await, 200);
        tell.send_replace(true);
        assert!(becomes(200).await, "it answers again");
        tell.send_replace(false);
        assert!(becomes(503).await);
        // The last writes and the closing of connections would wait for ever.
        let node = Arc::into_inner(node).expect("nobody else has it");
        tokio::time::timeout(Duration::from_secs(15), node.drain()).await.expect("a node stops without its database");
    });
}
