#![allow(clippy::unwrap_used)]

use super::*;
use crate::edge::pages::{PageSet, fixture};
use http_body_util::BodyExt as _;

const OTHER: &str = "0198c0de-1234-7abc-8def-0123456789ab";

fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
    pairs.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_str(value).unwrap())).collect()
}

#[test]
fn the_key_table() {
    const RSC: (&str, &str) = ("rsc", "1");
    const PREFETCH: (&str, &str) = ("next-router-prefetch", "1");
    const SEGMENT: (&str, &str) = ("next-router-segment-prefetch", "/_tree");
    for (pairs, expected) in [
        (vec![], Variant::Html),
        (vec![PREFETCH, SEGMENT], Variant::Html),
        (vec![("rsc", "0"), PREFETCH, SEGMENT], Variant::Html),
        (vec![("rsc", "true")], Variant::Html),
        (vec![RSC], Variant::Rsc),
        (vec![RSC, PREFETCH], Variant::Rsc),
        (vec![RSC, SEGMENT], Variant::Rsc),
        (vec![RSC, ("next-router-prefetch", "2"), SEGMENT], Variant::Rsc),
        (vec![RSC, PREFETCH, SEGMENT], Variant::Segment("/_tree")),
        (vec![RSC, ("next-router-state-tree", "x"), ("next-url", "/x")], Variant::Rsc),
    ] {
        assert_eq!(Variant::of(&headers(&pairs)), expected, "{pairs:?}");
    }
    let mut odd = headers(&[RSC, PREFETCH]);
    odd.insert("next-router-segment-prefetch", HeaderValue::from_bytes(b"/\xff").unwrap());
    assert_eq!(Variant::of(&odd), Variant::Segment(""));
}

async fn get(set: &PageSet, path: &str, pairs: &[(&'static str, &str)]) -> (StatusCode, HeaderMap, String) {
    let headers = headers(pairs);
    let response = match set.find(path) {
        Some((page, id)) => page_response(set, page, id, &headers, &[]),
        None => not_found(set, &headers),
    };
    let (parts, body) = response.into_parts();
    let bytes = body.collect().await.unwrap().to_bytes();
    (parts.status, parts.headers, String::from_utf8(bytes.to_vec()).unwrap())
}

const FULL: (&str, &str) = ("rsc", "1");

#[tokio::test]
async fn each_variant_has_its_text_and_its_headers() {
    let web = fixture::web();
    let set = PageSet::load(web.path()).unwrap();
    let (status, out, body) = get(&set, "/en/courses", &[]).await;
    assert_eq!((status, &out[CACHE_CONTROL]), (StatusCode::OK, &NEVER_STORE));
    assert!(body.starts_with("<!DOCTYPE html>") && out[CONTENT_SECURITY_POLICY].to_str().unwrap().contains("'sha256-"));
    assert_eq!(out[VARY], VARY_ON);

    let (status, out, body) = get(&set, "/en/courses", &[FULL]).await;
    assert_eq!((status, &out[CACHE_CONTROL], &out[CONTENT_TYPE]), (StatusCode::OK, &ALWAYS_ASK, &RSC));
    assert!(body.starts_with("0:{") && out[STALE_TIME] == "300" && !out.contains_key(POSTPONED));

    let segment = [FULL, ("next-router-prefetch", "1"), ("next-router-segment-prefetch", "/_tree")];
    let (status, out, body) = get(&set, "/en/courses", &segment).await;
    assert_eq!((status, body.as_str(), &out[POSTPONED]), (StatusCode::OK, "tree of /en/courses", &PER_SEGMENT));

    let unknown = [FULL, ("next-router-prefetch", "1"), ("next-router-segment-prefetch", "/../_tree")];
    let (status, out, body) = get(&set, "/en/courses", &unknown).await;
    assert_eq!((status, body.as_str(), &out[CACHE_CONTROL]), (StatusCode::NOT_FOUND, "", &NEVER_STORE));
}

#[tokio::test]
async fn an_unknown_path_is_the_not_found_page() {
    let web = fixture::web();
    let set = PageSet::load(web.path()).unwrap();
    for pairs in [vec![], vec![FULL], vec![FULL, ("if-none-match", "*")]] {
        let (status, out, body) = get(&set, "/en/nothing", &pairs).await;
        assert_eq!((status, &out[CACHE_CONTROL]), (StatusCode::NOT_FOUND, &NEVER_STORE));
        assert!(body.contains("_not-found"));
    }
}

#[tokio::test]
async fn an_id_is_in_every_text_and_in_the_tag() {
    let web = fixture::web();
    let set = PageSet::load(web.path()).unwrap();
    let path = format!("/en/courses/{OTHER}");
    for pairs in
        [vec![], vec![FULL], vec![FULL, ("next-router-prefetch", "1"), ("next-router-segment-prefetch", "/a/$d$id/__PAGE__")]]
    {
        let (_, _, body) = get(&set, &path, &pairs).await;
        assert!(body.contains(OTHER) && !body.contains(crate::edge::pages::SENTINEL), "{body}");
    }
    let (_, out, _) = get(&set, &path, &[FULL]).await;
    let tag = out[ETAG].to_str().unwrap().to_owned();
    let (status, out, body) = get(&set, &path, &[FULL, ("if-none-match", &tag)]).await;
    assert_eq!((status, body.as_str(), &out[ETAG]), (StatusCode::NOT_MODIFIED, "", &HeaderValue::from_str(&tag).unwrap()));
    let other = path.replace("0198", "0199");
    assert_eq!(get(&set, &other, &[FULL, ("if-none-match", &tag)]).await.0, StatusCode::OK);
}

#[test]
fn encodings_and_tags_are_matched_as_the_rfc_says() {
    let accepts_gzip = |value: &str| wants_gzip(&headers(&[("accept-encoding", value)]));
    for yes in ["gzip", "br, gzip", "GZIP;q=0.5", "deflate,gzip;q=1.0"] {
        assert!(accepts_gzip(yes), "{yes}");
    }
    for no in ["", "br", "gzip;q=0", "gzip; q=0.000", "xgzip", "identity"] {
        assert!(!accepts_gzip(no), "{no}");
    }
    let matches = |known: &'static str| matches_tag(&HeaderValue::from_static(known), "W/\"a\"");
    assert!(matches("\"a\"") && matches("W/\"b\", W/\"a\"") && matches("*"));
    assert!(!matches("\"b\"") && !matches("a"));
}
