//! Oddities of the text that no parsed value can show, tried on the server's side of every request type.

use pec::api::Problem;

use super::{Contract, generator::Generator};

fn refused(verdict: Option<Result<(), Problem>>, what: &str) {
    let problem = verdict.unwrap().expect_err(what);
    assert!(problem.status().is_client_error(), "{what}: {problem}");
}

#[test]
fn odd_texts_are_refused_and_break_nothing() {
    for contract in [Contract::product(), Contract::sample()] {
        let mut generator = Generator::new(&contract.document, 7);
        for (op, schema) in contract.bodies() {
            for _ in 0..200 {
                let text = generator.value(schema).to_string();
                for odd in oddities(&text) {
                    refused(op.check_body(&odd), &format!("{}: {}", op.id, String::from_utf8_lossy(&odd[..odd.len().min(300)])));
                }
            }
            for end in 0..64 {
                let text = generator.value(schema).to_string();
                refused(op.check_body(&text.as_bytes()[..end.min(text.len() - 1)]), "a body cut short");
            }
        }
    }
}

/// Texts made from a valid object, each of which must be refused.
fn oddities(valid: &str) -> Vec<Vec<u8>> {
    let fields = &valid[1..valid.len() - 1];
    let with = |more: &str| if fields.is_empty() { format!("{{{more}}}") } else { format!("{{{fields},{more}}}") };
    let name = fields.split('"').nth(1).unwrap_or("x");
    let mut texts = vec![
        format!("{{{fields},{fields}}}"),
        with(&format!("\"{name}\":null")),
        with("\"\\ud800\":1"),
        with("\"x\":\"\\udc00\\ud800\""),
        with("\"x\":1e400"),
        with("\"x\":-"),
        with("\"x\":01"),
        with("\"x\":99999999999999999999999999999999999999999"),
        with(""),
        format!("{valid}{valid}"),
        format!("{valid},"),
        format!("[{valid}]"),
        format!("\u{feff}{valid}"),
        format!("{valid}\0"),
        valid.replace('"', "'"),
        format!("{}{valid}{}", "[".repeat(2000), "]".repeat(2000)),
        with(&format!("\"x\":{}", "{\"x\":".repeat(5000))),
        String::new(),
    ];
    // The first number or string of the value, written in a way that no type takes.
    if let Some(at) = valid.find(":\"") {
        texts.push(format!("{}:\"\\u0000{}", &valid[..at], &valid[at + 2..]));
        texts.push(format!("{}:\"\\ud83d{}", &valid[..at], &valid[at + 2..]));
    }
    let mut bytes: Vec<Vec<u8>> = texts.into_iter().map(String::into_bytes).collect();
    bytes.push([valid.as_bytes(), b"\xff"].concat());
    bytes.push(valid.replacen('"', "\"\u{1}", 1).into_bytes());
    bytes
}

#[test]
fn numbers_have_one_spelling() {
    let sample = Contract::sample();
    let (op, schema) = sample.bodies().find(|(op, _)| op.id == "takeEverything").unwrap();
    let mut generator = Generator::new(&sample.document, 11);
    let mut value = generator.value(schema);
    value["semester"] = 7.into();
    let text = value.to_string();
    assert!(op.check_body(text.as_bytes()).unwrap().is_ok(), "{text}");
    for odd in ["7.0", "7e0", "70e-1", "-0", "0x7", "+7", "07", "7.", "\"7\"", "1e400", "NaN", "Infinity", "18446744073709551616"]
    {
        let odd = text.replace("\"semester\":7", &format!("\"semester\":{odd}"));
        refused(op.check_body(odd.as_bytes()), &odd);
    }
}
