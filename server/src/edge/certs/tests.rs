use std::os::unix::fs::PermissionsExt;

use chrono::TimeZone;

use super::*;

fn at(year: i32, month: u32, day: u32) -> DateTime<Utc> {
    Utc.with_ymd_and_hms(year, month, day, 15, 4, 5).single().expect("a date")
}

fn ca_of(tls: &LocalTls) -> CertificateDer<'static> {
    let text = std::fs::read(&tls.ca_pem_path).expect("ca.pem");
    certificates(&text, &tls.ca_pem_path).expect("PEM").remove(0)
}

fn accepts(tls: &LocalTls, name: &str, now: DateTime<Utc>) -> bool {
    let pair = Pair { cert_chain: tls.cert_chain.clone(), key: tls.key.clone_key() };
    vouches(&ca_of(tls), &pair, &[name.to_owned()], now)
}

#[test]
fn the_first_start_makes_a_chain_that_verifies() {
    let dir = tempfile::tempdir().expect("temporary directory");
    let now = at(2026, 9, 1);
    let tls = load_or_create(dir.path(), &["third.localhost", "www.example.org"], now).expect("made");
    assert_eq!(tls.authority, Authority::Made);
    for name in ["localhost", "demo.localhost", "second.localhost", "third.localhost", "127.0.0.1", "::1"] {
        assert!(accepts(&tls, name, now), "{name}");
    }
    for name in ["example.org", "www.example.org", "127.0.0.2", "x.localhost"] {
        assert!(!accepts(&tls, name, now), "{name}");
    }
    for (name, mode) in [("ca.pem", 0o644), ("ca-key.pem", 0o600), ("server.pem", 0o600)] {
        let found = std::fs::metadata(dir.path().join(name)).expect(name).permissions().mode();
        assert_eq!(found & 0o777, mode, "{name}");
    }
}

#[test]
fn the_authority_can_vouch_for_nothing_else() {
    let dir = tempfile::tempdir().expect("temporary directory");
    let now = at(2026, 9, 1);
    let tls = load_or_create(dir.path(), &[], now).expect("made");
    let key = std::fs::read_to_string(dir.path().join("ca-key.pem")).expect("key");
    let names = vec!["bank.example".to_owned()];
    let forged = issue::leaf(&ca_of(&tls), &key, &names, now).expect("signing itself works");
    let path = Path::new("forged");
    let pair = files::parse_pair(forged.as_bytes(), path, forged.as_bytes(), path).expect("a pair");
    assert!(!vouches(&ca_of(&tls), &pair, &names, now), "name constraints must refuse it");
}

#[test]
fn later_starts_change_nothing() {
    let dir = tempfile::tempdir().expect("temporary directory");
    let first = load_or_create(dir.path(), &[], at(2026, 9, 1)).expect("made");
    let ca = ca_of(&first);
    let again = load_or_create(dir.path(), &[], at(2027, 8, 1)).expect("loaded");
    assert_eq!(again.authority, Authority::Known);
    assert_eq!(again.cert_chain, first.cert_chain);
    assert_eq!(ca_of(&again), ca);
}

#[test]
fn an_old_or_narrow_certificate_is_renewed_under_the_same_authority() {
    let dir = tempfile::tempdir().expect("temporary directory");
    let first = load_or_create(dir.path(), &[], at(2026, 9, 1)).expect("made");
    let ca = ca_of(&first);
    let soon = at(2027, 9, 10);
    let renewed = load_or_create(dir.path(), &[], soon).expect("renewed");
    assert_ne!(renewed.cert_chain, first.cert_chain, "fewer than 30 days were left");
    assert!(renewed.authority == Authority::Known && accepts(&renewed, "demo.localhost", soon));
    let wider = load_or_create(dir.path(), &["new.localhost"], soon).expect("widened");
    assert_ne!(wider.cert_chain, renewed.cert_chain);
    let much_later = at(2030, 1, 1);
    let expired = load_or_create(dir.path(), &[], much_later).expect("renewed long after it ended");
    assert!(accepts(&expired, "localhost", much_later));
    assert_eq!(ca_of(&expired), ca);
    std::fs::write(dir.path().join("server.pem"), "nonsense").expect("write");
    let repaired = load_or_create(dir.path(), &[], much_later).expect("replaced");
    assert!(accepts(&repaired, "localhost", much_later));
    assert_eq!(ca_of(&repaired), ca);
}

#[test]
fn an_authority_that_ends_or_lost_its_key_is_replaced_and_said_to_be_new() {
    let dir = tempfile::tempdir().expect("temporary directory");
    let first = load_or_create(dir.path(), &[], at(2026, 9, 1)).expect("made");
    let ca = ca_of(&first);
    let late = at(2036, 3, 1);
    let second = load_or_create(dir.path(), &[], late).expect("replaced");
    assert_eq!(second.authority, Authority::Replaced);
    assert_ne!(ca_of(&second), ca);
    std::fs::remove_file(dir.path().join("ca-key.pem")).expect("lost");
    assert_eq!(load_or_create(dir.path(), &[], late).expect("not needed yet").authority, Authority::Known);
    let third = load_or_create(dir.path(), &["x.localhost", "y.localhost"], late).expect("replaced");
    assert!(third.authority == Authority::Replaced && accepts(&third, "y.localhost", late));
}

#[test]
fn no_certificate_outlives_what_browsers_accept() {
    let dir = tempfile::tempdir().expect("temporary directory");
    let now = at(2026, 9, 1);
    let tls = load_or_create(dir.path(), &[], now).expect("made");
    let (_, leaf) = x509_parser::parse_x509_certificate(&tls.cert_chain[0]).expect("parsed");
    let days = (leaf.validity().not_after.timestamp() - leaf.validity().not_before.timestamp()) / 86_400;
    assert!((390..=397).contains(&days), "{days}");
    assert!(leaf.validity().not_before.timestamp() < now.timestamp());
}

#[test]
fn foreign_files_are_errors_that_name_the_file() {
    let dir = tempfile::tempdir().expect("temporary directory");
    let now = at(2026, 9, 1);
    std::fs::write(dir.path().join("ca.pem"), "hello").expect("write");
    let error = load_or_create(dir.path(), &[], now).expect_err("not a certificate");
    assert!(error.to_string().contains("ca.pem"), "{error}");
}

#[test]
fn a_production_pair_must_belong_together() {
    let (one, two) = (tempfile::tempdir().expect("one"), tempfile::tempdir().expect("two"));
    for dir in [&one, &two] {
        load_or_create(dir.path(), &[], at(2026, 9, 1)).expect("made");
    }
    let (cert, other) = (one.path().join("server.pem"), two.path().join("server.pem"));
    assert_eq!(load_pem(&cert, &cert).expect("a pair").cert_chain.len(), 1);
    assert!(matches!(load_pem(&cert, &other), Err(CertError::Mismatch { .. })));
    assert!(matches!(load_pem(&one.path().join("ca.pem"), &one.path().join("ca.pem")), Err(CertError::Damaged { .. })));
    assert!(matches!(load_pem(Path::new("/nowhere"), &cert), Err(CertError::Io { .. })));
}
