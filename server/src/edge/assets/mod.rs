//! Static files from memory: the hashed output of the build, and the few files of the `public` folder.
//!
//! Invariants: a hashed file keeps its bytes for ever, so it may be cached for ever; the files of the previous
//! build stay available, because pages that were open during an upgrade still ask for them; only names seen at
//! load exist, so no request path ever touches the file system.

mod compress;
mod keep;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use aws_lc_rs::digest;
use axum::body::Body;
use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY};
use http::{HeaderMap, HeaderValue, Response, StatusCode};

use super::pages::accepts;
use super::pages::matches_tag;

/// Larger files do not belong into a front end's memory.
const FILE_MAX_BYTES: u64 = 16 * 1024 * 1024;
const FOREVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const ALWAYS_ASK: HeaderValue = HeaderValue::from_static("public, no-cache");

#[derive(Debug, thiserror::Error)]
pub enum AssetError {
    #[error("cannot read {path}: {source}")]
    Read { path: PathBuf, source: std::io::Error },
    #[error("cannot keep the assets of this build in {path}: {source}")]
    Keep { path: PathBuf, source: std::io::Error },
    #[error("{0} is larger than a static file may be")]
    TooLarge(PathBuf),
}

/// One file, in every coding it has by now.
#[derive(Debug)]
struct Asset {
    identity: Bytes,
    digest: String,
    kind: Kind,
    immutable: bool,
    brotli: OnceLock<Bytes>,
    gzip: OnceLock<Bytes>,
}

#[derive(Clone, Copy, Debug)]
struct Kind {
    content_type: &'static str,
    compresses: bool,
}

/// All files, by request path.
#[derive(Debug, Default)]
pub struct Assets {
    by_path: HashMap<Box<str>, Arc<Asset>>,
}

impl Assets {
    /// Loads the files of the build in `web_dir`, and those of the build before it from `data_dir`, where this
    /// build's files are kept in turn. Compression goes on in the background.
    pub fn load(web_dir: &Path, build_id: &str, data_dir: &Path) -> Result<Self, AssetError> {
        let kept = data_dir.join("web-assets");
        keep::keep(&web_dir.join(".next/static"), build_id, &kept)
            .map_err(|source| AssetError::Keep { path: kept.clone(), source })?;
        let mut assets = Self::default();
        assets.add_folder(&web_dir.join(".next/static"), "/_next/static", true)?;
        for older in keep::others(&kept, build_id) {
            assets.add_folder(&older, "/_next/static", true)?;
        }
        assets.add_folder(&web_dir.join("public"), "", false)?;
        compress::in_background(assets.by_path.values().cloned().collect(), data_dir.join("web-cache"));
        Ok(assets)
    }

    fn add_folder(&mut self, folder: &Path, prefix: &str, immutable: bool) -> Result<(), AssetError> {
        let Ok(entries) = std::fs::read_dir(folder) else {
            return Ok(()); // `public` is optional.
        };
        for entry in entries.flatten() {
            let name = entry.file_name();
            let Some(name) = name.to_str().filter(|name| is_plain(name)) else { continue };
            let path = format!("{prefix}/{name}");
            let file = entry.path();
            if file.is_dir() {
                self.add_folder(&file, &path, immutable)?;
            } else if !self.by_path.contains_key(path.as_str()) {
                self.by_path.insert(path.into(), Arc::new(read(&file, name, immutable)?));
            }
        }
        Ok(())
    }

    /// The answer for `path`, if there is such a file.
    pub fn answer(&self, path: &str, headers: &HeaderMap) -> Option<Response<Body>> {
        self.by_path.get(path).map(|asset| asset.answer(headers))
    }
}

/// Names a browser sends as they are; dot files are nobody's business.
fn is_plain(name: &str) -> bool {
    !name.starts_with('.') && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'~'))
}

fn read(file: &Path, name: &str, immutable: bool) -> Result<Asset, AssetError> {
    let error = |source| AssetError::Read { path: file.to_owned(), source };
    if std::fs::metadata(file).map_err(error)?.len() > FILE_MAX_BYTES {
        return Err(AssetError::TooLarge(file.to_owned()));
    }
    let identity: Bytes = std::fs::read(file).map_err(error)?.into();
    Ok(Asset {
        digest: hex::encode(digest::digest(&digest::SHA256, &identity)),
        identity,
        kind: kind(name),
        immutable,
        brotli: OnceLock::new(),
        gzip: OnceLock::new(),
    })
}

fn kind(name: &str) -> Kind {
    let (content_type, compresses) = match name.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "js" | "mjs" => ("text/javascript; charset=utf-8", true),
        "css" => ("text/css; charset=utf-8", true),
        "json" | "map" => ("application/json", true),
        "svg" => ("image/svg+xml", true),
        "txt" => ("text/plain; charset=utf-8", true),
        "webmanifest" => ("application/manifest+json", true),
        "wasm" => ("application/wasm", true),
        "woff2" => ("font/woff2", false),
        "woff" => ("font/woff", false),
        "png" => ("image/png", false),
        "jpg" | "jpeg" => ("image/jpeg", false),
        "webp" => ("image/webp", false),
        "avif" => ("image/avif", false),
        "ico" => ("image/x-icon", true),
        "glb" => ("model/gltf-binary", true),
        _ => ("application/octet-stream", false),
    };
    Kind { content_type, compresses }
}

impl Asset {
    fn answer(&self, headers: &HeaderMap) -> Response<Body> {
        let (coding, body) = self.coded(headers);
        let tag = format!("W/\"{}\"", &self.digest[..24]);
        let unchanged = headers.get(IF_NONE_MATCH).is_some_and(|known| matches_tag(known, &tag));
        let mut response = Response::new(if unchanged { Body::empty() } else { Body::from(body) });
        if unchanged {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
        }
        let out = response.headers_mut();
        out.insert(CACHE_CONTROL, if self.immutable { FOREVER } else { ALWAYS_ASK });
        out.insert(VARY, HeaderValue::from_static("accept-encoding"));
        out.insert(ETAG, HeaderValue::try_from(tag).expect("hexadecimal digits between quotes"));
        if !unchanged {
            out.insert(CONTENT_TYPE, HeaderValue::from_static(self.kind.content_type));
            if let Some(coding) = coding {
                out.insert(CONTENT_ENCODING, HeaderValue::from_static(coding));
            }
        }
        response
    }

    /// The smallest coding that exists by now and that the client reads.
    fn coded(&self, headers: &HeaderMap) -> (Option<&'static str>, Bytes) {
        if let Some(brotli) = self.brotli.get()
            && accepts(headers, "br")
        {
            return (Some("br"), brotli.clone());
        }
        if let Some(gzip) = self.gzip.get()
            && accepts(headers, "gzip")
        {
            return (Some("gzip"), gzip.clone());
        }
        (None, self.identity.clone())
    }
}

#[cfg(test)]
#[path = "assets_tests.rs"]
mod tests;
