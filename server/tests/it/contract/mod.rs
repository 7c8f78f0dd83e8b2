//! The contract: what Rust checks, what the document says and what the browser's schemas check are the same.

mod generator;
mod response;
mod sample;
mod textual;
mod walk;
mod zod;

use std::{collections::BTreeMap, io::Write as _, path::PathBuf, process::Command};

use pec::api::{SharedOp, lint, openapi_json, router};
use serde_json::Value;

use generator::Generator;
pub use response::assert_response;

/// Equal verdicts are asked for on at least this many values, over all request types of the product together.
const CASES: usize = 100_000;

/// And on this many of each type of the sample.
const SAMPLE_CASES: usize = 10_000;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// A document with its operations: the product's, or the sample that uses every construct.
pub struct Contract {
    name: &'static str,
    document: Value,
    operations: Vec<SharedOp>,
}

impl Contract {
    pub fn product() -> Self {
        let assembled = router(pec::routes::all(), |_, route| route);
        Self { name: "product", document: assembled.document, operations: assembled.operations }
    }

    fn sample() -> Self {
        let assembled = router(sample::apis(), |_, route| route);
        Self { name: "sample", document: assembled.document, operations: assembled.operations }
    }

    /// The operations that take JSON, as their body or as a part of a form, with its schema.
    fn bodies(&self) -> impl Iterator<Item = (&SharedOp, &Value)> {
        self.operations.iter().filter(|op| op.body.is_some()).map(|op| {
            let content = &self.operation(op)["requestBody"]["content"];
            let form = &content["multipart/form-data"];
            let part = form["encoding"].as_object().and_then(|encoding| encoding.keys().next());
            (op, part.map_or(&content["application/json"]["schema"], |part| &form["schema"]["properties"][part]))
        })
    }

    fn operation(&self, op: &SharedOp) -> &Value {
        &self.document["paths"][&op.path][op.method.as_str().to_lowercase()]
    }
}

fn node() -> Command {
    let mut node = Command::new("node");
    node.current_dir(root());
    node
}

#[test]
fn request_types_keep_the_rules_that_make_both_sides_equal() {
    for contract in [Contract::product(), Contract::sample()] {
        assert_eq!(lint(&contract.document), Vec::<String>::new(), "{}", contract.name);
    }
}

#[test]
fn the_committed_contract_is_what_the_code_declares() {
    let committed = std::fs::read_to_string(root().join("shared/openapi.json")).unwrap();
    let declared = openapi_json(&Contract::product().document);
    assert!(committed == declared, "shared/openapi.json is stale: run `cargo xtask contracts`");
    let check = node().args(["scripts/contracts/generate.mjs", "--check"]).output().unwrap();
    assert!(check.status.success(), "{}", String::from_utf8_lossy(&check.stderr));
}

/// Which operations need no token is spelled out here: a new one is a decision, not an accident.
#[test]
fn public_operations_are_a_short_list() {
    let product = Contract::product();
    let public = product.operations.iter().filter(|op| op.access == pec::api::Access::Public).map(|op| op.id);
    let allowed = ["signIn", "refreshSession", "setPassword", "getInstitution"];
    let surplus: Vec<&str> = public.filter(|id| !allowed.contains(id)).collect();
    assert!(surplus.is_empty(), "operations without a token: {surplus:?}");
}

#[test]
fn uploads_alone_have_the_time_that_files_take() {
    let product = Contract::product();
    let uploads: Vec<&str> = product.operations.iter().filter(|op| op.upload).map(|op| op.id).collect();
    assert_eq!(uploads, ["importCatalog"]);
}

#[derive(Default)]
struct Tally {
    accepted: usize,
    refused: usize,
}

/// The same generated values, valid, at the boundary and hostile, to the Rust validator and to the Zod schema of each request type.
#[test]
fn rust_and_zod_give_equal_verdicts() {
    let (product, mut tallies) = (Contract::product(), BTreeMap::new());
    compare(&product, CASES.div_ceil(product.bodies().count()), &mut tallies);
    compare(&Contract::sample(), SAMPLE_CASES, &mut tallies);
    let total: usize = tallies.values().map(|tally: &Tally| tally.accepted + tally.refused).sum();
    // Past libtest's capture: the count is part of the result.
    let mut out = std::io::stderr().lock();
    writeln!(out, "contract: {total} values, equal verdicts of Rust and Zod on all; accepted/refused:").unwrap();
    for (name, Tally { accepted, refused }) in &tallies {
        writeln!(out, "  {name:<32} {accepted:>7} / {refused}").unwrap();
        assert!(*accepted > 100 && *refused > 100, "{name} must see both verdicts often");
    }
    assert!(total >= CASES);
}

fn compare(contract: &Contract, per_type: usize, tallies: &mut BTreeMap<String, Tally>) {
    let mut generator = Generator::new(&contract.document, 20_260_901);
    let mut cases = Vec::with_capacity(per_type);
    for (op, schema) in contract.bodies() {
        cases.extend((0..per_type).map(|_| (op, generator.case(schema))));
    }
    let lines: Vec<String> = cases.iter().map(|(op, value)| format!("{}\t{value}", op.id)).collect();
    let verdicts = zod::verdicts(contract.name, &openapi_json(&contract.document), &lines);
    assert_eq!(verdicts.len(), cases.len());
    for ((op, value), zod) in cases.iter().zip(verdicts) {
        let rust = op.check_body(value.to_string().as_bytes()).unwrap();
        assert_eq!(rust.is_ok(), zod == b'1', "{}: Rust says {rust:?}, Zod says {}: {value}", op.id, zod as char);
        if let Err(problem) = &rust {
            assert!(problem.status().is_client_error(), "{}: {problem}", op.id);
        }
        let tally = tallies.entry(format!("{} ({})", op.id, contract.name)).or_default();
        if rust.is_ok() { tally.accepted += 1 } else { tally.refused += 1 }
    }
}
