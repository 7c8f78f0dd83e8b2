//! The `Idempotency-Key` header: one key per intent of the user, so that a retry cannot act twice.

use aide::generate::GenContext;
use aide::openapi::{HeaderStyle, Operation, Parameter, ParameterData, ParameterSchemaOrContent, SchemaObject};
use aide::operation::{OperationInput, add_parameters};
use axum::extract::FromRequestParts;
use http::request::Parts;
use schemars::json_schema;

use super::document::expect;
use super::problem::{Problem, ProblemKind};

const NAME: &str = "idempotency-key";

/// A key of 8 to 80 visible ASCII characters, as the client sent it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct IdempotencyKey(String);

impl IdempotencyKey {
    pub fn parse(value: &str) -> Option<Self> {
        let visible = value.bytes().all(|byte| byte.is_ascii_graphic());
        ((8..=80).contains(&value.len()) && visible).then(|| Self(value.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<S: Send + Sync> FromRequestParts<S> for IdempotencyKey {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let mut values = parts.headers.get_all(NAME).iter();
        let only = match (values.next(), values.next()) {
            (Some(value), None) => value.to_str().ok().and_then(Self::parse),
            _ => None,
        };
        only.ok_or_else(|| {
            Problem::new(ProblemKind::IdempotencyKeyRequired)
                .detail("Send one Idempotency-Key header of 8 to 80 visible ASCII characters.")
        })
    }
}

impl OperationInput for IdempotencyKey {
    fn operation_input(ctx: &mut GenContext, operation: &mut Operation) {
        let json_schema = json_schema!({
            "type": "string",
            "minLength": 8,
            "maxLength": 80,
            "pattern": "^[\\x21-\\x7e]*$",
        });
        let schema = SchemaObject { json_schema, example: None, external_docs: None };
        let parameter = Parameter::Header {
            parameter_data: ParameterData {
                name: "Idempotency-Key".to_owned(),
                description: Some("One per intent of the user; a retry sends the same.".to_owned()),
                required: true,
                deprecated: None,
                format: ParameterSchemaOrContent::Schema(schema),
                example: None,
                examples: Default::default(),
                explode: None,
                extensions: Default::default(),
            },
            style: HeaderStyle::Simple,
        };
        add_parameters(ctx, operation, [parameter]);
        expect(
            operation,
            &[ProblemKind::IdempotencyKeyRequired, ProblemKind::IdempotencyMismatch, ProblemKind::IdempotencyInProgress],
        );
    }
}
