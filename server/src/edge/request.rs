//! What a request is before anything looks at its path: its id, where it came from and which host it means.
//!
//! A client can write any address or host into headers, so forwarded ones count only when the connection comes
//! from a configured proxy.

use std::net::{IpAddr, SocketAddr};

use http::header::HOST;
use http::{HeaderMap, HeaderName, HeaderValue, Request};
use uuid::Uuid;

use crate::config::Network;

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");
/// The longest host name DNS allows, and room for a port.
const AUTHORITY_MAX: usize = 253 + 6;

/// What the edge found out about a request; the API finds it in the request's extensions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrival {
    pub id: Uuid,
    /// The client's address, as far as configured proxies vouch for it.
    pub client: IpAddr,
    /// Host and port as the client wrote them, in lower case.
    pub authority: Box<str>,
    /// How much of `authority` is the host.
    host_len: usize,
    /// Whether a proxy stands between the client and this connection, trusted or not.
    pub forwarded: bool,
}

impl Arrival {
    /// The host name without its port.
    pub fn host(&self) -> &str {
        &self.authority[..self.host_len]
    }

    /// `:port`, or nothing.
    pub fn port(&self) -> &str {
        &self.authority[self.host_len..]
    }
}

#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ArrivalError {
    #[error("the request names no host, or several")]
    NoHost,
    #[error("the host name is malformed")]
    BadHost,
}

/// Reads a request's origin, and leaves exactly one, trustworthy `Host` header in it.
pub fn arrive<B>(request: &mut Request<B>, id: Uuid, peer: SocketAddr, proxies: &Proxies) -> Result<Arrival, ArrivalError> {
    let peer = peer.ip().to_canonical();
    let trusted = proxies.contains(peer);
    let forwarded = request.headers().contains_key(&FORWARDED_FOR);
    let named = if trusted && let Some(value) = single(request.headers(), &FORWARDED_HOST)? {
        value.to_str().map_err(|_| ArrivalError::BadHost)?.to_ascii_lowercase()
    } else if let Some(authority) = request.uri().authority() {
        authority.as_str().to_ascii_lowercase()
    } else {
        let value = single(request.headers(), &HOST)?.ok_or(ArrivalError::NoHost)?;
        value.to_str().map_err(|_| ArrivalError::BadHost)?.to_ascii_lowercase()
    };
    let host_len = host_len(&named).ok_or(ArrivalError::BadHost)?;
    let value = HeaderValue::from_str(&named).map_err(|_| ArrivalError::BadHost)?;
    let client = if trusted { forwarded_client(request.headers(), proxies).unwrap_or(peer) } else { peer };
    request.headers_mut().insert(HOST, value);
    Ok(Arrival { id, client, authority: named.into(), host_len, forwarded })
}

fn single<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Result<Option<&'a HeaderValue>, ArrivalError> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (first, None) => Ok(first),
        _ => Err(ArrivalError::NoHost),
    }
}

/// Splits a host from its port; refuses whatever is neither a DNS name nor an address.
fn host_len(authority: &str) -> Option<usize> {
    if authority.len() > AUTHORITY_MAX {
        return None;
    }
    let (host, rest) = match authority.strip_prefix('[') {
        Some(inner) => authority.split_at(inner.find(']')? + 2),
        None => authority.split_at(authority.find(':').unwrap_or(authority.len())),
    };
    let port_ok = rest.is_empty() || rest[1..].parse::<u16>().is_ok_and(|port| port > 0) && rest.starts_with(':');
    let host_ok = match host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
        Some(address) => address.parse::<std::net::Ipv6Addr>().is_ok(),
        None => !host.is_empty() && host.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.')),
    };
    (port_ok && host_ok).then_some(host.len())
}

/// Whether `text` is a host with or without a port.
pub(super) fn is_authority(text: &str) -> bool {
    host_len(text).is_some()
}

/// The nearest address that no configured proxy owns: what lies further left, the client may have invented.
fn forwarded_client(headers: &HeaderMap, proxies: &Proxies) -> Option<IpAddr> {
    let mut nearest = None;
    for value in headers.get_all(&FORWARDED_FOR).iter().rev() {
        for entry in value.to_str().ok()?.rsplit(',') {
            let Ok(address) = entry.trim().parse::<IpAddr>() else { return nearest };
            let address = address.to_canonical();
            nearest = Some(address);
            if !proxies.contains(address) {
                return nearest;
            }
        }
    }
    nearest
}

/// The addresses whose forwarding headers count.
#[derive(Clone, Debug, Default)]
pub struct Proxies(Vec<Network>);

impl Proxies {
    pub fn new(networks: impl IntoIterator<Item = Network>) -> Self {
        Self(networks.into_iter().collect())
    }

    fn contains(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(address))
    }
}

#[cfg(test)]
#[path = "request_tests.rs"]
mod tests;
