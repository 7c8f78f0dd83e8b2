//! One node from start to drained stop.

use std::{
    net::SocketAddr,
    num::NonZeroUsize,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use anyhow::Context;
use axum::Router;
use metrics_exporter_prometheus::PrometheusHandle;
use tokio::{net::TcpListener, sync::watch, task::JoinSet};

use crate::{
    api::Api,
    app::App,
    auth,
    config::{Serve, Storage},
    db::{Registry, ids::TenantId},
    edge::{
        self, Assets, Edge, Network, Operations, PageGate, Parts, Proxies, certs,
        listener::{self, Bounds, Drained, Transport},
        pages::PageSet,
        proxy::Proxy,
    },
    institution, routes, tasks,
};

/// Where a bare `localhost` leads.
const LOCAL_HOST: &str = "demo.localhost";
/// How long a node keeps an institution's accent.
const BRAND_TTL: Duration = Duration::from_secs(30);

/// A node that serves.
pub struct Node {
    pub app: App,
    /// HTTPS.
    pub address: SocketAddr,
    /// Plain HTTP for a front end on this machine, if asked for.
    pub plain_address: Option<SocketAddr>,
    /// The local authority to trust; `None` with a certificate of the operator's.
    pub ca: Option<PathBuf>,
    ready: Arc<AtomicBool>,
    shutdown: watch::Sender<bool>,
    listeners: JoinSet<Drained>,
    tasks: JoinSet<()>,
}

/// Starts serving an institution registry. `hosts` beside the tenants' own get a place in the local certificate.
pub async fn start(storage: &Storage, serve: &Serve, registry: Registry, metrics: PrometheusHandle) -> anyhow::Result<Node> {
    start_with(storage, serve, registry, metrics, routes::all()).await
}

/// The same with operations to be chosen.
pub async fn start_with(
    storage: &Storage,
    serve: &Serve,
    registry: Registry,
    metrics: PrometheusHandle,
    apis: Vec<Api<App>>,
) -> anyhow::Result<Node> {
    let mut hosts: Vec<String> = registry.list().await?.into_iter().flat_map(|tenant| tenant.hosts).collect();
    hosts.extend(["localhost", "demo.localhost", "second.localhost"].map(str::to_owned));
    let (transport, ca) = transport(storage, serve, &hosts, &registry)?;
    let app = new_app(registry, serve.hash_threads)?;
    let ready = Arc::new(AtomicBool::new(false));
    let api = routes::assemble(apis, &app).router.with_state(app.clone());
    let edge = Edge::new(parts(storage, serve, &app, api, metrics, Arc::clone(&ready))?);
    let (shutdown, stopping) = watch::channel(false);
    let mut listeners = JoinSet::new();
    let address = listen(&mut listeners, serve.listen, transport, &edge, &stopping).await?;
    let plain_address = match serve.listen_plain {
        Some(plain) => Some(listen(&mut listeners, plain, Transport::Plain, &edge, &stopping).await?),
        None => None,
    };
    let tasks = tasks::start(&app);
    ready.store(true, Ordering::Release);
    Ok(Node { app, address, plain_address, ca, ready, shutdown, listeners, tasks })
}

impl Node {
    /// Stops taking connections, finishes what is in flight, writes what is still to be written.
    pub async fn drain(mut self) -> Drained {
        self.ready.store(false, Ordering::Release);
        self.shutdown.send_replace(true);
        let mut worst = Drained::Complete;
        while let Some(ended) = self.listeners.join_next().await {
            if !matches!(ended, Ok(Drained::Complete)) {
                worst = Drained::CutOff;
            }
        }
        self.tasks.shutdown().await;
        tasks::flush_refusals(self.app.clone()).await;
        self.app.registry().close().await;
        worst
    }
}

pub fn new_app(registry: Registry, hash_threads: Option<usize>) -> anyhow::Result<App> {
    let keyring = auth::keyring(registry.root());
    let hash_pool = auth::hash_pool(registry.root(), hash_threads.and_then(NonZeroUsize::new))?;
    Ok(App::new(registry, keyring, hash_pool))
}

fn transport(
    storage: &Storage,
    serve: &Serve,
    hosts: &[String],
    registry: &Registry,
) -> anyhow::Result<(Transport, Option<PathBuf>)> {
    if let (Some(cert), Some(key)) = (&serve.tls_cert, &serve.tls_key) {
        let pair = certs::load_pem(cert, key)?;
        return Ok((Transport::Tls(edge::tls::server_config(pair.cert_chain, pair.key)?), None));
    }
    let hosts: Vec<&str> = hosts.iter().map(String::as_str).collect();
    let local = certs::load_or_create(&storage.data.join("tls"), &hosts, registry.clock().now())?;
    let config = edge::tls::server_config(local.cert_chain, local.key)?;
    Ok((Transport::Tls(config), Some(local.ca_pem_path)))
}

fn parts(
    storage: &Storage,
    serve: &Serve,
    app: &App,
    api: Router,
    metrics: PrometheusHandle,
    ready: Arc<AtomicBool>,
) -> anyhow::Result<Parts> {
    let proxy = serve.web_url.as_ref().map(Proxy::new).transpose()?;
    // `next dev` renders every page itself.
    let pages = match (&proxy, PageSet::load(&serve.web)) {
        (Some(_), _) => None,
        (None, loaded) => {
            Some(loaded.with_context(|| format!("no built front end in {}: run `npm run build`", serve.web.display()))?)
        }
    };
    let assets = match &pages {
        Some(pages) => Assets::load(&serve.web, pages.build_id(), &storage.data)?,
        None => Assets::default(),
    };
    let networks =
        serve.trusted_proxies.iter().map(|address| address.to_string().parse::<Network>()).collect::<Result<Vec<_>, _>>()?;
    let (registry, branded) = (app.clone(), app.clone());
    let brands = moka::sync::Cache::builder().max_capacity(1_000).time_to_live(BRAND_TTL).build();
    Ok(Parts {
        assets,
        pages,
        api,
        gate: Arc::new(PageGate::new(app.clone())),
        tenant_of: Box::new(move |host| registry.registry().by_host(host).map(|tenant| tenant.shared_slug())),
        brand_of: Box::new(move |host| Box::pin(brand(branded.clone(), brands.clone(), host.to_owned()))),
        local_host: LOCAL_HOST,
        operations: Operations {
            ready: Box::new(move || ready.load(Ordering::Acquire)),
            metrics: Box::new(move || metrics.render()),
            metrics_token: serve.metrics_token.clone(),
            reports: Default::default(),
        },
        proxy,
        proxies: Proxies::new(networks),
        limits: Default::default(),
    })
}

async fn brand(app: App, known: moka::sync::Cache<TenantId, String>, host: String) -> Option<String> {
    let tenant = app.registry().by_host(&host)?;
    if let Some(css) = known.get(&tenant.id()) {
        return Some(css);
    }
    let css =
        institution::brand_of(&tenant).await.inspect_err(|error| tracing::warn!(%error, "the accent could not be read")).ok()?;
    known.insert(tenant.id(), css.clone());
    Some(css)
}

async fn listen(
    listeners: &mut JoinSet<Drained>,
    address: SocketAddr,
    transport: Transport,
    edge: &Edge,
    stopping: &watch::Receiver<bool>,
) -> anyhow::Result<SocketAddr> {
    let listener = TcpListener::bind(address).await.with_context(|| format!("{address} can't be listened on"))?;
    let bound = listener.local_addr()?;
    let mut stopping = stopping.clone();
    let shutdown = async move {
        // An error means that the node was dropped: stop as well.
        let _ = stopping.wait_for(|&stopping| stopping).await;
    };
    listeners.spawn(listener::serve(listener, transport, edge.clone(), Bounds::default(), shutdown));
    Ok(bound)
}
