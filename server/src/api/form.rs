//! A form with a file: `multipart/form-data`, read part by part within bounds, with one part of checked JSON.

use aide::generate::GenContext;
use aide::openapi::{Encoding, MediaType, Operation, RequestBody, SchemaObject};
use aide::operation::set_body;
use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{FromRequest, Multipart, Request};
use http::StatusCode;
use serde_json::{Map, Value, json};

use super::decode::{Body, decode_at};
use super::document::expect;
use super::json::accept_body;
use super::problem::{Problem, ProblemKind};

/// The largest file that is taken, by the edge as by whoever reads it.
pub const UPLOAD_MAX_BYTES: usize = 32 * 1024 * 1024;
/// What the parts beside the file may hold, and the lines between them.
const REST_MAX_BYTES: usize = 256 * 1024;
/// The largest form: what the edge lets in.
pub const FORM_MAX_BYTES: usize = UPLOAD_MAX_BYTES + REST_MAX_BYTES;

/// A form on its way in.
pub struct Form(Multipart);

/// One named part of a form.
pub struct Part<'a>(Field<'a>);

impl Form {
    pub async fn open(request: Request) -> Result<Self, Problem> {
        let form = Multipart::from_request(request, &()).await;
        form.map(Self)
            .map_err(|_| Problem::new(ProblemKind::UnsupportedMediaType).detail("Send the file as multipart/form-data."))
    }

    pub async fn next(&mut self) -> Result<Option<Part<'_>>, Problem> {
        Ok(self.0.next_field().await.map_err(|error| unreadable(&error))?.map(Part))
    }
}

impl Part<'_> {
    pub fn name(&self) -> &str {
        self.0.name().unwrap_or_default()
    }

    pub async fn file(self) -> Result<Vec<u8>, Problem> {
        self.bytes(UPLOAD_MAX_BYTES).await
    }

    /// A JSON part, decoded and checked as a JSON body is; pointers begin with the part's name.
    pub async fn json<T: Body>(self) -> Result<T, Problem> {
        let prefix = format!("/{}", self.name());
        decode_at(&prefix, &self.bytes(REST_MAX_BYTES).await?)
    }

    /// A short text. What is no UTF-8 is empty: no form that is right has it.
    pub async fn text(self) -> Result<String, Problem> {
        Ok(String::from_utf8(self.bytes(REST_MAX_BYTES).await?).unwrap_or_default())
    }

    async fn bytes(mut self, max: usize) -> Result<Vec<u8>, Problem> {
        let mut bytes = Vec::new();
        while let Some(chunk) = self.0.chunk().await.map_err(|error| unreadable(&error))? {
            if bytes.len() + chunk.len() > max {
                return Err(ProblemKind::BodyTooLarge.into());
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes)
    }
}

/// The edge's limit shows here as a body that fails; everything else is a form that was cut short or is none.
fn unreadable(error: &MultipartError) -> Problem {
    let mut cause: Option<&dyn std::error::Error> = Some(error);
    let mut limited = error.status() == StatusCode::PAYLOAD_TOO_LARGE;
    while let Some(current) = cause {
        limited |= current.is::<http_body_util::LengthLimitError>();
        cause = current.source();
    }
    if limited {
        return ProblemKind::BodyTooLarge.into();
    }
    Problem::new(ProblemKind::MalformedUpload).detail("The form ended before it was complete, or its parts cannot be told apart.")
}

/// Documents a form: the part `json` holds a `T`, and `others` are its other parts, the required ones first.
pub fn describe_form<T: Body>(
    ctx: &mut GenContext,
    operation: &mut Operation,
    json: &str,
    required: &[(&str, Value)],
    optional: &[(&str, Value)],
) {
    let mut properties = Map::new();
    properties.insert(json.to_owned(), ctx.schema.subschema_for::<T>().to_value());
    let others = required.iter().chain(optional);
    properties.extend(others.map(|(name, schema)| ((*name).to_owned(), schema.clone())));
    let names: Vec<&str> = std::iter::once(json).chain(required.iter().map(|(name, _)| *name)).collect();
    let schema = json!({ "type": "object", "properties": properties, "required": names, "additionalProperties": false });
    let json_schema = schema.try_into().expect("an object is a schema");
    let as_json = Encoding {
        content_type: Some("application/json".to_owned()),
        headers: Default::default(),
        style: None,
        explode: false,
        allow_reserved: false,
        extensions: Default::default(),
    };
    let media = MediaType {
        schema: Some(SchemaObject { json_schema, example: None, external_docs: None }),
        encoding: [(json.to_owned(), as_json)].into_iter().collect(),
        ..MediaType::default()
    };
    let content = [("multipart/form-data".to_owned(), media)].into_iter().collect();
    set_body(ctx, operation, RequestBody { content, required: true, ..RequestBody::default() });
    expect(
        operation,
        &[
            ProblemKind::MalformedJson,
            ProblemKind::MalformedUpload,
            ProblemKind::BodyTooLarge,
            ProblemKind::UnsupportedMediaType,
            ProblemKind::InvalidRequest,
        ],
    );
    accept_body::<T>();
}
