//! The files of a `next build` that say what was prerendered, and the front end's first-data manifest.
//!
//! They are internal to one exact version of Next.js: only the fields used are read, and what is missing is an
//! error at start, not a surprise at run time.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::LoadError;

/// `.next/prerender-manifest.json`.
#[derive(Deserialize)]
pub(super) struct Prerendered {
    pub routes: BTreeMap<String, PrerenderedRoute>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PrerenderedRoute {
    /// The route's pattern, such as `/[locale]/courses/[id]`.
    pub src_route: Option<String>,
    /// `false`: the page never expires.
    pub initial_revalidate_seconds: serde_json::Value,
}

/// `.next/server/app/<route>.meta`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Meta {
    #[serde(default)]
    pub headers: HashMap<String, serde_json::Value>,
    #[serde(default)]
    pub segment_paths: Vec<String>,
}

/// One route of `first-data.json`: who may open the page, and what it needs first.
#[derive(Deserialize, Default, Clone, Debug)]
#[serde(deny_unknown_fields)]
pub(super) struct FirstData {
    #[serde(default)]
    pub get: Vec<String>,
    pub roles: Option<Vec<crate::edge::access::Role>>,
}

/// Where the parts of a built front end lie.
pub(super) struct Layout {
    root: PathBuf,
}

impl Layout {
    pub fn new(root: &Path) -> Self {
        Self { root: root.to_owned() }
    }

    pub fn next(&self, name: &str) -> PathBuf {
        self.root.join(".next").join(name)
    }

    /// A file of a prerendered route; the root page is called `index` on disk.
    pub fn route(&self, route: &str, suffix: &str) -> PathBuf {
        let name = if route == "/" { "/index" } else { route };
        self.next(&format!("server/app{name}{suffix}"))
    }

    /// The build copies the manifest into its output, so that the two always belong together.
    pub fn first_data(&self) -> PathBuf {
        self.next("first-data.json")
    }
}

pub(super) fn read(path: &Path) -> Result<Vec<u8>, LoadError> {
    std::fs::read(path).map_err(|source| LoadError::Read { path: path.to_owned(), source })
}

pub(super) fn read_text(path: &Path) -> Result<String, LoadError> {
    String::from_utf8(read(path)?).map_err(|_| LoadError::Malformed { path: path.to_owned(), detail: "not UTF-8".to_owned() })
}

pub(super) fn read_json<T: DeserializeOwned>(path: &Path) -> Result<T, LoadError> {
    serde_json::from_slice(&read(path)?)
        .map_err(|error| LoadError::Malformed { path: path.to_owned(), detail: error.to_string() })
}
