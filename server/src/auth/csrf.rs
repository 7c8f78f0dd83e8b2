//! Cross-site requests: whether a browser may have been made to send one.
//!
//! `SameSite=Strict` already keeps the cookies at home; this is the second, independent lock. It stands
//! before every mutation that a cookie authenticates, and before sign-in and refresh, where there is
//! nothing to steal yet but a victim could be signed in to the attacker's account.
//!
//! A request with a bearer token needs no check: a browser adds no such header by itself.

use http::{HeaderMap, Method, header};

/// Browsers can't send this header to another origin without asking it first (CORS), and nobody is allowed.
pub const HEADER: &str = "x-pec-request";
const VALUE: &str = "1";

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CrossSite {
    #[error("the request comes from another site")]
    Site,
    #[error("the request comes from another origin")]
    Origin,
    #[error("the request does not say where it comes from")]
    Unknown,
    #[error("the x-pec-request header is missing")]
    Header,
}

impl CrossSite {
    /// A stable word for counters and logs.
    pub const fn label(self) -> &'static str {
        match self {
            CrossSite::Site => "site",
            CrossSite::Origin => "origin",
            CrossSite::Unknown => "unknown",
            CrossSite::Header => "header",
        }
    }
}

/// Methods that change nothing need no check.
pub fn is_safe(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// `own_origin` is scheme, host and port as the browser writes them ("https://demo.localhost:7443").
pub fn check(headers: &HeaderMap, own_origin: &str) -> Result<(), CrossSite> {
    match single(headers, "sec-fetch-site")? {
        Some("same-origin") => {}
        Some(_) => return Err(CrossSite::Site),
        // Browsers without fetch metadata, and clients behind a proxy that drops it.
        None => match single(headers, header::ORIGIN.as_str())? {
            Some(origin) if origin.eq_ignore_ascii_case(own_origin) => {}
            Some(_) => return Err(CrossSite::Origin),
            None => return Err(CrossSite::Unknown),
        },
    }
    match single(headers, HEADER) {
        Ok(Some(VALUE)) => Ok(()),
        _ => Err(CrossSite::Header),
    }
}

/// A header that appears twice says nothing certain.
fn single<'a>(headers: &'a HeaderMap, name: &str) -> Result<Option<&'a str>, CrossSite> {
    let mut all = headers.get_all(name).iter();
    match (all.next(), all.next()) {
        (None, _) => Ok(None),
        (Some(value), None) => value.to_str().map(Some).map_err(|_| CrossSite::Unknown),
        (Some(_), Some(_)) => Err(CrossSite::Unknown),
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    const OWN: &str = "https://demo.localhost:7443";

    fn verdict(list: &[(&'static str, &'static str)]) -> Result<(), CrossSite> {
        let mut map = HeaderMap::new();
        for (name, value) in list {
            map.append(*name, HeaderValue::from_static(value));
        }
        check(&map, OWN)
    }

    #[test]
    fn decision_table() {
        const MARK: (&str, &str) = (HEADER, "1");
        let site = |value| ("sec-fetch-site", value);
        let origin = |value| ("origin", value);
        type Row = (Vec<(&'static str, &'static str)>, Result<(), CrossSite>);
        let table: Vec<Row> = vec![
            (vec![site("same-origin"), MARK], Ok(())),
            (vec![origin(OWN), MARK], Ok(())),
            (vec![origin("HTTPS://DEMO.localhost:7443"), MARK], Ok(())),
            (vec![site("same-origin")], Err(CrossSite::Header)),
            (vec![site("same-origin"), (HEADER, "true")], Err(CrossSite::Header)),
            (vec![site("same-origin"), MARK, MARK], Err(CrossSite::Header)),
            (vec![site("same-site"), MARK], Err(CrossSite::Site)),
            (vec![site("cross-site"), MARK], Err(CrossSite::Site)),
            (vec![site("none"), MARK], Err(CrossSite::Site)),
            // Fetch metadata decides when it is there: an Origin can't overrule it.
            (vec![site("cross-site"), origin(OWN), MARK], Err(CrossSite::Site)),
            (vec![site("same-origin"), site("same-origin"), MARK], Err(CrossSite::Unknown)),
            (vec![origin("https://demo.localhost"), MARK], Err(CrossSite::Origin)),
            (vec![origin("http://demo.localhost:7443"), MARK], Err(CrossSite::Origin)),
            (vec![origin("https://demo.localhost:7443.evil.test"), MARK], Err(CrossSite::Origin)),
            (vec![origin("null"), MARK], Err(CrossSite::Origin)),
            (vec![origin(OWN), origin(OWN), MARK], Err(CrossSite::Unknown)),
            (vec![MARK], Err(CrossSite::Unknown)),
            (vec![], Err(CrossSite::Unknown)),
        ];
        for (headers, expected) in table {
            assert_eq!(verdict(&headers), expected, "{headers:?}");
        }
    }
}
