//! One node from start to drained stop.

mod files;
mod ready;

use std::{net::SocketAddr, num::NonZeroUsize, path::PathBuf, sync::Arc, time::Duration};

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
        self, Assets, Brand, Edge, Operations, PageGate, Parts, Proxies,
        certs::{self, Authority},
        listener::{self, Bounds, Drained, Transport},
        pages::PageSet,
        proxy::Proxy,
    },
    institution, routes, tasks,
};
use ready::Ready;

/// Where a bare `localhost` leads.
const LOCAL_HOST: &str = "demo.localhost";
/// How long a node keeps an institution's accent and logo.
const BRAND_TTL: Duration = Duration::from_secs(30);
/// How long the last writes and the closing of connections may take once the last answer is out.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(5);

/// The local authority a node's certificate comes from.
pub struct LocalCa {
    /// Its certificate, which browsers must trust.
    pub path: PathBuf,
    pub authority: Authority,
}

/// A node that serves.
pub struct Node {
    pub app: App,
    /// HTTPS.
    pub address: SocketAddr,
    /// Plain HTTP for a front end on this machine, if asked for.
    pub plain_address: Option<SocketAddr>,
    /// The local authority to trust; `None` with a certificate of the operator's.
    pub ca: Option<LocalCa>,
    ready: Arc<Ready>,
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
    let ready = Arc::new(Ready::new(app.clone()));
    let mut bounds = Bounds::default();
    bounds.connections = files::connections(bounds.connections, files::raise_limit());
    let api = routes::assemble(apis, &app).router.with_state(app.clone());
    let edge = Edge::new(parts(storage, serve, &app, api, metrics, Arc::clone(&ready))?);
    let (shutdown, stopping) = watch::channel(false);
    let mut listeners = JoinSet::new();
    let address = listen(&mut listeners, serve.listen, transport, &edge, (&bounds, &stopping)).await?;
    let plain_address = match serve.listen_plain {
        Some(plain) => Some(listen(&mut listeners, plain, Transport::Plain, &edge, (&bounds, &stopping)).await?),
        None => None,
    };
    let tasks = tasks::start(&app);
    ready.serve(true);
    Ok(Node { app, address, plain_address, ca, ready, shutdown, listeners, tasks })
}

impl Node {
    /// Stops taking connections, finishes what is in flight, writes what is still to be written.
    pub async fn drain(mut self) -> Drained {
        self.ready.serve(false);
        self.shutdown.send_replace(true);
        let mut worst = Drained::Complete;
        while let Some(ended) = self.listeners.join_next().await {
            if !matches!(ended, Ok(Drained::Complete)) {
                worst = Drained::CutOff;
            }
        }
        let closing = async {
            self.tasks.shutdown().await;
            tasks::flush_refusals(self.app.clone()).await;
            self.app.registry().close().await;
        };
        // A request that was cut off may still hold a connection, and the database may not answer: neither keeps us.
        if tokio::time::timeout(CLOSE_TIMEOUT, closing).await.is_err() {
            tracing::warn!("database connections were not closed in time");
            worst = Drained::CutOff;
        }
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
) -> anyhow::Result<(Transport, Option<LocalCa>)> {
    if let (Some(cert), Some(key)) = (&serve.tls_cert, &serve.tls_key) {
        let pair = certs::load_pem(cert, key)?;
        return Ok((Transport::Tls(edge::tls::server_config(pair.cert_chain, pair.key)?), None));
    }
    let hosts: Vec<&str> = hosts.iter().map(String::as_str).collect();
    let local = certs::load_or_create(&storage.data.join("tls"), &hosts, registry.clock().now())?;
    let config = edge::tls::server_config(local.cert_chain, local.key)?;
    Ok((Transport::Tls(config), Some(LocalCa { path: local.ca_pem_path, authority: local.authority })))
}

fn parts(
    storage: &Storage,
    serve: &Serve,
    app: &App,
    api: Router,
    metrics: PrometheusHandle,
    ready: Arc<Ready>,
) -> anyhow::Result<Parts> {
    let proxy = serve.web_url.as_ref().map(Proxy::new).transpose()?;
    // `next dev` renders every page itself.
    let pages = match serve.development {
        true => None,
        false => Some(
            PageSet::load(&serve.web)
                .with_context(|| format!("no built front end in {}: run `npm run build`", serve.web.display()))?,
        ),
    };
    let assets = match &pages {
        Some(pages) => Assets::load(&serve.web, pages.build_id(), &storage.data)?,
        None => Assets::default(),
    };
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
            ready: Box::new(move || {
                let ready = Arc::clone(&ready);
                Box::pin(async move { ready.ask().await })
            }),
            metrics: Box::new(move || metrics.render()),
            metrics_token: serve.metrics_token.clone(),
            reports: Default::default(),
        },
        proxy,
        proxies: Proxies::new(serve.trusted_proxies.iter().copied()),
        limits: Default::default(),
    })
}

async fn brand(app: App, known: moka::sync::Cache<TenantId, Brand>, host: String) -> Option<Brand> {
    let tenant = app.registry().by_host(&host)?;
    if let Some(brand) = known.get(&tenant.id()) {
        return Some(brand);
    }
    let looks =
        institution::brand_of(&tenant).await.inspect_err(|error| tracing::warn!(%error, "the accent could not be read")).ok()?;
    let brand = Brand::new(looks.stylesheet, looks.logo);
    known.insert(tenant.id(), brand.clone());
    Some(brand)
}

async fn listen(
    listeners: &mut JoinSet<Drained>,
    address: SocketAddr,
    transport: Transport,
    edge: &Edge,
    (bounds, stopping): (&Bounds, &watch::Receiver<bool>),
) -> anyhow::Result<SocketAddr> {
    let listener = TcpListener::bind(address).await.with_context(|| format!("{address} can't be listened on"))?;
    let bound = listener.local_addr()?;
    let mut stopping = stopping.clone();
    let shutdown = async move {
        // An error means that the node was dropped: stop as well.
        let _ = stopping.wait_for(|&stopping| stopping).await;
    };
    listeners.spawn(listener::serve(listener, transport, edge.clone(), bounds.clone(), shutdown));
    Ok(bound)
}
