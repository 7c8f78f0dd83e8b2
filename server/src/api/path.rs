//! The variable parts of a path.
//!
//! A part that does not even have the form of an id names nothing: that is 404, as for an id nobody has.

use aide::generate::GenContext;
use aide::openapi::{Operation, Parameter, ParameterData, ParameterSchemaOrContent, PathStyle, SchemaObject};
use aide::operation::{OperationInput, add_parameters};
use axum::extract::FromRequestParts;
use http::request::Parts;
use schemars::{JsonSchema, Schema};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::document::expect;
use super::problem::{Problem, ProblemKind};

/// The path's variable part (`Path<CourseId>`), several in the order of the template (`Path<(A, B)>`), or a struct
/// whose fields have the names in the template.
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
    /// A struct brings the names of its fields; a tuple or a single part is named by `document` from the template.
    fn operation_input(ctx: &mut GenContext, operation: &mut Operation) {
        let schema = T::json_schema(&mut ctx.schema);
        let named = schema.get("properties").and_then(Value::as_object);
        let listed = schema.get("prefixItems").and_then(Value::as_array);
        let parts: Vec<(String, Value)> = match (named, listed) {
            (Some(fields), _) => fields.clone().into_iter().collect(),
            (None, Some(items)) => items.iter().cloned().enumerate().map(|(at, item)| (at.to_string(), item)).collect(),
            (None, None) => vec![("0".to_owned(), ctx.schema.subschema_for::<T>().to_value())],
        };
        for (name, part) in parts {
            let json_schema = part.try_into().expect("a part of a schema is a schema");
            add_parameters(ctx, operation, [parameter(name, json_schema)]);
        }
        expect(operation, &[ProblemKind::NotFound]);
    }
}

fn parameter(name: String, json_schema: Schema) -> Parameter {
    let schema = SchemaObject { json_schema, example: None, external_docs: None };
    Parameter::Path {
        parameter_data: ParameterData {
            name,
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
    }
}
