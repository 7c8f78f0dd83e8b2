#![allow(clippy::unwrap_used)]

use std::time::{Duration, Instant};

use http::HeaderName;
use http_body_util::BodyExt as _;

use super::*;
use crate::edge::pages::fixture;

const SCRIPT: &str = "/_next/static/chunks/main-abc.js";

async fn get(assets: &Assets, path: &str, pairs: &[(&'static str, &str)]) -> Option<(StatusCode, HeaderMap, Vec<u8>)> {
    let headers: HeaderMap =
        pairs.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_str(value).unwrap())).collect();
    let (parts, body) = assets.answer(path, &headers)?.into_parts();
    Some((parts.status, parts.headers, body.collect().await.unwrap().to_bytes().to_vec()))
}

#[tokio::test]
async fn files_come_back_with_their_type_and_their_life() {
    let (web, data) = (fixture::web(), tempfile::tempdir().unwrap());
    let assets = Assets::load(web.path(), fixture::BUILD_ID, data.path()).unwrap();
    let (status, headers, body) = get(&assets, SCRIPT, &[]).await.unwrap();
    assert_eq!(status, StatusCode::OK);
    assert_eq!(
        (headers[CACHE_CONTROL].clone(), &headers[CONTENT_TYPE]),
        (FOREVER, &HeaderValue::from_static("text/javascript; charset=utf-8"))
    );
    assert!(body.starts_with(b"console.log"));
    let tag = headers[ETAG].to_str().unwrap().to_owned();
    let (status, _, body) = get(&assets, SCRIPT, &[("if-none-match", &tag)]).await.unwrap();
    assert_eq!((status, body.len()), (StatusCode::NOT_MODIFIED, 0));
    let (_, headers, _) = get(&assets, "/robots.txt", &[]).await.unwrap();
    assert_eq!(headers[CACHE_CONTROL], ALWAYS_ASK);
    for none in
        ["/.secret", "/_next/static/../BUILD_ID", "/_next/static/.started", "/first-data.json", "/_next/static/chunks", "/"]
    {
        assert!(get(&assets, none, &[]).await.is_none(), "{none}");
    }
}

#[tokio::test]
async fn every_coding_decodes_to_the_file() {
    let (web, data) = (fixture::web(), tempfile::tempdir().unwrap());
    let plain = std::fs::read(web.path().join(".next/static/chunks/main-abc.js")).unwrap();
    for round in ["made", "from the cache"] {
        let assets = Assets::load(web.path(), fixture::BUILD_ID, data.path()).unwrap();
        let asset = &assets.by_path[SCRIPT];
        let started = Instant::now();
        while asset.brotli.get().is_none() && started.elapsed() < Duration::from_secs(20) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let (_, headers, body) = get(&assets, SCRIPT, &[("accept-encoding", "gzip, br")]).await.unwrap();
        assert_eq!(headers[CONTENT_ENCODING], "br", "{round}");
        let mut decoded = Vec::new();
        brotli::BrotliDecompress(&mut &body[..], &mut decoded).unwrap();
        assert_eq!(decoded, plain, "{round}");
        let (_, headers, body) = get(&assets, SCRIPT, &[("accept-encoding", "gzip")]).await.unwrap();
        assert_eq!(headers[CONTENT_ENCODING], "gzip", "{round}");
        let mut decoded = Vec::new();
        std::io::copy(&mut flate2::read::GzDecoder::new(&body[..]), &mut decoded).unwrap();
        assert_eq!(decoded, plain, "{round}");
    }
}

#[tokio::test]
async fn the_previous_build_stays_and_the_one_before_goes() {
    let (web, data) = (fixture::web(), tempfile::tempdir().unwrap());
    let chunks = web.path().join(".next/static/chunks");
    let mut last = Assets::default();
    for build in ["one", "two", "three"] {
        std::fs::remove_dir_all(&chunks).unwrap();
        fixture::write(web.path(), &format!(".next/static/chunks/{build}.js"), build);
        last = Assets::load(web.path(), build, data.path()).unwrap();
        // The builds are ordered by the time of their start.
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(get(&last, "/_next/static/chunks/three.js", &[]).await.is_some());
    assert_eq!(get(&last, "/_next/static/chunks/two.js", &[]).await.unwrap().2, b"two");
    assert!(get(&last, "/_next/static/chunks/one.js", &[]).await.is_none());
    let again = Assets::load(web.path(), "three", data.path()).unwrap();
    assert!(get(&again, "/_next/static/chunks/two.js", &[]).await.is_some(), "a restart forgets nothing");
    assert!(Assets::load(web.path(), "../x", data.path()).is_err());
}

#[test]
fn what_a_killed_start_left_half_copied_is_removed_once_it_is_old() {
    let (web, data) = (fixture::web(), tempfile::tempdir().unwrap());
    Assets::load(web.path(), "one", data.path()).unwrap();
    let own = |name: &str| std::fs::read_dir(data.path()).unwrap().flatten().find(|entry| entry.path().join(name).exists());
    let kept = own("one").unwrap().path();
    let now = kept.join("one/.started").metadata().unwrap().modified().unwrap();
    for (name, age) in [(".partial-1", 2 * 3600), (".partial-2", 60)] {
        let partial = kept.join(name);
        std::fs::create_dir_all(partial.join("chunks")).unwrap();
        std::fs::File::open(&partial).unwrap().set_modified(now - Duration::from_secs(age)).unwrap();
    }
    Assets::load(web.path(), "one", data.path()).unwrap();
    assert!(!kept.join(".partial-1").exists());
    assert!(kept.join(".partial-2").exists(), "another node may still be copying");
    assert!(kept.join("one").exists());
}
