//! What a browser gets that speaks plain HTTP to the TLS port: the way to the right address.

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::request::is_authority;

const HEAD_MAX_BYTES: usize = 4096;

/// Reads what one packet brought and answers once.
pub async fn redirect(mut stream: TcpStream) {
    let mut head = [0; HEAD_MAX_BYTES];
    let Ok(len) = stream.read(&mut head).await else { return };
    // The client may be gone; there is nobody else to tell.
    let _ = stream.write_all(answer(&head[..len]).as_bytes()).await;
    let _ = stream.shutdown().await;
}

fn answer(head: &[u8]) -> String {
    let (status, location) = match std::str::from_utf8(head).ok().and_then(target) {
        Some(target) => ("308 Permanent Redirect", format!("location: {target}\r\n")),
        None => ("400 Bad Request", String::new()),
    };
    let body = "This port speaks HTTPS only.\n";
    format!(
        "HTTP/1.1 {status}\r\n{location}content-type: text/plain\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    )
}

/// The same address with TLS, if the head is that of a well-formed GET or HEAD.
fn target(head: &str) -> Option<String> {
    let mut lines = head.split("\r\n");
    let mut first = lines.next()?.split(' ');
    let (method, path) = (first.next()?, first.next()?);
    let plain = path.starts_with('/') && path.bytes().all(|byte| byte.is_ascii_graphic());
    if !matches!(method, "GET" | "HEAD") || !plain {
        return None;
    }
    let host = lines.find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("host").then(|| value.trim())
    })?;
    is_authority(host).then(|| format!("https://{host}{path}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_get_is_sent_to_tls_and_the_rest_is_refused() {
        assert_eq!(
            target("GET /en?x=1 HTTP/1.1\r\nHost: demo.localhost:8443\r\n\r\n").as_deref(),
            Some("https://demo.localhost:8443/en?x=1")
        );
        for bad in [
            "POST / HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET / HTTP/1.1\r\n\r\n",
            "GET http://x/ HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n",
            "GET /\tx HTTP/1.1\r\nHost: a\r\n\r\n",
            "",
        ] {
            assert_eq!(target(bad), None, "{bad:?}");
        }
        assert!(answer(&[0xff, 0xfe]).starts_with("HTTP/1.1 400"));
    }
}
