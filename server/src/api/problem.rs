//! Refusals as RFC 9457 problem documents.
//!
//! Every slug is declared once, in `ProblemKind`, with the status it always has. Internals are logged where
//! they happen and never sent: `Problem::internal` is the only door for a cause.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::request_id;

/// More field errors than this help nobody, and a hostile body must not choose the size of its answer.
const MAX_FIELD_ERRORS: usize = 100;

macro_rules! problem_kinds {
    ($($variant:ident $slug:literal $status:literal $title:literal)+) => {
        /// Why a request was refused. The slug is stable: clients branch on it, people read the title.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum ProblemKind { $($variant),+ }

        impl ProblemKind {
            /// All kinds, in the order they are declared.
            pub const ALL: &'static [ProblemKind] = &[$(ProblemKind::$variant),+];

            /// The stable last part of the problem's `type`.
            pub const fn slug(self) -> &'static str {
                match self { $(ProblemKind::$variant => $slug),+ }
            }

            /// The `type` of the problem document: a reference relative to the origin.
            pub const fn type_uri(self) -> &'static str {
                match self { $(ProblemKind::$variant => concat!("/problems/", $slug)),+ }
            }

            /// What went wrong, the same for every occurrence.
            pub const fn title(self) -> &'static str {
                match self { $(ProblemKind::$variant => $title),+ }
            }

            const fn status_code(self) -> u16 {
                match self { $(ProblemKind::$variant => $status),+ }
            }
        }
    };
}

problem_kinds! {
    BadRequest               "bad-request"                 400 "The request cannot be read"
    MalformedJson            "malformed-json"              400 "The body is not valid JSON"
    MalformedQuery           "malformed-query"             400 "The query string cannot be read"
    MalformedUpload          "malformed-upload"            400 "The upload cannot be read"
    InvalidCursor            "invalid-cursor"              400 "The cursor is not one of this list"
    IdempotencyKeyRequired   "idempotency-key-required"    400 "An Idempotency-Key header is required"
    Unauthenticated          "unauthenticated"             401 "Sign in first"
    TokenExpired             "token-expired"               401 "The access token has expired"
    WrongCredentials         "wrong-credentials"           401 "The e-mail or the password is wrong"
    Forbidden                "forbidden"                   403 "Not allowed"
    CrossSite                "cross-site"                  403 "The request came from another site"
    NotFound                 "not-found"                   404 "Not found"
    MethodNotAllowed         "method-not-allowed"          405 "This address does not support the method"
    RequestTimeout           "request-timeout"             408 "The request took too long to arrive"
    VersionConflict          "version-conflict"            409 "Somebody else changed this in the meantime"
    ImportOutdated           "import-outdated"             409 "The catalog has changed since the file was checked"
    IdempotencyInProgress    "idempotency-in-progress"     409 "The first request with this key is still running"
    DepartmentCodeTaken      "department-code-taken"       409 "Another department has this code"
    CourseNumberTaken        "course-number-taken"         409 "The department has a course with this number"
    EmailTaken               "email-taken"                 409 "Another account has this e-mail"
    LinkExpired              "link-expired"                410 "The link has been used or has expired"
    BodyTooLarge             "body-too-large"              413 "The body is too large"
    UnsupportedMediaType     "unsupported-media-type"      415 "The body has the wrong content type"
    InvalidRequest           "invalid-request"             422 "Some fields are not valid"
    IdempotencyMismatch      "idempotency-mismatch"        422 "The key was used for a different request"
    ImportRefused            "import-refused"              422 "The file has errors; nothing was imported"
    TooManyRequests          "too-many-requests"           429 "Too many requests"
    Internal                 "internal"                    500 "Something went wrong on our side"
    Busy                     "busy"                        503 "Busy; try again shortly"
    Timeout                  "timeout"                     504 "The answer took too long"
}

impl ProblemKind {
    /// The HTTP status every problem of this kind has.
    pub fn status(self) -> StatusCode {
        StatusCode::from_u16(self.status_code()).expect("the table above holds valid statuses only")
    }
}

impl JsonSchema for ProblemKind {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "ProblemType".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let types: Vec<_> = Self::ALL.iter().map(|kind| kind.type_uri()).collect();
        schemars::json_schema!({
            "type": "string",
            "description": "What kind of problem this is; a stable reference to branch on.",
            "enum": types,
        })
    }
}

impl Serialize for ProblemKind {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.type_uri())
    }
}

impl<'de> Deserialize<'de> for ProblemKind {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let uri = String::deserialize(deserializer)?;
        let known = Self::ALL.iter().find(|kind| kind.type_uri() == uri);
        known.copied().ok_or_else(|| serde::de::Error::custom("no such kind of problem"))
    }
}

/// One field that was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct FieldError {
    /// JSON pointer into the request: `/name` for a body, `/query/limit` for the query string.
    pub pointer: String,
    /// Stable word for what is wrong: `required`, `too-long`, `wrong-type`, ...
    pub code: String,
    /// The same for people.
    pub detail: String,
}

/// A refusal: what handlers return as `Err` and what the client reads.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    #[serde(rename = "type")]
    kind: ProblemKind,
    title: String,
    status: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    /// The request's id, to quote when asking for help.
    #[serde(skip_serializing_if = "Option::is_none")]
    instance: Option<String>,
    /// The fields that were refused.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    errors: Vec<FieldError>,
    /// How many there are, when `errors` lists only the first of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    errors_total: Option<u32>,
    /// Seconds after which trying again makes sense.
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after_s: Option<u32>,
}

impl Problem {
    pub fn new(kind: ProblemKind) -> Self {
        Self {
            kind,
            title: kind.title().to_owned(),
            status: kind.status_code(),
            detail: None,
            instance: None,
            errors: Vec::new(),
            errors_total: None,
            retry_after_s: None,
        }
    }

    /// A failure that is ours: the cause is logged once, here, and the client learns nothing of it.
    pub fn internal(cause: impl std::fmt::Display) -> Self {
        let request_id = request_id::current().map(|id| id.to_string());
        tracing::error!(request_id, cause = %cause, "request failed");
        Self::new(ProblemKind::Internal)
    }

    /// What happened this time, for people.
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// Adds a refused field. Beyond a hundred, further ones are dropped.
    pub fn error(mut self, pointer: impl Into<String>, code: impl Into<String>, detail: impl Into<String>) -> Self {
        if self.errors.len() < MAX_FIELD_ERRORS {
            let (pointer, code, detail) = (pointer.into(), code.into(), detail.into());
            self.errors.push(FieldError { pointer, code, detail });
        }
        self
    }

    /// How many refused fields there are altogether.
    pub fn errors_total(mut self, total: usize) -> Self {
        self.errors_total = Some(u32::try_from(total).unwrap_or(u32::MAX));
        self
    }

    /// Tells the client when to try again, in the body and as `Retry-After`.
    pub fn retry_after(mut self, seconds: u32) -> Self {
        self.retry_after_s = Some(seconds);
        self
    }

    pub fn kind(&self) -> ProblemKind {
        self.kind
    }

    pub fn status(&self) -> StatusCode {
        self.kind.status()
    }

    pub fn errors(&self) -> &[FieldError] {
        &self.errors
    }

    /// The document without its `instance`: what may be stored for a retry with the same Idempotency-Key.
    pub fn to_json(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("a problem has string keys and no foreign types")
    }
}

impl From<ProblemKind> for Problem {
    fn from(kind: ProblemKind) -> Self {
        Self::new(kind)
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} ({})", self.title, self.kind.slug())
    }
}

impl std::error::Error for Problem {}

impl IntoResponse for Problem {
    fn into_response(mut self) -> Response {
        self.instance = request_id::current().map(|id| id.to_string());
        let mut response = (self.kind.status(), self.to_json()).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(seconds) = self.retry_after_s {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        // The request log and the metrics read the kind from here instead of parsing the body.
        response.extensions_mut().insert(self.kind);
        response
    }
}
