//! The content security policy of a document: what may run is named by the hash of its exact bytes.
//!
//! The policy of a page without an id place is made once, at load. In a page with ids, the scripts that carry
//! the id have another hash for every id; those policies are kept in a bounded cache.
//!
//! Forms are sent by scripts alone (`form-action 'none'`): one that a browser would send by itself, before the scripts run or because
//! somebody planted it, goes nowhere, and no password ends in an address.
//!
//! `connect-src 'self'` covers WebSockets to the same host too (CSP level 3), so no host name is spelled out.

use std::ops::Range;

use aws_lc_rs::digest;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::HeaderValue;

use super::{SENTINEL, document::ID_LEN};

/// Where browsers send what the policy stopped.
pub const REPORT_PATH: &str = "/csp-report";

const BEFORE_HASHES: &str = "default-src 'none'; script-src 'self'";
const AFTER_HASHES: &str = "; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; \
    connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
    report-uri /csp-report; report-to csp";

/// The policy of one document.
#[derive(Debug)]
pub struct Policy {
    fixed: Option<HeaderValue>,
    /// The hashes that no id changes, ready to be written.
    fixed_hashes: String,
    /// The scripts that carry the sentinel.
    scripts_with_id: Vec<String>,
}

impl Policy {
    /// The policy for `html`, whose inline scripts stand at `scripts`.
    pub fn new(html: &str, scripts: &[Range<usize>]) -> Self {
        let mut fixed_hashes = String::new();
        let mut scripts_with_id = Vec::new();
        for range in scripts {
            let script = &html[range.clone()];
            if script.contains(SENTINEL) {
                scripts_with_id.push(script.to_owned());
            } else {
                push_hash(&mut fixed_hashes, script.as_bytes());
            }
        }
        let fixed = scripts_with_id.is_empty().then(|| header(&fixed_hashes));
        Self { fixed, fixed_hashes, scripts_with_id }
    }

    /// The header for the document as `id` sees it.
    pub fn header(&self, id: &str) -> HeaderValue {
        if let Some(fixed) = &self.fixed {
            return fixed.clone();
        }
        debug_assert_eq!(id.len(), ID_LEN, "the caller matched the id");
        let mut hashes = self.fixed_hashes.clone();
        for script in &self.scripts_with_id {
            push_hash(&mut hashes, script.replace(SENTINEL, id).as_bytes());
        }
        header(&hashes)
    }

    /// Whether the header differs from id to id.
    pub fn has_ids(&self) -> bool {
        self.fixed.is_none()
    }
}

/// The policy of answers that are not documents: nothing may run, nothing may be framed.
pub fn closed() -> HeaderValue {
    HeaderValue::from_static("default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
}

/// The policy of pages that `next dev` makes: its scripts stand inline and are evaluated, and new ones come over a WebSocket.
/// What does not concern them is as strict as for what was built, so that a mistake shows while it is made.
pub fn development() -> HeaderValue {
    HeaderValue::from_static(
        "default-src 'none'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; \
         img-src 'self' data: blob:; font-src 'self' data: blob:; connect-src 'self'; worker-src 'self' blob:; \
         manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    )
}

/// The policy of a page server's answer that brings none: nothing inline, whose hashes only the page server could know.
pub fn proxied() -> HeaderValue {
    HeaderValue::from_static(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; \
         manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; report-uri /csp-report; report-to csp",
    )
}

fn push_hash(hashes: &mut String, script: &[u8]) {
    hashes.push_str(" 'sha256-");
    STANDARD.encode_string(digest::digest(&digest::SHA256, script), hashes);
    hashes.push('\'');
}

fn header(hashes: &str) -> HeaderValue {
    let policy = [BEFORE_HASHES, hashes, AFTER_HASHES].concat();
    HeaderValue::from_str(&policy).expect("the policy is made of visible ASCII")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edge::pages::scan;

    const OTHER: &str = "0198c0de-1234-7abc-8def-0123456789ab";

    fn policy(html: &str) -> Policy {
        Policy::new(html, &scan::scan(html).expect("scans").inline_scripts)
    }

    #[test]
    fn the_hash_is_that_of_the_exact_bytes() {
        // The digest of "alert(1)", as printed by `openssl dgst -sha256 -binary | base64`.
        let header = policy("<script>alert(1)</script>").header("");
        let text = header.to_str().expect("ASCII");
        assert!(text.contains("script-src 'self' 'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI=';"), "{text}");
        assert!(!text.contains("script-src 'self' 'unsafe-inline'"), "{text}");
    }

    #[test]
    fn no_form_is_sent_but_by_scripts() {
        let header = policy("<form method=\"post\"></form>").header("");
        let directives: Vec<_> = header.to_str().expect("ASCII").split(';').map(str::trim).collect();
        assert!(directives.contains(&"form-action 'none'"), "{directives:?}");
        assert_eq!(directives.iter().filter(|one| one.starts_with("form-action")).count(), 1, "{directives:?}");
    }

    #[test]
    fn a_page_for_an_id_has_the_policy_of_a_build_for_that_id() {
        let html = format!("<script>a()</script><script>b(\"{SENTINEL}\")</script>");
        let built = html.replace(SENTINEL, OTHER);
        assert!(policy(&html).has_ids());
        assert!(!policy(&built).has_ids());
        assert_eq!(policy(&html).header(OTHER), policy(&built).header(""));
        assert_ne!(policy(&html).header(OTHER), policy(&html).header(SENTINEL));
    }
}
