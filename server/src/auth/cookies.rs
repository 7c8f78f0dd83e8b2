//! How credentials travel: two `__Host-` cookies for browsers, `Authorization: Bearer` for API clients.
//!
//! A request carries one kind or the other. A request with both, or with one of our cookies twice, is not
//! guessed at: it is refused, since the two ends could disagree about which one counts.

use http::{HeaderMap, HeaderValue, header};

pub const ACCESS: &str = "__Host-pec_at";
pub const REFRESH: &str = "__Host-pec_rt";
/// Cookie headers longer than this are not searched. (The listener bounds all headers together as well.)
const MAX_COOKIE_BYTES: usize = 16 * 1024;

/// What a request presented, unverified.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Presented<'a> {
    pub access: Option<Access<'a>>,
    pub refresh: Option<&'a str>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access<'a> {
    Cookie(&'a str),
    Bearer(&'a str),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CredentialError {
    #[error("more than one Authorization header")]
    RepeatedAuthorization,
    #[error("only the Bearer scheme is understood")]
    Scheme,
    #[error("a bearer token and a session cookie in one request")]
    Both,
    #[error("the same session cookie twice")]
    RepeatedCookie,
    #[error("the Cookie header is too long")]
    TooLong,
}

impl CredentialError {
    /// A stable word for counters and logs.
    pub const fn label(self) -> &'static str {
        match self {
            CredentialError::RepeatedAuthorization => "repeated-authorization",
            CredentialError::Scheme => "scheme",
            CredentialError::Both => "bearer-and-cookie",
            CredentialError::RepeatedCookie => "repeated-cookie",
            CredentialError::TooLong => "cookies-too-long",
        }
    }
}

/// HTTP/2 clients may split cookies over several headers, so all of them are read.
pub fn read(headers: &HeaderMap) -> Result<Presented<'_>, CredentialError> {
    let mut access_cookie = None;
    let mut refresh = None;
    let mut seen_bytes = 0;
    for value in headers.get_all(header::COOKIE) {
        seen_bytes += value.len();
        if seen_bytes > MAX_COOKIE_BYTES {
            return Err(CredentialError::TooLong);
        }
        for pair in value.as_bytes().split(|byte| *byte == b';') {
            let Some((name, value)) = split_pair(pair) else {
                continue;
            };
            let slot = match name {
                ACCESS => &mut access_cookie,
                REFRESH => &mut refresh,
                _ => continue,
            };
            if slot.replace(value).is_some() {
                return Err(CredentialError::RepeatedCookie);
            }
        }
    }
    // A cleared cookie that some client still sends is no credential.
    let access_cookie = access_cookie.filter(|value| !value.is_empty());
    let refresh = refresh.filter(|value| !value.is_empty());
    let access = match bearer(headers)? {
        Some(_) if access_cookie.is_some() || refresh.is_some() => {
            return Err(CredentialError::Both);
        }
        Some(token) => Some(Access::Bearer(token)),
        None => access_cookie.map(Access::Cookie),
    };
    Ok(Presented { access, refresh })
}

/// Other cookies may hold any bytes; only a pair of text is looked at.
fn split_pair(pair: &[u8]) -> Option<(&str, &str)> {
    let (name, value) = std::str::from_utf8(pair).ok()?.split_once('=')?;
    Some((name.trim_matches([' ', '\t']), value.trim_matches([' ', '\t'])))
}

fn bearer(headers: &HeaderMap) -> Result<Option<&str>, CredentialError> {
    let mut all = headers.get_all(header::AUTHORIZATION).iter();
    let Some(value) = all.next() else {
        return Ok(None);
    };
    if all.next().is_some() {
        return Err(CredentialError::RepeatedAuthorization);
    }
    let text = value.to_str().map_err(|_| CredentialError::Scheme)?;
    match text.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") && !token.is_empty() => Ok(Some(token)),
        _ => Err(CredentialError::Scheme),
    }
}

/// The header that sets a session cookie for `max_age_s` seconds.
///
/// The browser keeps the access cookie as long as the refresh cookie: an access token that expired is told
/// from none at all, which is how a page knows to renew instead of asking for a password.
pub fn set(name: &str, value: &str, max_age_s: u64) -> HeaderValue {
    let text = format!("{name}={value}; Max-Age={max_age_s}; Path=/; Secure; HttpOnly; SameSite=Strict");
    let mut header = HeaderValue::try_from(text).expect("tokens are base64url and dots");
    header.set_sensitive(true);
    header
}

/// The headers that remove both cookies.
pub fn clear() -> [HeaderValue; 2] {
    [ACCESS, REFRESH].map(|name| set(name, "", 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(list: &[(&'static str, &'static str)]) -> HeaderMap {
        let mut map = HeaderMap::new();
        for (name, value) in list {
            map.append(*name, HeaderValue::from_static(value));
        }
        map
    }

    #[test]
    fn reads_both_cookies_from_one_or_several_headers() {
        let expected = Presented { access: Some(Access::Cookie("a.b.c")), refresh: Some("pecr_x") };
        for list in [
            &[("cookie", "theme=dark; __Host-pec_at=a.b.c;__Host-pec_rt=pecr_x")][..],
            &[("cookie", "__Host-pec_rt=pecr_x"), ("cookie", "__Host-pec_at=a.b.c")][..],
        ] {
            assert_eq!(read(&headers(list)), Ok(expected));
        }
    }

    #[test]
    fn a_cookie_of_ours_twice_is_refused_even_with_the_same_value() {
        for list in [
            &[("cookie", "__Host-pec_at=a; __Host-pec_at=a")][..],
            &[("cookie", "__Host-pec_rt=a"), ("cookie", "__Host-pec_rt=b")][..],
            &[("cookie", "__Host-pec_at=; __Host-pec_at=a")][..],
        ] {
            assert_eq!(read(&headers(list)), Err(CredentialError::RepeatedCookie));
        }
    }

    #[test]
    fn names_must_match_exactly() {
        let list = [("cookie", "__host-pec_at=a; pec_at=b; __Host-pec_at2=c; __Host-pec_at; =d")];
        assert_eq!(read(&headers(&list)), Ok(Presented::default()));
    }

    #[test]
    fn bearer_and_cookie_together_are_refused() {
        for cookie in ["__Host-pec_at=a", "__Host-pec_rt=a"] {
            let list = [("authorization", "Bearer t"), ("cookie", cookie)];
            assert_eq!(read(&headers(&list)), Err(CredentialError::Both));
        }
        let list = [("authorization", "bearer t"), ("cookie", "theme=dark")];
        assert_eq!(read(&headers(&list)).unwrap().access, Some(Access::Bearer("t")));
    }

    #[test]
    fn other_schemes_and_repeated_authorization_are_refused() {
        for value in ["Basic dTpw", "Bearer", "Bearer ", "", "token t"] {
            assert_eq!(read(&headers(&[("authorization", value)])), Err(CredentialError::Scheme));
        }
        let list = [("authorization", "Bearer a"), ("authorization", "Bearer a")];
        assert_eq!(read(&headers(&list)), Err(CredentialError::RepeatedAuthorization));
    }

    #[test]
    fn empty_values_are_no_credentials_and_foreign_bytes_do_no_harm() {
        let mut map = headers(&[("cookie", "__Host-pec_at=; __Host-pec_rt=")]);
        map.append("cookie", HeaderValue::from_bytes(b"x=\xff\xfe; y=\xff").unwrap());
        assert_eq!(read(&map), Ok(Presented::default()));
    }

    #[test]
    fn an_endless_cookie_header_is_refused() {
        let mut map = HeaderMap::new();
        for _ in 0..20 {
            map.append("cookie", HeaderValue::try_from("x".repeat(1024)).unwrap());
        }
        assert_eq!(read(&map), Err(CredentialError::TooLong));
    }

    #[test]
    fn cookies_carry_every_attribute_and_are_kept_out_of_logs() {
        let header = set(ACCESS, "a.b.c", 300);
        assert_eq!(header.to_str().unwrap(), "__Host-pec_at=a.b.c; Max-Age=300; Path=/; Secure; HttpOnly; SameSite=Strict");
        assert!(header.is_sensitive());
        for header in clear() {
            assert!(header.to_str().unwrap().contains("=; Max-Age=0; Path=/; Secure;"));
        }
    }
}
