use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};
use uuid::Uuid;

use super::*;

const NOW: i64 = 1_800_000_000;
const SECRET: [u8; 32] = [7; 32];
const OLD_SECRET: [u8; 32] = [8; 32];
/// A UUIDv7 that is easy to tell apart: ids of any other form are refused.
const fn id(n: u128) -> Uuid {
    Uuid::from_u128(0x0193_0000_0000_7000_8000_0000_0000_0000 + n)
}

const TENANT: TenantId = TenantId(id(1));
const EXPECTED: Expected<'_> = Expected { iss: "https://demo.localhost", aud: "pec-api", tenant: TENANT };

fn keyring() -> Keyring {
    Keyring::new(("k2", &SECRET), &[("k1", &OLD_SECRET)]).unwrap()
}

fn claims() -> Claims {
    Claims {
        user: UserId(id(2)),
        tenant: TENANT,
        role: Role::Student,
        roles: [Role::Student, Role::Faculty].into_iter().collect(),
        session: SessionId(id(3)),
        auth_time: NOW - 1000,
        methods: vec![AuthMethod::Password],
        epoch: 4,
        issued_at: NOW,
        expires_at: NOW + ACCESS_TTL_S,
    }
}

fn issue(claims: &Claims) -> String {
    keyring().issue(claims, EXPECTED.iss, EXPECTED.aud)
}

fn verify(token: &str) -> Result<Claims, TokenError> {
    keyring().verify(token, NOW, &EXPECTED)
}

fn good_payload() -> Value {
    json!({
        "iss": EXPECTED.iss, "aud": EXPECTED.aud, "sub": id(2), "tenant": TENANT,
        "role": "student", "roles": ["faculty", "student"], "sid": id(3),
        "auth_time": NOW - 1000, "amr": ["pwd"], "epoch": 4, "iat": NOW, "exp": NOW + ACCESS_TTL_S,
    })
}

/// A token with any header and payload, properly signed with `secret`: what someone would send who had the
/// key, or hoped that the header decides which key and algorithm are used.
fn forge(header: &str, payload: &str, secret: &[u8]) -> String {
    let message = format!("{}.{}", B64.encode(header), B64.encode(payload));
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret);
    let signature = hmac::sign(&key, message.as_bytes());
    format!("{message}.{}", B64.encode(signature))
}

const GOOD_HEADER: &str = r#"{"alg":"HS256","kid":"k2","typ":"at+jwt"}"#;

#[test]
fn what_is_issued_verifies_to_the_same_claims() {
    assert_eq!(verify(&issue(&claims())), Ok(claims()));
    // The forger of the tests below really produces acceptable tokens when nothing is wrong with them.
    let same = forge(GOOD_HEADER, &good_payload().to_string(), &SECRET);
    assert_eq!(verify(&same), Ok(claims()));
}

#[test]
fn another_implementation_agrees() {
    let mut validation = jsonwebtoken::Validation::new(Algorithm::HS256);
    validation.set_audience(&[EXPECTED.aud]);
    validation.set_issuer(&[EXPECTED.iss]);
    validation.validate_exp = false;
    let key = jsonwebtoken::DecodingKey::from_secret(&SECRET);
    let data = jsonwebtoken::decode::<Value>(issue(&claims()), &key, &validation).unwrap();
    assert_eq!(data.claims, good_payload());
    assert_eq!(data.header.typ.as_deref(), Some("at+jwt"));
    assert_eq!(data.header.kid.as_deref(), Some("k2"));
}

#[test]
fn a_previous_key_verifies_until_it_is_dropped_and_never_signs() {
    let before = Keyring::new(("k1", &OLD_SECRET), &[]).unwrap();
    let token = before.issue(&claims(), EXPECTED.iss, EXPECTED.aud);
    assert_eq!(verify(&token), Ok(claims()));
    let after = Keyring::new(("k2", &SECRET), &[]).unwrap();
    assert_eq!(after.verify(&token, NOW, &EXPECTED), Err(TokenError::UnknownKey));
    assert!(after.verify(&issue(&claims()), NOW, &EXPECTED).is_ok());
}

#[test]
fn hostile_headers_are_refused_even_when_correctly_signed() {
    let table = [
        (r#"{"alg":"none","typ":"at+jwt"}"#, TokenError::Algorithm),
        (r#"{"alg":"none","kid":"k2","typ":"at+jwt"}"#, TokenError::Algorithm),
        (r#"{"alg":"NONE","kid":"k2","typ":"at+jwt"}"#, TokenError::Algorithm),
        (r#"{"alg":"hs256","kid":"k2","typ":"at+jwt"}"#, TokenError::Algorithm),
        (r#"{"alg":"HS384","kid":"k2","typ":"at+jwt"}"#, TokenError::Algorithm),
        (r#"{"alg":"HS512","kid":"k2","typ":"at+jwt"}"#, TokenError::Algorithm),
        (r#"{"alg":"RS256","kid":"k2","typ":"at+jwt"}"#, TokenError::Algorithm),
        (r#"{"kid":"k2","typ":"at+jwt"}"#, TokenError::Algorithm),
        (r#"{"alg":["HS256"],"kid":"k2","typ":"at+jwt"}"#, TokenError::Algorithm),
        (r#"{"alg":"HS256","kid":"k2","typ":"JWT"}"#, TokenError::Type),
        (r#"{"alg":"HS256","kid":"k2","typ":"AT+JWT"}"#, TokenError::Type),
        (r#"{"alg":"HS256","kid":"k2","typ":"application/at+jwt"}"#, TokenError::Type),
        (r#"{"alg":"HS256","kid":"k2"}"#, TokenError::Type),
        (r#"{"alg":"HS256","kid":"k3","typ":"at+jwt"}"#, TokenError::UnknownKey),
        (r#"{"alg":"HS256","kid":"","typ":"at+jwt"}"#, TokenError::UnknownKey),
        (r#"{"alg":"HS256","typ":"at+jwt"}"#, TokenError::UnknownKey),
        (r#"{"alg":"HS256","kid":"../../dev/null","typ":"at+jwt"}"#, TokenError::UnknownKey),
        (r#"{"alg":"HS256","kid":"k2","typ":"at+jwt","jwk":{"kty":"oct","k":"BwcH"}}"#, TokenError::Header),
        (r#"{"alg":"HS256","kid":"k2","typ":"at+jwt","jku":"https://evil.test/k"}"#, TokenError::Header),
        (r#"{"alg":"HS256","kid":"k2","typ":"at+jwt","x5u":"https://evil.test/k"}"#, TokenError::Header),
        (r#"{"alg":"HS256","kid":"k2","typ":"at+jwt","x5c":["MIIB"]}"#, TokenError::Header),
        (r#"{"alg":"HS256","kid":"k2","typ":"at+jwt","crit":["exp"]}"#, TokenError::Header),
        (r#"{"alg":"HS256","kid":"k2","typ":"at+jwt","cty":"JWT"}"#, TokenError::Header),
        (r#"{"alg":"HS256","kid":"k2","typ":"at+jwt","zip":"DEF"}"#, TokenError::Header),
        (r#"{"alg":"none","alg":"HS256","kid":"k2","typ":"at+jwt"}"#, TokenError::Header),
        (r#"{"alg":"HS256","kid":"k2","typ":"at+jwt"} "#, TokenError::Header),
        ("[]", TokenError::Algorithm),
        ("not json", TokenError::Malformed),
        ("", TokenError::Malformed),
    ];
    for (header, expected) in table {
        let token = forge(header, &good_payload().to_string(), &SECRET);
        assert_eq!(verify(&token), Err(expected), "{header}");
    }
}

#[test]
fn tokens_other_software_signs_with_other_algorithms_are_refused() {
    for algorithm in [Algorithm::HS384, Algorithm::HS512] {
        let mut header = Header::new(algorithm);
        header.typ = Some("at+jwt".into());
        header.kid = Some("k2".into());
        let key = EncodingKey::from_secret(&SECRET);
        let token = jsonwebtoken::encode(&header, &good_payload(), &key).unwrap();
        assert_eq!(verify(&token), Err(TokenError::Algorithm));
    }
}

#[test]
fn an_unsigned_or_resigned_token_is_refused() {
    let token = issue(&claims());
    let (message, signature) = token.rsplit_once('.').unwrap();
    let zeros = "A".repeat(SIGNATURE_CHARS);
    for other in ["", "A", zeros.as_str(), &signature[1..], &format!("{signature}="), &format!("{signature}A")] {
        assert_eq!(verify(&format!("{message}.{other}")), Err(TokenError::Signature), "{other}");
    }
    assert_eq!(verify(&forge(GOOD_HEADER, &good_payload().to_string(), &OLD_SECRET)), Err(TokenError::Signature));
    assert_eq!(verify(&forge(GOOD_HEADER, &good_payload().to_string(), b"")), Err(TokenError::Signature));
    // The last character's unused bits: another spelling of the same signature is not the same token.
    let last = signature.chars().last().unwrap();
    let next = char::from_u32(last as u32 + 1).unwrap();
    let respelled = format!("{message}.{}{next}", &signature[..SIGNATURE_CHARS - 1]);
    assert_eq!(verify(&respelled), Err(TokenError::Signature));
}

#[test]
fn no_changed_character_and_no_truncation_survives() {
    let token = issue(&claims());
    for position in 0..token.len() {
        let mut bytes = token.clone().into_bytes();
        bytes[position] = if bytes[position] == b'A' { b'B' } else { b'A' };
        assert!(verify(std::str::from_utf8(&bytes).unwrap()).is_err(), "changed at {position}");
        assert!(verify(&token[..position]).is_err(), "cut at {position}");
    }
}

#[test]
fn shapes_that_are_no_token() {
    for text in ["", ".", "..", "...", "a.b", "a.b.c", "a.b.c.d", "null", "é.é.é", "\0.\0.\0"] {
        assert!(verify(text).is_err(), "{text:?}");
    }
    let token = issue(&claims());
    assert!(verify(&format!(" {token}")).is_err());
    assert!(verify(&format!("{token}.")).is_err());
    assert!(verify(&format!("{token}.{token}")).is_err());
    assert_eq!(verify(&"a".repeat(MAX_TOKEN_BYTES + 1)), Err(TokenError::TooLong));
    assert_eq!(verify(&".".repeat(1_000_000)), Err(TokenError::TooLong));
    let refresh = crate::auth::RefreshToken::generate();
    assert_eq!(verify(&refresh.reveal()), Err(TokenError::RefreshToken));
}

#[test]
fn wrong_or_surplus_claims_are_refused_even_when_correctly_signed() {
    let uuid = id(9);
    let changes = [
        ("iss", json!("https://second.localhost"), TokenError::Issuer),
        ("iss", json!("https://demo.localhost/"), TokenError::Issuer),
        ("iss", Value::Null, TokenError::Claims),
        ("aud", json!("other-api"), TokenError::Audience),
        ("aud", json!(["pec-api", "other"]), TokenError::Claims),
        ("tenant", json!(uuid), TokenError::Tenant),
        ("tenant", json!("demo"), TokenError::Claims),
        ("sub", json!(7), TokenError::Claims),
        ("role", json!("admin"), TokenError::Claims),
        ("role", json!("root"), TokenError::Claims),
        ("role", json!(["student"]), TokenError::Claims),
        ("roles", json!([]), TokenError::Claims),
        ("roles", json!(["student", "student"]), TokenError::Claims),
        ("epoch", json!("4"), TokenError::Claims),
        ("epoch", json!(1e40), TokenError::Claims),
        ("exp", json!(NOW as f64 + 10.5), TokenError::Claims),
        ("exp", json!((NOW + 100).to_string()), TokenError::Claims),
        ("exp", json!(NOW), TokenError::Dates),
        ("exp", json!(NOW + ACCESS_TTL_S + 1), TokenError::Dates),
        ("exp", json!(i64::MAX), TokenError::Dates),
        ("iat", json!(i64::MIN), TokenError::Dates),
        ("iat", json!(NOW + LEEWAY_S + 1), TokenError::Dates),
        ("auth_time", json!(NOW + LEEWAY_S + 1), TokenError::Dates),
        ("nbf", json!(NOW), TokenError::Claims),
        ("admin", json!(true), TokenError::Claims),
    ];
    for (name, value, expected) in changes {
        let mut payload = good_payload();
        payload[name] = value;
        let token = forge(GOOD_HEADER, &payload.to_string(), &SECRET);
        assert_eq!(verify(&token), Err(expected), "{name}: {}", payload[name]);
    }
}

#[test]
fn every_claim_is_required_and_none_may_appear_twice() {
    let good = good_payload();
    for name in good.as_object().unwrap().keys() {
        let mut payload = good.clone();
        payload.as_object_mut().unwrap().remove(name);
        assert_eq!(verify(&forge(GOOD_HEADER, &payload.to_string(), &SECRET)), Err(TokenError::Claims), "{name}");
        let text = good.to_string();
        let twice = format!(r#"{{"{name}":{},{}"#, good[name], &text[1..]);
        assert_eq!(verify(&forge(GOOD_HEADER, &twice, &SECRET)), Err(TokenError::Claims), "{name} twice");
    }
    for payload in ["", "null", "{}", "\"\"", "{", "\u{feff}{}"] {
        assert_eq!(verify(&forge(GOOD_HEADER, payload, &SECRET)), Err(TokenError::Claims), "{payload}");
    }
}

#[test]
fn expiry_is_exact_up_to_the_leeway() {
    let token = issue(&claims());
    let at = |now| keyring().verify(&token, now, &EXPECTED).map(|_| ());
    assert_eq!(at(NOW - LEEWAY_S), Ok(()));
    assert_eq!(at(NOW - LEEWAY_S - 1), Err(TokenError::Dates));
    assert_eq!(at(NOW + ACCESS_TTL_S + LEEWAY_S - 1), Ok(()));
    assert_eq!(at(NOW + ACCESS_TTL_S + LEEWAY_S), Err(TokenError::Expired));
    assert_eq!(at(i64::MAX), Err(TokenError::Expired));
}

#[test]
fn a_wrong_token_is_never_called_merely_expired() {
    // Renewal is offered for expired tokens, so a forged old one must not count as one.
    let later = NOW + 10 * ACCESS_TTL_S;
    let forged = forge(GOOD_HEADER, &good_payload().to_string(), b"guess");
    assert_eq!(keyring().verify(&forged, later, &EXPECTED), Err(TokenError::Signature));
    let other = Expected { tenant: TenantId(id(99)), ..EXPECTED };
    assert_eq!(keyring().verify(&issue(&claims()), later, &other), Err(TokenError::Tenant));
}

#[test]
fn key_ids_are_plain_and_distinct() {
    let bad = |kid| Keyring::new((kid, &SECRET), &[]).err();
    assert_eq!(bad(""), Some(KeyringError::Kid));
    assert_eq!(bad("a\"b"), Some(KeyringError::Kid));
    assert_eq!(bad(&"a".repeat(33)), Some(KeyringError::Kid));
    assert_eq!(Keyring::new(("a", &SECRET), &[("a", &OLD_SECRET)]).err(), Some(KeyringError::Repeated));
    let four = [("b", &SECRET), ("c", &SECRET), ("d", &SECRET), ("e", &SECRET)];
    assert_eq!(Keyring::new(("a", &SECRET), &four).err(), Some(KeyringError::TooMany));
}
