#![allow(clippy::unwrap_used)]

use std::sync::Arc;

use super::*;
use crate::crypto::{KeyStore, RootKey};

const PHONE: Field = Field { table: "user_contact", column: "phone_sealed" };

fn keys(dir: &std::path::Path) -> TenantKeys {
    let root = RootKey::open(&dir.join("root.key"), true).unwrap();
    Arc::new(KeyStore::new(dir.join("keys"), &root)).create_tenant(Uuid::now_v7()).unwrap()
}

fn open(bytes: &[u8], keys: &TenantKeys, field: Field, row: Uuid) -> Result<String, KeyError> {
    Sealed::<String>::from_column(bytes.to_vec()).open(keys, field, row)
}

#[test]
fn every_flipped_bit_and_every_cut_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let (keys, row) = (keys(dir.path()), Uuid::now_v7());
    let sealed = Sealed::seal(&keys, PHONE, row, &"+91 172 27 5055".to_owned());
    let whole = sealed.as_column();
    assert_eq!(open(whole, &keys, PHONE, row).unwrap(), "+91 172 27 5055");
    for bit in 0..whole.len() * 8 {
        let mut flipped = whole.to_vec();
        flipped[bit / 8] ^= 1 << (bit % 8);
        assert!(matches!(open(&flipped, &keys, PHONE, row), Err(KeyError::Sealed)), "bit {bit}");
    }
    for len in 0..whole.len() {
        assert!(matches!(open(&whole[..len], &keys, PHONE, row), Err(KeyError::Sealed)), "{len} bytes");
    }
}

#[test]
fn a_value_moved_elsewhere_does_not_open() {
    let (dir, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (keys, theirs, row) = (keys(dir.path()), keys(other.path()), Uuid::now_v7());
    let sealed = Sealed::seal(&keys, PHONE, row, &"secret".to_owned());
    let refused = |keys: &TenantKeys, field: Field, row: Uuid| {
        assert!(matches!(open(sealed.as_column(), keys, field, row), Err(KeyError::Sealed)), "{}.{}", field.table, field.column);
    };
    refused(&theirs, PHONE, row);
    refused(&keys, Field { column: "personal_email_sealed", ..PHONE }, row);
    refused(&keys, Field { table: "student_profile", ..PHONE }, row);
    // The same letters, divided differently between table and column.
    refused(&keys, Field { table: "user_contactphone_", column: "sealed" }, row);
    refused(&keys, PHONE, Uuid::now_v7());
}

#[test]
fn two_seals_of_one_value_differ() {
    let dir = tempfile::tempdir().unwrap();
    let (keys, row) = (keys(dir.path()), Uuid::now_v7());
    let seal = || Sealed::seal(&keys, PHONE, row, &"secret".to_owned());
    assert_ne!(seal().as_column(), seal().as_column());
}

#[test]
fn a_personal_value_of_the_audit_trail_is_bound_to_person_row_and_name() {
    let dir = tempfile::tempdir().unwrap();
    let keys = keys(dir.path());
    let (person, neighbor, audit) = (Uuid::now_v7(), Uuid::now_v7(), Uuid::now_v7());
    let sealed = crate::crypto::seal_personal(&keys, person, audit, "email", &serde_json::json!("a@b.example")).unwrap();
    let bytes = base64::Engine::decode(&base64::engine::general_purpose::STANDARD_NO_PAD, sealed).unwrap();
    let opens = |subject: Uuid, audit: Uuid, name: &str| {
        let mut aad = audit.as_bytes().to_vec();
        aad.extend_from_slice(name.as_bytes());
        crate::crypto::keys::open(&keys.subject(subject).unwrap(), &aad, &bytes).is_ok()
    };
    assert!(opens(person, audit, "email"));
    assert!(!opens(neighbor, audit, "email"));
    assert!(!opens(person, Uuid::now_v7(), "email"));
    assert!(!opens(person, audit, "name"));
}
