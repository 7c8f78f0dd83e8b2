//! The variable parts of a path.
//!
//! A part that does not even have the form of an id names nothing: that is 404, as for an id nobody has.

use aide::generate::GenContext;
use aide::openapi::{Operation, Parameter, ParameterData, ParameterSchemaOrContent, PathStyle, SchemaObject};
use aide::operation::{OperationInput, add_parameters};
use axum::extract::FromRequestParts;
use http::request::Parts;
use schemars::JsonSchema;
use serde::de::DeserializeOwned;

use super::document::expect;
use super::problem::{Problem, ProblemKind};

/// The path's variable part (`Path<CourseId>`), or several in the order of the template (`Path<(A, B)>`).
#[derive(Clone, Copy, Debug)]
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match axum::extract::Path::<T>::from_request_parts(parts, state).await {
            Ok(axum::extract::Path(value)) => Ok(Self(value)),
            Err(_) => Err(ProblemKind::NotFound.into()),
        }
    }
}

impl<T: JsonSchema> OperationInput for Path<T> {
    /// Leaves one unnamed parameter per part; `document` names them from the template.
    fn operation_input(ctx: &mut GenContext, operation: &mut Operation) {
        let schema = ctx.schema.subschema_for::<T>();
        let parts = match schema.get("prefixItems").and_then(|items| items.as_array()) {
            Some(items) => items.iter().filter_map(|item| item.clone().try_into().ok()).collect(),
            None => vec![schema],
        };
        for (index, json_schema) in parts.into_iter().enumerate() {
            let schema = SchemaObject { json_schema, example: None, external_docs: None };
            let parameter = Parameter::Path {
                parameter_data: ParameterData {
                    name: format!("{index}"),
                    description: None,
                    required: true,
                    deprecated: None,
                    format: ParameterSchemaOrContent::Schema(schema),
                    example: None,
                    examples: Default::default(),
                    explode: None,
                    extensions: Default::default(),
                },
                style: PathStyle::Simple,
            };
            add_parameters(ctx, operation, [parameter]);
        }
        expect(operation, &[ProblemKind::NotFound]);
    }
}
