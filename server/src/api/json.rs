//! The JSON body of a request.

use std::cell::Cell;

use aide::generate::GenContext;
use aide::openapi::{MediaType, Operation, RequestBody, SchemaObject};
use aide::operation::{OperationInput, set_body};
use axum::body::{Body as HttpBody, Bytes};
use axum::extract::{FromRequest, Request};
use http::{HeaderMap, header};

use super::decode::{Body, decode};
use super::document::expect;
use super::problem::{Problem, ProblemKind};

/// The longest description has 8,000 characters of up to 12 bytes each (`\ud83d\ude00`): this leaves room.
pub const JSON_BODY_MAX_BYTES: usize = 128 * 1024;

/// A body that was read, decoded and checked.
#[derive(Clone, Copy, Debug)]
pub struct Json<T>(pub T);

/// Checks a body without keeping it: what the contract tests compare with the generated schemas.
pub(super) type Validator = fn(&[u8]) -> Result<(), Problem>;

thread_local! {
    /// Where `operation_input` leaves the validator of the operation being described; see `document`.
    static VALIDATOR: Cell<Option<Validator>> = const { Cell::new(None) };
}

pub(super) fn take_validator() -> Option<Validator> {
    VALIDATOR.take()
}

fn check<T: Body>(bytes: &[u8]) -> Result<(), Problem> {
    decode::<T>(bytes).map(drop)
}

impl<T: Body, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        require_json(request.headers())?;
        let bytes = read(request.into_body()).await?;
        decode(&bytes).map(Self)
    }
}

/// `application/json`, alone or with `charset=utf-8`: a form or a text body is how cross-site requests look.
fn require_json(headers: &HeaderMap) -> Result<(), Problem> {
    let mut values = headers.get_all(header::CONTENT_TYPE).iter();
    let (Some(value), None) = (values.next(), values.next()) else {
        return Err(ProblemKind::UnsupportedMediaType.into());
    };
    let value = value.to_str().unwrap_or_default();
    let (essence, parameters) = value.split_once(';').unwrap_or((value, ""));
    let charset = parameters.trim();
    let utf8 =
        charset.is_empty() || charset.eq_ignore_ascii_case("charset=utf-8") || charset.eq_ignore_ascii_case("charset=\"utf-8\"");
    if utf8 && essence.trim().eq_ignore_ascii_case("application/json") {
        return Ok(());
    }
    Err(Problem::new(ProblemKind::UnsupportedMediaType).detail("Send application/json."))
}

async fn read(body: HttpBody) -> Result<Bytes, Problem> {
    axum::body::to_bytes(body, JSON_BODY_MAX_BYTES).await.map_err(|error| {
        let mut cause: Option<&dyn std::error::Error> = Some(&error);
        while let Some(current) = cause {
            if current.is::<http_body_util::LengthLimitError>() {
                return Problem::new(ProblemKind::BodyTooLarge);
            }
            cause = current.source();
        }
        Problem::new(ProblemKind::MalformedJson).detail("The body ended before it was complete.")
    })
}

/// Leaves the check of a body, or of a form's JSON part, for the operation being described.
pub(super) fn accept_body<T: Body>() {
    VALIDATOR.set(Some(check::<T>));
}

fn describe<T: Body>(ctx: &mut GenContext, operation: &mut Operation, required: bool) {
    let json_schema = ctx.schema.subschema_for::<T>();
    let media =
        MediaType { schema: Some(SchemaObject { json_schema, example: None, external_docs: None }), ..MediaType::default() };
    let content = [("application/json".to_owned(), media)].into_iter().collect();
    set_body(ctx, operation, RequestBody { content, required, ..RequestBody::default() });
    expect(
        operation,
        &[ProblemKind::MalformedJson, ProblemKind::BodyTooLarge, ProblemKind::UnsupportedMediaType, ProblemKind::InvalidRequest],
    );
    accept_body::<T>();
}

impl<T: Body> OperationInput for Json<T> {
    fn operation_input(ctx: &mut GenContext, operation: &mut Operation) {
        describe::<T>(ctx, operation, true);
    }
}

/// A body that may be left out altogether; if it is there, it must be right.
#[derive(Clone, Copy, Debug)]
pub struct OptionalJson<T>(pub Option<T>);

impl<T: Body, S: Send + Sync> FromRequest<S> for OptionalJson<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let typed = require_json(request.headers());
        let bytes = read(request.into_body()).await?;
        if bytes.is_empty() {
            return Ok(Self(None));
        }
        typed?;
        decode(&bytes).map(|value| Self(Some(value)))
    }
}

impl<T: Body> OperationInput for OptionalJson<T> {
    fn operation_input(ctx: &mut GenContext, operation: &mut Operation) {
        describe::<T>(ctx, operation, false);
    }
}
