//! What an operator can set: flags, or environment variables of the same name.

use std::{net::SocketAddr, path::PathBuf};

use clap::Args;

/// Where records and keys live: shared by every subcommand.
#[derive(Args, Clone, Debug)]
pub struct Storage {
    /// Everything pec keeps: keys, certificates, and the embedded database.
    #[arg(long, env = "PEC_DATA", default_value = "data", global = true)]
    pub data: PathBuf,
    /// PostgreSQL 16 or newer, as a role with CREATEROLE that owns its database. Without it pec runs its own.
    #[arg(long, env = "DATABASE_URL", global = true, hide_env_values = true)]
    pub database_url: Option<String>,
    /// PostgreSQL binaries to copy into the data directory on first use.
    #[arg(long, env = "PEC_POSTGRES", global = true)]
    pub postgres: Option<PathBuf>,
    /// The root key file.
    #[arg(long, env = "PEC_ROOT_KEY", global = true, help = "The root key file [default: DATA/root.key]")]
    pub root_key: Option<PathBuf>,
    /// Connections to PostgreSQL that all institutions of this node share. All nodes together must stay below `max_connections`.
    #[arg(long, env = "PEC_CONNECTIONS", default_value_t = 120, value_parser = clap::value_parser!(u16).range(8..), global = true)]
    pub connections: u16,
}

impl Storage {
    pub fn root_key_path(&self) -> PathBuf {
        self.root_key.clone().unwrap_or_else(|| self.data.join("root.key"))
    }

    pub fn key_dir(&self) -> PathBuf {
        self.data.join("keys")
    }
}

/// How this node serves.
#[derive(Args, Clone, Debug)]
pub struct Serve {
    /// Address of the HTTPS front door.
    #[arg(long, env = "PEC_LISTEN", default_value = "127.0.0.1:8443")]
    pub listen: SocketAddr,
    /// Also answer plain HTTP here, for a front end or proxy on this machine that ends TLS itself.
    #[arg(long, env = "PEC_LISTEN_PLAIN")]
    pub listen_plain: Option<SocketAddr>,
    /// What `next build` wrote: the directory that holds `.next`.
    #[arg(long, env = "PEC_WEB", default_value = ".")]
    pub web: PathBuf,
    /// Where pages that are not prerendered come from, if there are any; `next dev` during development.
    #[arg(long, env = "PEC_WEB_URL")]
    pub web_url: Option<http::Uri>,
    /// Certificate chain (PEM). Without it a local CA makes one for localhost and *.localhost.
    #[arg(long, env = "PEC_TLS_CERT", requires = "tls_key")]
    pub tls_cert: Option<PathBuf>,
    /// Private key (PEM) of the certificate.
    #[arg(long, env = "PEC_TLS_KEY", requires = "tls_cert")]
    pub tls_key: Option<PathBuf>,
    /// Proxies whose X-Forwarded-For counts. From anyone else the header is ignored.
    #[arg(long, env = "PEC_TRUSTED_PROXIES", value_delimiter = ',')]
    pub trusted_proxies: Vec<std::net::IpAddr>,
    /// Threads that hash passwords; half of the processors, at least two.
    #[arg(long, env = "PEC_HASH_THREADS")]
    pub hash_threads: Option<usize>,
    /// Fill and keep the two demo institutions, and print their sign-ins.
    #[arg(long, env = "PEC_DEMO")]
    pub demo: bool,
    /// Token that /metrics asks of callers from other machines.
    #[arg(long, env = "PEC_METRICS_TOKEN", hide_env_values = true)]
    pub metrics_token: Option<String>,
}
