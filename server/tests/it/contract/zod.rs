//! The other judge: the generated Zod schemas in one Node.js process.

use std::{
    io::{Read as _, Write as _},
    process::Stdio,
    thread,
};

use super::node;

/// Generates the schemas of `document` and returns one verdict (`1`, `0` or `?`) per line `operation<TAB>json`.
pub fn verdicts(name: &str, document: &str, lines: &[String]) -> Vec<u8> {
    let folder = tempfile::Builder::new().prefix(&format!("pec-contract-{name}-")).tempdir().unwrap();
    let source = folder.path().join("openapi.json");
    std::fs::write(&source, document).unwrap();
    let generated = node()
        .args(["scripts/contracts/generate.mjs", "--document"])
        .arg(&source)
        .arg("--out")
        .arg(folder.path())
        .output()
        .expect("node is installed");
    assert!(generated.status.success(), "{}", String::from_utf8_lossy(&generated.stderr));

    let mut judge = node()
        .arg("scripts/contracts/verdicts.mjs")
        .arg(folder.path().join("requests.ts"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("node is installed");
    let mut stdin = judge.stdin.take().unwrap();
    let mut stdout = judge.stdout.take().unwrap();
    let reader = thread::spawn(move || {
        let mut verdicts = Vec::new();
        stdout.read_to_end(&mut verdicts).unwrap();
        verdicts
    });
    for line in lines {
        // A judge that died early is told by its exit status below.
        if stdin.write_all(line.as_bytes()).and_then(|()| stdin.write_all(b"\n")).is_err() {
            break;
        }
    }
    drop(stdin);
    let verdicts = reader.join().unwrap();
    assert!(judge.wait().unwrap().success(), "the Zod judge failed: is `npm ci` done?");
    verdicts
}
