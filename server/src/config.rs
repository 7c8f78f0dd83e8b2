//! What an operator can set: flags, or environment variables of the same name.

mod network;

use std::{net::SocketAddr, path::PathBuf};

use clap::Args;
pub use network::Network;

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
    /// Also answer plain HTTP here, for a front end or proxy on this machine that ends TLS itself: a loopback address.
    #[arg(long, env = "PEC_LISTEN_PLAIN", value_parser = loopback)]
    pub listen_plain: Option<SocketAddr>,
    /// What `next build` wrote: the directory that holds `.next`.
    #[arg(long, env = "PEC_WEB", default_value = ".")]
    pub web: PathBuf,
    /// Where pages that are not prerendered come from, if there are any. They are for people who are signed in.
    #[arg(long, env = "PEC_WEB_URL")]
    pub web_url: Option<http::Uri>,
    /// For development: every page comes from --web-url (`next dev`), and what is built is not served.
    #[arg(long, env = "PEC_DEVELOPMENT", requires = "web_url")]
    pub development: bool,
    /// Certificate chain (PEM). Without it a local CA makes one for localhost and *.localhost.
    #[arg(long, env = "PEC_TLS_CERT", requires = "tls_key")]
    pub tls_cert: Option<PathBuf>,
    /// Private key (PEM) of the certificate.
    #[arg(long, env = "PEC_TLS_KEY", requires = "tls_cert")]
    pub tls_key: Option<PathBuf>,
    /// Proxies whose X-Forwarded-For counts: addresses or CIDR blocks. From anyone else the header is ignored.
    #[arg(long, env = "PEC_TRUSTED_PROXIES", value_delimiter = ',')]
    pub trusted_proxies: Vec<Network>,
    /// Threads that hash passwords; one for each processor, at least two.
    #[arg(long, env = "PEC_HASH_THREADS")]
    pub hash_threads: Option<usize>,
    /// Fill and keep the two demo institutions, and print their sign-ins.
    #[arg(long, env = "PEC_DEMO")]
    pub demo: bool,
    /// Token that /metrics asks of callers from other machines.
    #[arg(long, env = "PEC_METRICS_TOKEN", hide_env_values = true)]
    pub metrics_token: Option<String>,
}

/// Where browsers find this installation: for the links that commands print.
#[derive(Args, Clone, Debug)]
pub struct Front {
    /// Address of the HTTPS front door, as `pec serve` is told it.
    #[arg(long, env = "PEC_LISTEN", default_value = "127.0.0.1:8443")]
    pub listen: SocketAddr,
    /// The port browsers use, if a proxy makes it another one than that of --listen.
    #[arg(long, env = "PEC_PUBLIC_PORT")]
    pub public_port: Option<u16>,
}

impl Front {
    pub fn origin(&self, host: &str) -> String {
        match self.public_port.unwrap_or(self.listen.port()) {
            443 => format!("https://{host}"),
            port => format!("https://{host}:{port}"),
        }
    }
}

/// Plain HTTP on a network would carry passwords and sessions for everybody to read.
fn loopback(text: &str) -> Result<SocketAddr, String> {
    let address: SocketAddr = text.parse().map_err(|error| format!("{error}"))?;
    if address.ip().is_loopback() {
        Ok(address)
    } else {
        Err(format!("{} is no loopback address, and plain HTTP must not leave this machine", address.ip()))
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        serve: Serve,
    }

    #[test]
    fn plain_http_stays_on_this_machine() {
        let parsed = |address: &str| Line::try_parse_from(["pec", "--listen-plain", address]);
        for address in ["127.0.0.1:8080", "127.9.9.9:0", "[::1]:8080"] {
            assert_eq!(parsed(address).ok().and_then(|line| line.serve.listen_plain), address.parse().ok(), "{address}");
        }
        for address in ["0.0.0.0:8080", "[::]:8080", "192.168.1.4:80", "localhost:80", "[::ffff:127.0.0.1]:80"] {
            assert!(parsed(address).is_err(), "{address}");
        }
    }

    #[test]
    fn trusted_proxies_are_addresses_or_blocks() {
        let parsed = |list: &str| Line::try_parse_from(["pec", "--trusted-proxies", list]).map(|line| line.serve.trusted_proxies);
        let trusted = parsed("10.2.0.0/16,2001:db8::/32,192.0.2.7").expect("all three are understood");
        for (address, expected) in
            [("10.2.9.9", true), ("10.3.0.1", false), ("2001:db8::9", true), ("192.0.2.7", true), ("192.0.2.8", false)]
        {
            let address = address.parse().expect("an address");
            assert_eq!(trusted.iter().any(|network| network.contains(address)), expected, "{address}");
        }
        for bad in ["proxy.example", "10.0.0.0/33", "10.0.0.1,"] {
            assert!(parsed(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn development_needs_a_page_server() {
        assert!(Line::try_parse_from(["pec", "--development"]).is_err());
        let line = Line::try_parse_from(["pec", "--development", "--web-url", "http://127.0.0.1:3000"]);
        assert!(line.is_ok_and(|line| line.serve.development));
    }

    #[test]
    fn links_name_the_port_that_browsers_use() {
        let front = |listen: &str, public_port| Front { listen: listen.parse().expect("an address"), public_port };
        assert_eq!(front("127.0.0.1:8443", None).origin("a.edu"), "https://a.edu:8443");
        assert_eq!(front("0.0.0.0:443", None).origin("a.edu"), "https://a.edu");
        assert_eq!(front("127.0.0.1:8443", Some(443)).origin("a.edu"), "https://a.edu");
        assert_eq!(front("127.0.0.1:443", Some(9443)).origin("a.edu"), "https://a.edu:9443");
    }
}
