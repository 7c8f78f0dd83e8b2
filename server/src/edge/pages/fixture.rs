//! A front end as `next build` lays it out, small enough to read.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;

use super::SENTINEL;

pub const BUILD_ID: &str = "build-1";

/// Route pattern, group and path of each page.
const PAGES: [(&str, &str, &str); 6] = [
    ("/[locale]/sign-in", "(public)", "/en/sign-in"),
    ("/[locale]/student", "(protected)", "/en/student"),
    ("/[locale]/admin", "(protected)", "/en/admin"),
    ("/[locale]/courses", "(protected)", "/en/courses"),
    ("/[locale]/users", "(protected)", "/en/users"),
    ("/[locale]/courses/[id]", "(protected)", "/en/courses/5e471e1d-0000-7000-8000-000000000001"),
];

const FIRST_DATA: &str = r#"{
    "/[locale]/sign-in": {"get": ["/api/v1/institution"]},
    "/[locale]/student": {"roles": ["student"], "get": ["/api/v1/me"]},
    "/[locale]/admin": {"roles": ["admin"], "get": []},
    "/[locale]/users": {"roles": ["admin"], "get": ["/api/v1/me"]},
    "/[locale]/courses": {"get": ["/api/v1/me", "/api/v1/courses?limit=50&{q,term}"]},
    "/[locale]/courses/[id]": {"get": ["/api/v1/courses/{id}"]}
}"#;

/// Writes the front end into a folder of its own.
pub fn web() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path();
    let mut routes = serde_json::Map::new();
    let mut groups = serde_json::Map::new();
    for (route, group, path) in PAGES {
        let file = format!("/{group}{route}/page");
        groups.insert(file, route.into());
        routes.insert(path.into(), serde_json::json!({"srcRoute": route, "initialRevalidateSeconds": false}));
        page(root, route, path);
    }
    groups.insert("/_not-found/page".into(), "/_not-found".into());
    groups.insert("/api/[...path]/route".into(), "/api/[...path]".into());
    routes.insert("/_not-found".into(), serde_json::json!({"srcRoute": "/_not-found", "initialRevalidateSeconds": false}));
    page(root, "/_not-found", "/_not-found");
    write(root, ".next/BUILD_ID", BUILD_ID);
    write(root, ".next/prerender-manifest.json", &serde_json::json!({"routes": routes}).to_string());
    write(root, ".next/app-path-routes-manifest.json", &serde_json::Value::Object(groups).to_string());
    write(root, ".next/static/chunks/main-abc.js", &"console.log('main');".repeat(100));
    write(root, "public/robots.txt", "User-agent: *\nDisallow: /\n");
    write(root, "public/.secret", "no");
    write(root, ".next/first-data.json", FIRST_DATA);
    dir
}

fn page(root: &Path, route: &str, path: &str) {
    let id = if path.contains(SENTINEL) { SENTINEL } else { "" };
    let html = format!(
        "<!DOCTYPE html><html lang=\"en\"><head><title>{route}</title><script>theme()</script></head>\
         <body><h1>Course {id}</h1><script src=\"/_next/static/chunks/main-abc.js\" async=\"\"></script>\
         <script>self.__next_f.push([1,\"{id} of {route}\"])</script></body></html>"
    );
    write(root, &format!(".next/server/app{path}.html"), &html);
    write(root, &format!(".next/server/app{path}.rsc"), &format!("0:{{\"b\":\"{BUILD_ID}\",\"c\":\"{path}\"}}\n"));
    let meta = serde_json::json!({"headers": {"x-nextjs-stale-time": "300"}, "segmentPaths": ["/_tree", "/a/$d$id/__PAGE__"]});
    write(root, &format!(".next/server/app{path}.meta"), &meta.to_string());
    write(root, &format!(".next/server/app{path}.segments/_tree.segment.rsc"), &format!("tree of {path}"));
    write(root, &format!(".next/server/app{path}.segments/a/$d$id/__PAGE__.segment.rsc"), &format!("page of {path}"));
}

pub fn write(root: &Path, name: &str, text: &str) {
    let file = root.join(name);
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(file, text).unwrap();
}

pub fn edit(root: &Path, name: &str, from: &str, to: &str) {
    let file = root.join(name);
    let text = fs::read_to_string(&file).unwrap();
    assert!(text.contains(from), "{name} lacks {from:?}");
    fs::write(file, text.replace(from, to)).unwrap();
}
