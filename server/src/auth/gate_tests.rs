use http::HeaderValue;
use uuid::Uuid;

use super::*;
use crate::auth::{
    AuthMethod, RefreshToken,
    revocation::{Revocation, Subject},
};
use crate::db::{
    Role,
    ids::{SessionId, TenantId, UserId},
};

const NOW_S: i64 = 1_800_000_000;
/// A UUIDv7 that is easy to tell apart: ids of any other form are refused.
const fn id(n: u128) -> Uuid {
    Uuid::from_u128(0x0193_0000_0000_7000_8000_0000_0000_0000 + n)
}

const TENANT: TenantId = TenantId(id(1));

fn claims() -> Claims {
    Claims {
        user: UserId(id(2)),
        tenant: TENANT,
        role: Role::Student,
        roles: [Role::Student].into_iter().collect(),
        session: SessionId(id(3)),
        auth_time: NOW_S,
        methods: vec![AuthMethod::Password],
        epoch: 1,
        issued_at: NOW_S,
        expires_at: NOW_S + 300,
    }
}

struct World {
    keyring: Keyring,
    revocations: Revocations,
    now: Instant,
}

impl World {
    fn new() -> Self {
        let world =
            World { keyring: Keyring::new(("k1", &[1; 32]), &[]).unwrap(), revocations: Revocations::new(), now: Instant::now() };
        world.revocations.absorb(&[], world.now);
        world
    }

    fn token(&self) -> String {
        self.keyring.issue(&claims(), "iss", "aud")
    }

    fn identify_at(&self, list: &[(&'static str, String)], tenant: TenantId, now_s: i64) -> Presence {
        let mut headers = HeaderMap::new();
        for (name, value) in list {
            headers.append(*name, HeaderValue::try_from(value).unwrap());
        }
        let gate = Gate {
            keyring: &self.keyring,
            expected: Expected { iss: "iss", aud: "aud", tenant },
            revocations: &self.revocations,
        };
        gate.identify(&headers, now_s, self.now)
    }

    fn identify(&self, list: &[(&'static str, String)]) -> Presence {
        self.identify_at(list, TENANT, NOW_S)
    }
}

fn cookies(access: &str, refresh: Option<&str>) -> (&'static str, String) {
    let refresh = refresh.map(|r| format!("; __Host-pec_rt={r}")).unwrap_or_default();
    ("cookie", format!("__Host-pec_at={access}{refresh}"))
}

#[test]
fn cookie_and_bearer_are_told_apart() {
    let world = World::new();
    let valid = Identity::Valid(Arc::new(claims()));
    let by_cookie = world.identify(&[cookies(&world.token(), Some("pecr_x"))]);
    assert_eq!(by_cookie, Presence { identity: valid.clone(), has_refresh: true, via: Via::Cookie, unconfirmed: false });
    let by_bearer = world.identify(&[("authorization", format!("Bearer {}", world.token()))]);
    assert_eq!(by_bearer, Presence { identity: valid, has_refresh: false, via: Via::Bearer, unconfirmed: false });
}

#[test]
fn nothing_presented_is_anonymous_and_a_lone_refresh_cookie_is_seen() {
    let world = World::new();
    assert_eq!(world.identify(&[]).identity, Identity::Anonymous);
    let caller = world.identify(&[("cookie", "__Host-pec_rt=pecr_x".into())]);
    assert_eq!((caller.identity, caller.has_refresh), (Identity::Anonymous, true));
}

#[test]
fn expired_is_told_from_forged() {
    let world = World::new();
    let header = [cookies(&world.token(), Some("pecr_x"))];
    assert_eq!(world.identify_at(&header, TENANT, NOW_S + 400).identity, Identity::Expired);
    let forged = Keyring::new(("k1", &[9; 32]), &[]).unwrap().issue(&claims(), "iss", "aud");
    let refusal = Identity::Invalid(TokenError::Signature.into());
    assert_eq!(world.identify_at(&[cookies(&forged, None)], TENANT, NOW_S + 400).identity, refusal);
}

#[test]
fn a_token_of_another_institution_is_refused() {
    let world = World::new();
    let caller = world.identify_at(&[cookies(&world.token(), None)], TenantId(id(99)), NOW_S);
    assert_eq!(caller.identity, Identity::Invalid(TokenError::Tenant.into()));
}

#[test]
fn a_refresh_token_opens_nothing() {
    let world = World::new();
    let refresh = RefreshToken::generate().reveal().to_string();
    let refusal = Identity::Invalid(TokenError::RefreshToken.into());
    assert_eq!(world.identify(&[cookies(&refresh, None)]).identity, refusal);
    assert_eq!(world.identify(&[("authorization", format!("Bearer {refresh}"))]).identity, refusal);
}

#[test]
fn ambiguous_credentials_are_refused_even_when_one_of_them_is_good() {
    let world = World::new();
    let caller = world.identify(&[cookies(&world.token(), None), ("authorization", "Bearer x".into())]);
    assert_eq!(caller.identity, Identity::Invalid(CredentialError::Both.into()));
    let caller = world.identify(&[cookies(&world.token(), None), cookies(&world.token(), None)]);
    assert_eq!(caller.identity, Identity::Invalid(CredentialError::RepeatedCookie.into()));
}

#[test]
fn a_revoked_session_is_refused_and_a_stale_cache_is_admitted() {
    let mut world = World::new();
    let header = [cookies(&world.token(), None)];
    world.now += std::time::Duration::from_secs(2);
    let caller = world.identify(&header);
    assert!(matches!(caller.identity, Identity::Valid(_)) && caller.unconfirmed);
    let row = Revocation { subject: Subject::Session(claims().session), at: crate::db::Clock::system().now() };
    world.revocations.note(&row);
    let caller = world.identify(&header);
    assert_eq!((caller.identity, caller.unconfirmed), (Identity::Invalid(Refusal::Revoked), false));
}
