//! Reads a built front end into memory.
//!
//! The build output alone says what exists and who may see it: a route's folder group, `(public)` or
//! `(protected)`, is its access class, and a page in neither is refused at start.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use aws_lc_rs::digest;
use http::HeaderValue;

use super::csp::Policy;
use super::document::{Document, DocumentError, ID_LEN};
use super::first_data::{Template, TemplateError};
use super::manifest::{FirstData, Layout, Meta, Prerendered, read, read_json, read_text};
use super::{SENTINEL, scan};
use crate::edge::access::Role;

/// Policies of pages with ids kept at most; about 1 KiB each.
const POLICIES_KEPT: u64 = 4096;

/// Why a front end cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    #[error("cannot read {path}: {source}; build the front end first")]
    Read { path: PathBuf, source: std::io::Error },
    #[error("{path} is not as expected: {detail}")]
    Malformed { path: PathBuf, detail: String },
    #[error("page {0} lies in neither (public) nor (protected), so nobody can say who may see it")]
    NoAccessClass(String),
    #[error("page {0} expires; every page must be prerendered for good")]
    Expires(String),
    #[error("page {0} has more than one dynamic segment")]
    ManyIds(String),
    #[error("page {route}: {source}")]
    Document { route: String, source: DocumentError },
    #[error("page {route}: {source}")]
    Scan { route: String, source: scan::ScanError },
    #[error("first data of {route}: {source}")]
    Template { route: String, source: TemplateError },
    #[error("first-data.json names {0}, which is no page")]
    UnknownRoute(String),
    #[error("the build has no /_not-found page")]
    NoNotFound,
}

/// Who may see a page at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    Public,
    Protected,
}

/// One text under one key, with the tag that says when it changes.
#[derive(Debug)]
pub struct Representation {
    pub document: Document,
    /// The start of the digest of the text as built, in hex.
    pub tag: String,
}

/// Everything one route needs to be answered.
#[derive(Debug)]
pub struct Page {
    /// The pattern, such as `/[locale]/courses/[id]`.
    pub route: Box<str>,
    pub locale: Option<Box<str>>,
    pub access: Access,
    /// The roles that may open it; `None` is everybody whom `access` admits.
    pub roles: Option<Vec<Role>>,
    pub first_data: Vec<Template>,
    pub html: Document,
    pub policy: Policy,
    pub rsc: Representation,
    pub segments: HashMap<Box<str>, Representation>,
    /// How long the client router may reuse the payload, as the build says.
    pub stale_time: Option<HeaderValue>,
    index: u32,
}

/// A loaded front end.
#[derive(Debug)]
pub struct PageSet {
    pages: Vec<Page>,
    by_path: HashMap<Box<str>, usize>,
    not_found: usize,
    build_id: String,
    locales: Vec<Box<str>>,
    policies: moka::sync::Cache<(u32, Box<str>), HeaderValue>,
}

impl PageSet {
    /// Loads the front end built in `web_dir` (the folder that holds `.next`).
    pub fn load(web_dir: &Path) -> Result<Self, LoadError> {
        let layout = Layout::new(web_dir);
        let build_id = read_text(&layout.next("BUILD_ID"))?.trim().to_owned();
        let classes = access_classes(&layout)?;
        let mut first_data: BTreeMap<String, FirstData> = read_json(&layout.first_data())?;
        if let Some(route) = first_data.keys().find(|route| !classes.contains_key(*route)) {
            return Err(LoadError::UnknownRoute(route.clone()));
        }
        let prerendered: Prerendered = read_json(&layout.next("prerender-manifest.json"))?;
        let mut set = Self {
            pages: Vec::new(),
            by_path: HashMap::new(),
            not_found: 0,
            build_id,
            locales: Vec::new(),
            policies: moka::sync::Cache::new(POLICIES_KEPT),
        };
        let mut not_found = None;
        for (path, entry) in prerendered.routes {
            if path == "/_global-error" {
                continue;
            }
            if entry.initial_revalidate_seconds != serde_json::Value::Bool(false) {
                return Err(LoadError::Expires(path));
            }
            let route = entry.src_route.unwrap_or_else(|| path.clone());
            if path == "/_not-found" {
                not_found = Some(set.pages.len());
                set.add(&layout, &path, &route, Access::Public, FirstData::default())?;
                continue;
            }
            let access = *classes.get(&route).ok_or_else(|| LoadError::NoAccessClass(route.clone()))?;
            let first = first_data.entry(route.clone()).or_default().clone();
            set.add(&layout, &path, &route, access, first)?;
            set.by_path.insert(path.into(), set.pages.len() - 1);
        }
        set.not_found = not_found.ok_or(LoadError::NoNotFound)?;
        Ok(set)
    }

    fn add(&mut self, layout: &Layout, path: &str, route: &str, access: Access, first: FirstData) -> Result<(), LoadError> {
        if path.matches(SENTINEL).count() > 1 {
            return Err(LoadError::ManyIds(route.to_owned()));
        }
        let locale = locale_of(path, route);
        if let Some(locale) = &locale
            && !self.locales.contains(locale)
        {
            self.locales.push(locale.clone());
        }
        let html = read_text(&layout.route(path, ".html"))?;
        let found = scan::scan(&html).map_err(|source| LoadError::Scan { route: route.to_owned(), source })?;
        let meta: Meta = read_json(&layout.route(path, ".meta"))?;
        let mut segments = HashMap::with_capacity(meta.segment_paths.len());
        for segment in &meta.segment_paths {
            let file = layout.route(path, &format!(".segments{segment}.segment.rsc"));
            segments.insert(segment.as_str().into(), representation(route, &read(&file)?)?);
        }
        let templates: Result<Vec<_>, _> = first.get.iter().map(|text| Template::parse(text)).collect();
        let index = u32::try_from(self.pages.len()).expect("a front end has few pages");
        self.pages.push(Page {
            route: route.into(),
            locale,
            access,
            roles: first.roles,
            first_data: templates.map_err(|source| LoadError::Template { route: route.to_owned(), source })?,
            html: document(route, html.as_bytes(), found.data_at)?,
            policy: Policy::new(&html, &found.inline_scripts),
            rsc: representation(route, &read(&layout.route(path, ".rsc"))?)?,
            segments,
            stale_time: meta
                .headers
                .get("x-nextjs-stale-time")
                .and_then(serde_json::Value::as_str)
                .and_then(|value| HeaderValue::from_str(value).ok()),
            index,
        });
        Ok(())
    }

    /// The page at `path` and the id in it, if it has one. Anything but an exact path is no page.
    pub fn find<'a>(&self, path: &'a str) -> Option<(&Page, &'a str)> {
        if let Some((start, id)) = id_in(path) {
            let shell = [&path[..start], SENTINEL, &path[start + ID_LEN..]].concat();
            return self.by_path.get(shell.as_str()).map(|&at| (&self.pages[at], id));
        }
        self.by_path.get(path).map(|&at| (&self.pages[at], ""))
    }

    /// The page for everything that is not there.
    pub fn not_found(&self) -> &Page {
        &self.pages[self.not_found]
    }

    pub fn build_id(&self) -> &str {
        &self.build_id
    }

    /// The locales that were built, in path order.
    pub fn locales(&self) -> &[Box<str>] {
        &self.locales
    }

    pub fn pages(&self) -> &[Page] {
        &self.pages
    }

    /// The content security policy of `page` for `id`.
    pub fn policy(&self, page: &Page, id: &str) -> HeaderValue {
        if !page.policy.has_ids() {
            return page.policy.header(id);
        }
        let key = (page.index, Box::from(id));
        self.policies.get_with(key, || page.policy.header(id))
    }
}

/// Where a canonical UUID stands as a whole segment of `path`, and the UUID.
fn id_in(path: &str) -> Option<(usize, &str)> {
    let mut start = 0;
    for segment in path.split('/') {
        if is_uuid(segment) {
            return Some((start, segment));
        }
        start += segment.len() + 1;
    }
    None
}

/// Lower-case canonical form only: one spelling per record, and nothing that could mean anything in HTML.
fn is_uuid(text: &str) -> bool {
    text.len() == ID_LEN
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => matches!(byte, b'0'..=b'9' | b'a'..=b'f'),
        })
}

/// The value of `[locale]` in `path`.
fn locale_of(path: &str, route: &str) -> Option<Box<str>> {
    route.split('/').zip(path.split('/')).find(|(pattern, _)| *pattern == "[locale]").map(|(_, value)| value.into())
}

/// Route pattern → access class, from the folder groups of the build's own list.
fn access_classes(layout: &Layout) -> Result<HashMap<String, Access>, LoadError> {
    let listed: BTreeMap<String, String> = read_json(&layout.next("app-path-routes-manifest.json"))?;
    let mut classes = HashMap::new();
    for (file, route) in listed {
        if !file.ends_with("/page") || matches!(route.as_str(), "/_not-found" | "/_global-error") {
            continue;
        }
        let mut groups = file.split('/');
        let (public, protected) = (groups.clone().any(|part| part == "(public)"), groups.any(|part| part == "(protected)"));
        let access = match (public, protected) {
            (true, false) => Access::Public,
            (false, true) => Access::Protected,
            _ => return Err(LoadError::NoAccessClass(route)),
        };
        classes.insert(route, access);
    }
    Ok(classes)
}

fn document(route: &str, text: &[u8], data_at: Option<usize>) -> Result<Document, LoadError> {
    Document::new(text, data_at).map_err(|source| LoadError::Document { route: route.to_owned(), source })
}

fn representation(route: &str, text: &[u8]) -> Result<Representation, LoadError> {
    let digest = digest::digest(&digest::SHA256, text);
    Ok(Representation { document: document(route, text, None)?, tag: hex::encode(&digest.as_ref()[..12]) })
}

#[cfg(test)]
#[path = "load_tests.rs"]
mod tests;
