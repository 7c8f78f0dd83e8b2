//! Successful answers.

use std::cell::RefCell;

use aide::generate::GenContext;
use aide::openapi::{MediaType, Operation, Response as Documented, SchemaObject, StatusCode as DocumentedStatus};
use aide::operation::OperationOutput;
use axum::body::Bytes;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use schemars::JsonSchema;
use serde::Serialize;

use super::problem::{Problem, ProblemKind};

/// What an answer is made of: a value still to be written, or the bytes stored for an earlier attempt.
#[derive(Clone, Debug)]
enum Content<T> {
    Value(T),
    Stored(Bytes),
}

/// `200` with a JSON body.
#[derive(Clone, Debug)]
pub struct Reply<T> {
    content: Content<T>,
    headers: HeaderMap,
}

impl<T> Reply<T> {
    pub fn new(value: T) -> Self {
        Self { content: Content::Value(value), headers: HeaderMap::new() }
    }

    /// The answer an earlier request with the same Idempotency-Key got. `json` must have come from a `T`.
    pub fn stored(json: impl Into<Bytes>) -> Self {
        Self { content: Content::Stored(json.into()), headers: HeaderMap::new() }
    }

    /// Adds a header; a header may be added several times (`Set-Cookie`).
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.append(name, value);
        self
    }
}

/// `201` with a JSON body and the address of what was created.
#[derive(Clone, Debug)]
pub struct Created<T> {
    content: Content<T>,
    location: HeaderValue,
}

impl<T> Created<T> {
    /// `location` is a path of this origin made of ids, such as `/api/v1/courses/{id}`.
    pub fn new(location: &str, value: T) -> Self {
        Self { content: Content::Value(value), location: location_value(location) }
    }

    /// The answer an earlier request with the same Idempotency-Key got. `json` must have come from a `T`.
    pub fn stored(location: &str, json: impl Into<Bytes>) -> Self {
        Self { content: Content::Stored(json.into()), location: location_value(location) }
    }
}

fn location_value(location: &str) -> HeaderValue {
    HeaderValue::from_str(location).expect("a path made of ids is visible ASCII")
}

/// `204`, nothing to say.
#[derive(Clone, Debug, Default)]
pub struct NoContent {
    headers: HeaderMap,
}

impl NoContent {
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a header; a header may be added several times (`Set-Cookie`).
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.append(name, value);
        self
    }
}

thread_local! {
    /// Long answers grow a buffer several times, copying what is there: it is kept at the size the last ones needed.
    static BUFFER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// More than a page of the longest rows; what grew beyond is given back.
const BUFFER_MAX_BYTES: usize = 256 * 1024;

fn json<T: Serialize>(value: &T) -> serde_json::Result<Bytes> {
    BUFFER.with_borrow_mut(|buffer| {
        buffer.clear();
        buffer.shrink_to(BUFFER_MAX_BYTES);
        serde_json::to_writer(&mut *buffer, value)?;
        Ok(Bytes::copy_from_slice(buffer))
    })
}

fn write<T: Serialize>(status: StatusCode, content: Content<T>, headers: HeaderMap) -> Response {
    let body = match content {
        Content::Stored(bytes) => bytes,
        Content::Value(value) => match json(&value) {
            Ok(bytes) => bytes,
            Err(error) => return Problem::internal(format_args!("writing an answer: {error}")).into_response(),
        },
    };
    let mut response = (status, body).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response.headers_mut().extend(headers);
    response
}

impl<T: Serialize> IntoResponse for Reply<T> {
    fn into_response(self) -> Response {
        write(StatusCode::OK, self.content, self.headers)
    }
}

impl<T: Serialize> IntoResponse for Created<T> {
    fn into_response(self) -> Response {
        let headers = HeaderMap::from_iter([(header::LOCATION, self.location)]);
        write(StatusCode::CREATED, self.content, headers)
    }
}

impl IntoResponse for NoContent {
    fn into_response(self) -> Response {
        let mut response = StatusCode::NO_CONTENT.into_response();
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response.headers_mut().extend(self.headers);
        response
    }
}

type Inferred = Vec<(Option<DocumentedStatus>, Documented)>;

fn documented<T: JsonSchema>(ctx: &mut GenContext, status: u16, description: &str) -> Inferred {
    let json_schema = ctx.schema.subschema_for::<T>();
    let media =
        MediaType { schema: Some(SchemaObject { json_schema, example: None, external_docs: None }), ..MediaType::default() };
    let response = Documented {
        description: description.to_owned(),
        content: [("application/json".to_owned(), media)].into_iter().collect(),
        ..Documented::default()
    };
    vec![(Some(DocumentedStatus::Code(status)), response)]
}

impl<T: JsonSchema> OperationOutput for Reply<T> {
    type Inner = T;

    fn inferred_responses(ctx: &mut GenContext, _: &mut Operation) -> Inferred {
        documented::<T>(ctx, 200, "Done.")
    }
}

impl<T: JsonSchema> OperationOutput for Created<T> {
    type Inner = T;

    fn inferred_responses(ctx: &mut GenContext, _: &mut Operation) -> Inferred {
        documented::<T>(ctx, 201, "Created; `Location` names it.")
    }
}

impl OperationOutput for NoContent {
    type Inner = ();

    fn inferred_responses(_: &mut GenContext, _: &mut Operation) -> Inferred {
        let response = Documented { description: "Done.".to_owned(), ..Documented::default() };
        vec![(Some(DocumentedStatus::Code(204)), response)]
    }
}

/// Problems are documented from `Op::problems` and from what the extractors expect.
impl OperationOutput for Problem {
    type Inner = Problem;
}

impl OperationOutput for ProblemKind {
    type Inner = Problem;
}

impl IntoResponse for ProblemKind {
    fn into_response(self) -> Response {
        Problem::new(self).into_response()
    }
}
