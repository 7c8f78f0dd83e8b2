//! Collects the OpenAPI 3.1 document while operations are assembled.
//!
//! Request types are described as they are read and response types as they are written, with a generator
//! each: an `Option` may be left out of a request but is always there, perhaps null, in a response. A type
//! used both ways must therefore look the same both ways, or it has to be two types.

use std::collections::BTreeMap;

use aide::generate::in_context;
use aide::openapi::{Operation, ReferenceOr};
use aide::operation::{OperationInput, OperationOutput};
use schemars::generate::SchemaSettings;
use schemars::{Schema, SchemaGenerator};
use serde_json::{Map, Value, json};

use super::json::{Validator, take_validator};
use super::normalize::{normalize, sort, strip_optional_nulls};
use super::operation::{Access, Audit, Module, Op};
use super::problem::{Problem, ProblemKind};

const COMPONENTS: &str = "/components/schemas";
const EXPECTED: &str = "x-pec-problems";

/// Reads an operation's argument and return types; instantiated per handler by `Api::op`.
pub(super) type Describe = fn(&mut Generators, &mut Operation) -> Option<Validator>;

/// One schema generator per direction.
pub(super) struct Generators {
    requests: SchemaGenerator,
    responses: SchemaGenerator,
}

impl Generators {
    fn new() -> Self {
        let settings = || SchemaSettings::draft2020_12().with(|s| s.definitions_path = COMPONENTS.into());
        Self { requests: settings().for_deserialize().into_generator(), responses: settings().for_serialize().into_generator() }
    }
}

pub(super) fn describe<I: OperationInput, O: OperationOutput>(
    generators: &mut Generators,
    operation: &mut Operation,
) -> Option<Validator> {
    take_validator();
    in_context(|ctx| {
        std::mem::swap(&mut ctx.schema, &mut generators.requests);
        I::operation_input(ctx, operation);
        std::mem::swap(&mut ctx.schema, &mut generators.requests);
        std::mem::swap(&mut ctx.schema, &mut generators.responses);
        for (status, response) in O::inferred_responses(ctx, operation) {
            let responses = operation.responses.get_or_insert_default();
            if let Some(status) = status {
                responses.responses.insert(status, ReferenceOr::Item(response));
            }
        }
        std::mem::swap(&mut ctx.schema, &mut generators.responses);
    });
    take_validator()
}

/// Notes that an extractor of this operation may answer with these problems.
pub(super) fn expect(operation: &mut Operation, kinds: &[ProblemKind]) {
    let known = operation.extensions.entry(EXPECTED.to_owned()).or_insert_with(|| json!([]));
    if let Value::Array(list) = known {
        list.extend(kinds.iter().map(|kind| Value::from(kind.slug())));
    }
}

/// The document under construction.
pub(super) struct Document {
    generators: Generators,
    paths: BTreeMap<String, Map<String, Value>>,
    ids: BTreeMap<&'static str, String>,
}

impl Document {
    pub(super) fn new() -> Self {
        Self { generators: Generators::new(), paths: BTreeMap::new(), ids: BTreeMap::new() }
    }

    /// Adds an operation and returns the check of its body.
    pub(super) fn add(&mut self, op: &Op, module: Module, path: &str, describe: Describe) -> Option<Validator> {
        if let Some(other) = self.ids.insert(op.id, path.to_owned()) {
            panic!("operation id {} is used by {other} and by {path}", op.id);
        }
        let mut operation = Operation {
            operation_id: Some(op.id.to_owned()),
            summary: Some(op.summary.to_owned()).filter(|summary| !summary.is_empty()),
            tags: vec![module.name().to_owned()],
            ..Operation::default()
        };
        let validator = describe(&mut self.generators, &mut operation);
        expect(&mut operation, &op.problems);
        expect(&mut operation, access_problems(op.access));
        if op.method != http::Method::GET {
            expect(&mut operation, &[ProblemKind::CrossSite]);
        }
        expect(&mut operation, &[ProblemKind::Internal, ProblemKind::Busy, ProblemKind::Timeout]);
        let mut value = serde_json::to_value(operation).expect("aide's types are plain data");
        name_path_parameters(&mut value, path);
        declare(&mut value, op, module);
        let methods = self.paths.entry(path.to_owned()).or_default();
        methods.insert(op.method.as_str().to_lowercase(), value);
        validator
    }

    pub(super) fn finish(mut self) -> Value {
        self.generators.responses.subschema_for::<Problem>();
        let mut schemas = self.generators.requests.take_definitions(true);
        for (name, mut response) in self.generators.responses.take_definitions(true) {
            if let Ok(schema) = <&mut Schema>::try_from(&mut response) {
                strip_optional_nulls(schema);
            }
            match schemas.get(&name) {
                Some(request) if *request != response => {
                    panic!("{name} looks different as a request and as a response: make it two types")
                }
                _ => schemas.insert(name, response),
            };
        }
        let mut document = json!({
            "openapi": "3.1.0",
            "info": {
                "title": "PEC App",
                "version": "1",
                "description": DESCRIPTION,
                "license": { "name": "AGPL-3.0-only", "identifier": "AGPL-3.0-only" },
            },
            "security": [{ "session": [] }, { "bearer": [] }],
            "paths": self.paths,
            "components": {
                "schemas": schemas,
                "securitySchemes": {
                    "session": { "type": "apiKey", "in": "cookie", "name": "__Host-pec_at" },
                    "bearer": { "type": "http", "scheme": "bearer", "bearerFormat": "JWT" },
                },
            },
        });
        normalize(&mut document);
        sort(&mut document);
        document
    }
}

const DESCRIPTION: &str = "The campus platform's API. Refusals are RFC 9457 problems; lists are pages with an opaque \
cursor; ids are UUIDv7. Browsers authenticate by cookie and send `x-pec-request: 1` with every mutation.";

fn access_problems(access: Access) -> &'static [ProblemKind] {
    match access {
        Access::Public => &[],
        Access::Signed => &[ProblemKind::Unauthenticated, ProblemKind::TokenExpired],
        Access::Roles(_) => &[ProblemKind::Unauthenticated, ProblemKind::TokenExpired, ProblemKind::Forbidden],
    }
}

/// Gives path parameters that are known by position only the names of the template, and checks the others.
fn name_path_parameters(operation: &mut Value, path: &str) {
    let names: Vec<&str> = path.split(['{', '}']).skip(1).step_by(2).collect();
    let parameters = operation.get_mut("parameters").and_then(Value::as_array_mut);
    let mut taken = Vec::new();
    for parameter in parameters.into_iter().flatten().filter(|parameter| parameter["in"] == "path") {
        let given = parameter["name"].as_str().unwrap_or_default();
        let name = given.parse().map_or(given, |at: usize| names.get(at).copied().unwrap_or_default()).to_owned();
        parameter["name"] = name.as_str().into();
        taken.push(name);
    }
    taken.sort_unstable();
    let mut expected = names;
    expected.sort_unstable();
    assert!(taken == expected, "{path}: the handler takes {taken:?}");
}

/// Writes what the declaration says into the operation: access, audit, and one response per problem status.
fn declare(operation: &mut Value, op: &Op, module: Module) {
    operation["x-pec-module"] = module.name().into();
    operation["x-pec-access"] = match op.access {
        Access::Public => "public".into(),
        Access::Signed => "signed".into(),
        Access::Roles(roles) => roles.iter().map(|role| role.as_str()).collect(),
    };
    if op.access == Access::Public {
        operation["security"] = json!([]);
    }
    match op.audit {
        Audit::Read => {}
        Audit::Action(action) => operation["x-pec-action"] = action.into(),
        Audit::Exempt(reason) => operation["x-pec-audit-exempt"] = reason.into(),
    }
    let expected = operation[EXPECTED].take();
    let slugs: Vec<&str> = expected.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let mut by_status: BTreeMap<u16, Vec<&str>> = BTreeMap::new();
    for kind in ProblemKind::ALL.iter().filter(|kind| slugs.contains(&kind.slug())) {
        by_status.entry(kind.status().as_u16()).or_default().push(kind.slug());
    }
    for (status, slugs) in by_status {
        operation["responses"][status.to_string()] = json!({
            "description": slugs.join(", "),
            "content": { "application/problem+json": { "schema": { "$ref": format!("#{COMPONENTS}/Problem") } } },
        });
    }
    let mut all: Vec<&str> = slugs;
    all.sort_unstable();
    all.dedup();
    operation[EXPECTED] = all.into();
}

/// Prints the document the one way it is committed: keys sorted, two spaces, a line end at the end.
pub fn openapi_json(document: &Value) -> String {
    let mut text = serde_json::to_string_pretty(document).expect("a JSON value can be printed");
    text.push('\n');
    text
}
