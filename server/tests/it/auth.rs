//! Sessions and passwords against a real database: sign-in, renewal and its replay rules, revocation, links.

use std::{
    collections::HashSet,
    num::NonZeroUsize,
    sync::{Arc, OnceLock},
    time::Duration,
};

use pec::{
    auth::{
        self, AuthError, Cost, HashPool, Hasher, Issued, Keyring, LinkToken, Password, Pepper, Peppers, PoolSize, RefreshToken,
        Sessions, cookies, revocation::Revocations, revocation::Standing,
    },
    db::{
        Actor, DbError, Role, TenantDb,
        ids::{RequestId, SessionId, UserId},
    },
};
use sqlx::{AssertSqlSafe, PgConnection, Row};
use tokio::{task::JoinSet, time::Instant};

use super::support::{owner, run, tenant};

const PASSWORD: &str = "correct horse battery";

/// The parameters don't matter here, only that hashing is cheap.
fn pool(passes: u32) -> HashPool {
    let pepper = Pepper { id: *b"test", secret: zeroize::Zeroizing::new([7; 32]) };
    let cost = Cost { memory_kib: 64, passes, lanes: 1 };
    let hasher = Hasher::new(Peppers { current: pepper, previous: Vec::new() }, cost).unwrap();
    HashPool::start(hasher, PoolSize { threads: NonZeroUsize::new(2).unwrap(), queue: 200 }).unwrap()
}

fn shared_pool() -> &'static HashPool {
    static POOL: OnceLock<HashPool> = OnceLock::new();
    POOL.get_or_init(|| pool(1))
}

/// An institution with one node's view of it.
struct Campus {
    db: TenantDb,
    keyring: Keyring,
    revocations: Arc<Revocations>,
}

impl Campus {
    async fn new() -> Self {
        let db = tenant().await;
        let revocations = auth::watch_revocations(db.clone());
        Campus { db, keyring: Keyring::new(("t1", &[5; 32]), &[]).unwrap(), revocations }
    }

    fn sessions(&self) -> Sessions<'_> {
        Sessions {
            keyring: &self.keyring,
            hash_pool: shared_pool(),
            issuer: "pec:test",
            revocations: &self.revocations,
            db: &self.db,
        }
    }

    async fn owner(&self) -> PgConnection {
        owner(&self.db).await
    }

    async fn sql(&self, statement: impl Into<String>) {
        #[expect(clippy::disallowed_methods, reason = "arranges what no action does")]
        sqlx::query(AssertSqlSafe(statement.into())).execute(&mut self.owner().await).await.unwrap();
    }

    async fn count(&self, statement: impl Into<String>) -> i64 {
        #[expect(clippy::disallowed_methods, reason = "looks at what happened")]
        let row = sqlx::query(AssertSqlSafe(statement.into())).fetch_one(&mut self.owner().await).await.unwrap();
        row.get(0)
    }

    /// A person without a password.
    async fn person(&self, name: &str, roles: &[&str]) -> UserId {
        let id = UserId::new();
        self.sql(format!(
            "insert into app_user (id, email, name, sort_name) values ('{id}', '{name}@demo.edu', '{name}', '{name}')"
        ))
        .await;
        for role in roles {
            self.sql(format!("insert into user_role (user_id, role) values ('{id}', '{role}')")).await;
        }
        id
    }

    async fn link(&self, user: UserId) -> LinkToken {
        auth::issue_link(&self.db, &Actor::system("test"), user).await.unwrap()
    }

    /// A person who can sign in.
    async fn member(&self, name: &str, roles: &[&str]) -> UserId {
        let id = self.person(name, roles).await;
        let link = self.link(id).await;
        self.sessions().set_password(&link, Password::new(PASSWORD), RequestId::new()).await.unwrap();
        id
    }

    async fn try_sign_in(&self, name: &str, password: &str) -> Result<Issued, AuthError> {
        let email = format!("{name}@demo.edu");
        self.sessions().sign_in(&email, Password::new(password), "test agent", RequestId::new()).await
    }

    async fn sign_in(&self, name: &str) -> Issued {
        self.try_sign_in(name, PASSWORD).await.unwrap()
    }

    async fn renew(&self, token: &RefreshToken) -> Result<Issued, AuthError> {
        self.sessions().renew(token, RequestId::new()).await
    }

    /// Makes the last use of a token lie `s` seconds back.
    async fn age(&self, token: &RefreshToken, s: i64) {
        let sha = hex::encode(token.sha256());
        self.sql(format!("update refresh_token set used_at = used_at - interval '{s} s' where sha256 = '\\x{sha}'")).await;
    }

    async fn audited(&self, action: &str) -> i64 {
        self.count(format!("select count(*) from audit_event where action = '{action}'")).await
    }

    async fn ended(&self, session: SessionId) -> Option<String> {
        #[expect(clippy::disallowed_methods, reason = "looks at what happened")]
        let row = sqlx::query("select ended_reason from session where id = $1")
            .bind(session.0)
            .fetch_one(&mut self.owner().await)
            .await
            .unwrap();
        row.get(0)
    }

    fn standing(&self, issued: &Issued) -> Standing {
        self.revocations.standing(&issued.claims, Instant::now())
    }
}

fn refresh_of(issued: &Issued) -> RefreshToken {
    RefreshToken::parse(issued.refresh.as_ref().unwrap()).unwrap()
}

fn actor(issued: &Issued) -> Actor {
    Actor::person(issued.claims.user, issued.claims.role, RequestId::new())
}

#[test]
fn the_right_password_starts_an_audited_session() {
    run(async {
        let campus = Campus::new().await;
        let ada = campus.member("ada", &["student"]).await;
        let issued = campus.try_sign_in("ADA", PASSWORD).await.unwrap();
        assert_eq!((issued.claims.user, issued.claims.role), (ada, Role::Student));
        assert_eq!(issued.claims.expires_at - issued.claims.issued_at, auth::ACCESS_TTL_S);
        assert_eq!(issued.refresh_max_age_s, 30 * 86_400);
        let expected = auth::Expected { iss: "pec:test", aud: auth::AUDIENCE, tenant: campus.db.id() };
        let now = campus.db.clock().now().timestamp();
        assert_eq!(campus.keyring.verify(&issued.access, now, &expected).unwrap(), issued.claims);
        assert_eq!(campus.audited("session.sign-in").await, 1);
        let text = campus.count("select count(*) from session where user_agent = 'test agent'").await;
        assert_eq!(text, 1);
        let names: Vec<_> = issued.cookies().iter().map(|c| c.to_str().unwrap().split('=').next().unwrap().to_owned()).collect();
        assert_eq!(names, [cookies::ACCESS, cookies::REFRESH]);
    });
}

#[test]
fn every_failed_sign_in_is_the_same_failure_and_leaves_nothing() {
    run(async {
        let campus = Campus::new().await;
        campus.member("ada", &["student"]).await;
        let gone = campus.member("gone", &["student"]).await;
        campus.sql(format!("update app_user set status = 'suspended' where id = '{gone}'")).await;
        campus.member("nobody", &["faculty"]).await;
        campus.sql("delete from user_role where role = 'faculty'").await;
        campus.person("fresh", &["student"]).await;
        let before = shared_pool().stats().done;
        let attempts = [
            ("ada", "wrong password"),
            ("gone", PASSWORD),
            ("nobody", PASSWORD),
            ("fresh", PASSWORD),
            ("fresh", ""),
            ("unknown", PASSWORD),
        ];
        for (name, password) in attempts {
            let outcome = campus.try_sign_in(name, password).await;
            assert!(matches!(outcome, Err(AuthError::WrongCredentials)), "{name}");
        }
        assert!(shared_pool().stats().done - before >= attempts.len() as u64, "each of them cost a hash");
        assert_eq!(campus.count("select count(*) from session").await, 0);
        assert_eq!(campus.audited("session.sign-in").await, 0);
    });
}

#[test]
fn several_roles_the_last_one_used_or_the_highest() {
    run(async {
        let campus = Campus::new().await;
        campus.member("ada", &["student", "faculty"]).await;
        let first = campus.sign_in("ada").await;
        assert_eq!(first.claims.role, Role::Faculty);
        // Staff rules hold whichever role is active.
        assert_eq!(first.refresh_max_age_s, 3_600);
        let student = campus.sessions().switch_role(&actor(&first), first.claims.session, Role::Student).await.unwrap();
        assert_eq!((student.claims.role, student.refresh), (Role::Student, None));
        assert_eq!(student.claims.auth_time, first.claims.auth_time);
        assert_eq!(campus.audited("session.switch-role").await, 1);
        let again = campus.sign_in("ada").await;
        assert_eq!((again.claims.role, again.refresh_max_age_s), (Role::Student, 3_600));
        // A renewal keeps the role that was switched to.
        assert_eq!(campus.renew(&refresh_of(&first)).await.unwrap().claims.role, Role::Student);
    });
}

#[test]
fn nobody_switches_to_a_role_they_do_not_hold_nor_in_someone_elses_session() {
    run(async {
        let campus = Campus::new().await;
        campus.member("ada", &["student"]).await;
        campus.member("eve", &["student", "admin"]).await;
        let (ada, eve) = (campus.sign_in("ada").await, campus.sign_in("eve").await);
        let sessions = campus.sessions();
        for role in [Role::Admin, Role::Faculty] {
            let outcome = sessions.switch_role(&actor(&ada), ada.claims.session, role).await;
            assert!(matches!(outcome, Err(AuthError::RoleNotHeld)));
        }
        let outcome = sessions.switch_role(&actor(&ada), eve.claims.session, Role::Admin).await;
        assert!(matches!(outcome, Err(AuthError::SessionOver)));
        let outcome = sessions.sign_out(&actor(&ada), eve.claims.session).await;
        assert!(matches!(outcome, Err(AuthError::Db(DbError::NotFound))));
        assert_eq!(campus.ended(eve.claims.session).await, None);
        assert_eq!(campus.audited("session.switch-role").await, 0);
    });
}

#[test]
fn fifty_parallel_renewals_get_one_successor() {
    run(async {
        let campus = Arc::new(Campus::new().await);
        campus.member("ada", &["student"]).await;
        let first = campus.sign_in("ada").await;
        let mut tasks = JoinSet::new();
        for _ in 0..50 {
            let (campus, token) = (Arc::clone(&campus), refresh_of(&first));
            tasks.spawn(async move { campus.renew(&token).await.unwrap().refresh.unwrap().to_string() });
        }
        let successors: HashSet<String> = tasks.join_all().await.into_iter().collect();
        assert_eq!(successors.len(), 1);
        let live = campus.count("select count(*) from refresh_token where used_at is null and revoked_at is null").await;
        assert_eq!((live, campus.count("select count(*) from refresh_token").await), (1, 2));
        let successor = RefreshToken::parse(successors.iter().next().unwrap()).unwrap();
        campus.renew(&successor).await.unwrap();
        assert_eq!(campus.ended(first.claims.session).await, None);
    });
}

#[test]
fn a_used_tokens_predecessor_presented_later_ends_the_session() {
    run(async {
        let campus = Campus::new().await;
        campus.member("ada", &["student"]).await;
        let first = campus.sign_in("ada").await;
        let (one, session) = (refresh_of(&first), first.claims.session);
        let second = campus.renew(&one).await.unwrap();
        let third = campus.renew(&refresh_of(&second)).await.unwrap();
        // Within the window a retry is only a retry.
        assert_eq!(refresh_of(&campus.renew(&one).await.unwrap()), refresh_of(&third));
        campus.age(&one, 11).await;
        assert!(matches!(campus.renew(&one).await, Err(AuthError::SessionOver)));
        assert_eq!(campus.ended(session).await.as_deref(), Some("replayed"));
        assert_eq!(campus.standing(&third), Standing::Revoked, "this node refuses its access tokens at once");
        assert_eq!(campus.audited("session.end-replayed").await, 1);
        for token in [&second, &third] {
            assert!(matches!(campus.renew(&refresh_of(token)).await, Err(AuthError::SessionOver)));
        }
        assert_eq!(campus.audited("session.end-replayed").await, 1, "it ends once");
    });
}

#[test]
fn a_lost_answer_costs_nobody_the_session() {
    run(async {
        let campus = Arc::new(Campus::new().await);
        campus.member("ada", &["student"]).await;
        let first = campus.sign_in("ada").await;
        let one = refresh_of(&first);
        let lost = refresh_of(&campus.renew(&one).await.unwrap());
        campus.age(&one, 11).await;
        // Twenty tabs wake up at once with the old token: one new successor for all of them.
        let mut tasks = JoinSet::new();
        for _ in 0..20 {
            let (campus, token) = (Arc::clone(&campus), one.clone());
            tasks.spawn(async move { campus.renew(&token).await.unwrap().refresh.unwrap().to_string() });
        }
        let successors: HashSet<String> = tasks.join_all().await.into_iter().collect();
        assert_eq!(successors.len(), 1);
        assert!(!successors.contains(&*lost.reveal()));
        // Whoever turns up with the successor that was revoked is not the owner.
        assert!(matches!(campus.renew(&lost).await, Err(AuthError::SessionOver)));
        assert_eq!(campus.ended(first.claims.session).await.as_deref(), Some("replayed"));
    });
}

#[test]
fn sessions_end_by_idleness_and_by_age() {
    run(async {
        let campus = Campus::new().await;
        campus.member("student", &["student"]).await;
        campus.member("teacher", &["faculty"]).await;
        let back = async |session: SessionId, column: &str, by: &str| {
            campus.sql(format!("update session set {column} = {column} - interval '{by}' where id = '{session}'")).await;
        };
        let student = campus.sign_in("student").await;
        back(student.claims.session, "last_used_at", "29 days 23 hours").await;
        let student = campus.renew(&refresh_of(&student)).await.unwrap();
        back(student.claims.session, "last_used_at", "30 days").await;
        assert!(matches!(campus.renew(&refresh_of(&student)).await, Err(AuthError::SessionOver)));

        let teacher = campus.sign_in("teacher").await;
        back(teacher.claims.session, "last_used_at", "59 minutes").await;
        let teacher = campus.renew(&refresh_of(&teacher)).await.unwrap();
        back(teacher.claims.session, "expires_at", "11 hours 59 minutes").await;
        let teacher = campus.renew(&refresh_of(&teacher)).await.unwrap();
        assert!(teacher.refresh_max_age_s <= 60);
        assert!(teacher.claims.expires_at - teacher.claims.issued_at <= 60, "no access token outlives its session");
        back(teacher.claims.session, "expires_at", "1 minute").await;
        assert!(matches!(campus.renew(&refresh_of(&teacher)).await, Err(AuthError::SessionOver)));
    });
}

#[test]
fn signing_out_reaches_other_nodes() {
    run(async {
        let campus = Campus::new().await;
        campus.member("ada", &["student"]).await;
        let other_node = auth::watch_revocations(campus.db.clone());
        let (ended, kept) = (campus.sign_in("ada").await, campus.sign_in("ada").await);
        let at = async |node: &Revocations, issued: &Issued, wanted| {
            let deadline = Instant::now() + Duration::from_secs(10);
            while node.standing(&issued.claims, Instant::now()) != wanted {
                assert!(Instant::now() < deadline, "never {wanted:?}");
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        at(&other_node, &ended, Standing::Good).await;
        assert!(auth::confirm(&campus.db, &ended.claims).await.unwrap());
        campus.sessions().sign_out(&actor(&ended), ended.claims.session).await.unwrap();
        assert_eq!(campus.standing(&ended), Standing::Revoked);
        assert!(!auth::confirm(&campus.db, &ended.claims).await.unwrap());
        assert!(matches!(campus.renew(&refresh_of(&ended)).await, Err(AuthError::SessionOver)));
        at(&other_node, &ended, Standing::Revoked).await;
        assert_ne!(campus.standing(&kept), Standing::Revoked);
        // A second sign-out is no error and no second record.
        campus.sessions().sign_out(&actor(&ended), ended.claims.session).await.unwrap();
        assert_eq!(campus.audited("session.sign-out").await, 1);
        // Everywhere means everywhere.
        let third = campus.sign_in("ada").await;
        campus.sessions().sign_out_everywhere(&actor(&kept)).await.unwrap();
        for issued in [&kept, &third] {
            assert_eq!(campus.standing(issued), Standing::Revoked);
            assert!(!auth::confirm(&campus.db, &issued.claims).await.unwrap());
            assert!(matches!(campus.renew(&refresh_of(issued)).await, Err(AuthError::SessionOver)));
            at(&other_node, issued, Standing::Revoked).await;
        }
        assert!(campus.sign_in("ada").await.claims.epoch > kept.claims.epoch);
    });
}

#[test]
fn renewal_racing_sign_out_never_outlives_it() {
    run(async {
        let campus = Arc::new(Campus::new().await);
        campus.member("ada", &["student"]).await;
        for _ in 0..10 {
            let issued = campus.sign_in("ada").await;
            let mut tasks = JoinSet::new();
            for _ in 0..6 {
                let (campus, token) = (Arc::clone(&campus), refresh_of(&issued));
                tasks.spawn(async move { campus.renew(&token).await.ok().map(|issued| refresh_of(&issued)) });
            }
            campus.sessions().sign_out(&actor(&issued), issued.claims.session).await.unwrap();
            for token in tasks.join_all().await.into_iter().flatten() {
                assert!(matches!(campus.renew(&token).await, Err(AuthError::SessionOver)));
            }
            let live = campus.count("select count(*) from refresh_token where revoked_at is null").await;
            assert_eq!(live, 0);
        }
    });
}

#[test]
fn a_renewal_follows_the_account() {
    run(async {
        let campus = Campus::new().await;
        let ada = campus.member("ada", &["admin", "student"]).await;
        let mut issued = campus.sign_in("ada").await;
        assert_eq!(issued.claims.role, Role::Admin);
        campus.sql(format!("delete from user_role where user_id = '{ada}' and role = 'admin'")).await;
        issued = campus.renew(&refresh_of(&issued)).await.unwrap();
        assert_eq!((issued.claims.role, Vec::from(issued.claims.roles)), (Role::Student, vec![Role::Student]));
        campus.sql(format!("update app_user set status = 'suspended' where id = '{ada}'")).await;
        assert!(matches!(campus.renew(&refresh_of(&issued)).await, Err(AuthError::SessionOver)));
        assert!(!auth::confirm(&campus.db, &issued.claims).await.unwrap());
        campus.sql(format!("update app_user set status = 'active' where id = '{ada}'")).await;
        campus.renew(&refresh_of(&issued)).await.unwrap();
    });
}

#[test]
fn a_link_sets_a_password_once_and_ends_every_session() {
    run(async {
        let campus = Arc::new(Campus::new().await);
        let ada = campus.member("ada", &["student"]).await;
        let old = campus.sign_in("ada").await;
        let (first, link) = (campus.link(ada).await, campus.link(ada).await);
        let set = async |link: &LinkToken, password: &str| {
            campus.sessions().set_password(link, Password::new(password), RequestId::new()).await
        };
        assert!(matches!(set(&first, "another password").await, Err(AuthError::LinkExpired)), "the newest link counts");
        assert!(matches!(set(&link, "short").await, Err(AuthError::Password(_))));
        assert!(matches!(set(&link, "ada@demo.edu").await, Err(AuthError::Password(_))));
        let mut tasks = JoinSet::new();
        for n in 0..10 {
            let (campus, link) = (Arc::clone(&campus), link.clone());
            tasks.spawn(async move {
                let password = format!("another password {n}");
                let set = campus.sessions().set_password(&link, Password::new(&password), RequestId::new()).await;
                set.is_ok().then_some(password)
            });
        }
        let won: Vec<String> = tasks.join_all().await.into_iter().flatten().collect();
        assert_eq!(won.len(), 1);
        assert!(matches!(campus.try_sign_in("ada", PASSWORD).await, Err(AuthError::WrongCredentials)));
        campus.try_sign_in("ada", &won[0]).await.unwrap();
        assert_eq!(campus.ended(old.claims.session).await.as_deref(), Some("password-changed"));
        assert_eq!(campus.standing(&old), Standing::Revoked);
        assert_eq!(campus.audited("password.set").await, 2);
        assert_eq!(campus.audited("password.issue-link").await, 3);
        let late = campus.link(ada).await;
        campus.sql("update password_link set expires_at = now() - interval '1 s' where used_at is null").await;
        assert!(matches!(set(&late, "another password").await, Err(AuthError::LinkExpired)));
    });
}

#[test]
fn links_are_handed_out_by_admins_only() {
    run(async {
        let campus = Campus::new().await;
        let ada = campus.person("ada", &["student"]).await;
        for role in [Role::Student, Role::Faculty] {
            let someone = Actor::person(ada, role, RequestId::new());
            assert!(matches!(auth::issue_link(&campus.db, &someone, ada).await, Err(DbError::NotFound)));
        }
        auth::issue_link(&campus.db, &Actor::person(UserId::new(), Role::Admin, RequestId::new()), ada).await.unwrap();
    });
}

#[test]
fn an_old_hash_is_replaced_at_the_next_sign_in() {
    run(async {
        let campus = Campus::new().await;
        campus.member("ada", &["student"]).await;
        let dearer = pool(2);
        let sessions = Sessions { hash_pool: &dearer, ..campus.sessions() };
        let current = async || campus.count("select count(*) from credential where password_hash like '%t=2,%'").await;
        assert_eq!(current().await, 0);
        sessions.sign_in("ada@demo.edu", Password::new(PASSWORD), "", RequestId::new()).await.unwrap();
        assert_eq!(current().await, 1);
        sessions.sign_in("ada@demo.edu", Password::new(PASSWORD), "", RequestId::new()).await.unwrap();
    });
}

#[test]
fn an_account_has_a_bounded_number_of_sessions() {
    run(async {
        let campus = Campus::new().await;
        campus.member("ada", &["student"]).await;
        let first = campus.sign_in("ada").await;
        for _ in 0..20 {
            campus.sign_in("ada").await;
        }
        assert_eq!(campus.count("select count(*) from session where ended_at is null").await, 20);
        assert_eq!(campus.standing(&first), Standing::Revoked);
    });
}

#[test]
fn the_database_holds_nothing_that_signs_anyone_in() {
    run(async {
        let campus = Campus::new().await;
        let ada = campus.member("ada", &["student"]).await;
        let issued = campus.sign_in("ada").await;
        let next = campus.renew(&refresh_of(&issued)).await.unwrap();
        let link = campus.link(ada).await;
        let mut secrets: Vec<String> = vec![PASSWORD.into(), issued.access.clone()];
        for text in [issued.refresh.unwrap(), next.refresh.unwrap(), link.reveal()] {
            use base64::Engine;
            let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(&text[5..]).unwrap();
            secrets.extend([text[5..].to_owned(), hex::encode(bytes)]);
        }
        for table in ["session", "refresh_token", "password_link", "credential", "audit_event", "outbox", "revocation"] {
            for secret in &secrets {
                let hits = campus.count(format!("select count(*) from {table} t where t::text like '%{secret}%'")).await;
                assert_eq!(hits, 0, "{table}");
            }
        }
    });
}

#[test]
fn sweeping_removes_only_what_is_over() {
    run(async {
        let campus = Campus::new().await;
        campus.member("ada", &["student"]).await;
        let (live, over) = (campus.sign_in("ada").await, campus.sign_in("ada").await);
        let live = campus.renew(&refresh_of(&live)).await.unwrap();
        campus.sessions().sign_out(&actor(&over), over.claims.session).await.unwrap();
        auth::sweep(&campus.db).await.unwrap();
        assert_eq!(campus.count("select count(*) from session").await, 2);
        campus.sql("update session set ended_at = ended_at - interval '31 days'").await;
        campus.sql("update revocation set at = at - interval '16 minutes'").await;
        campus.sql("update refresh_token set used_at = used_at - interval '8 days'").await;
        assert_eq!(auth::sweep(&campus.db).await.unwrap(), 4);
        assert_eq!(campus.count("select count(*) from revocation").await, 0);
        campus.renew(&refresh_of(&live)).await.unwrap();
    });
}

#[test]
fn a_replay_leads_to_the_live_end_of_the_chain() {
    run(async {
        let campus = Campus::new().await;
        campus.member("ada", &["student"]).await;
        let first = refresh_of(&campus.sign_in("ada").await);
        let mut last = first.clone();
        for _ in 0..3 {
            last = refresh_of(&campus.renew(&last).await.unwrap());
        }
        // A second tab that asked with the first token, and was answered late.
        let late = refresh_of(&campus.renew(&first).await.unwrap());
        assert!(late == last, "the successor's own successor, and not a token that has been used");
        // Long after the window, what it got still is a token that was never used.
        campus.age(&first, 3_600).await;
        let session = campus.renew(&late).await.unwrap().claims.session;
        assert_eq!(campus.ended(session).await, None);
    });
}

#[test]
fn whoever_becomes_staff_has_a_staff_session_from_then_on() {
    run(async {
        let campus = Campus::new().await;
        let limits = async |session: SessionId| -> (i64, i64) {
            let of = |what: &str| format!("select ({what})::bigint from session where id = '{session}'");
            let idle = campus.count(of("idle_timeout_s")).await;
            (idle, campus.count(of("extract(epoch from expires_at - auth_time)")).await)
        };
        let (student, staff) = ((30 * 86_400, 180 * 86_400), (3_600, 12 * 3_600));
        for way in ["renewal", "switch"] {
            let id = campus.member(way, &["student"]).await;
            let issued = campus.sign_in(way).await;
            assert_eq!(limits(issued.claims.session).await, student);
            campus.sql(format!("insert into user_role (user_id, role) values ('{id}', 'faculty')")).await;
            let (idle_s, refreshed) = if way == "renewal" {
                let renewed = campus.renew(&refresh_of(&issued)).await.unwrap();
                (renewed.refresh_max_age_s, refresh_of(&renewed))
            } else {
                let switched =
                    campus.sessions().switch_role(&actor(&issued), issued.claims.session, Role::Faculty).await.unwrap();
                (switched.refresh_max_age_s, refresh_of(&issued))
            };
            assert_eq!(idle_s, 3_600, "{way}");
            assert_eq!(limits(issued.claims.session).await, staff, "{way}");
            campus
                .sql(format!("update session set last_used_at = last_used_at - interval '61 min' where user_id = '{id}'"))
                .await;
            assert!(matches!(campus.renew(&refreshed).await, Err(AuthError::SessionOver)), "{way}: idle for an hour");
        }
        // Granted long after the sign-in, and never renewed since: what the stored row says does not count.
        let id = campus.member("old", &["student"]).await;
        let issued = campus.sign_in("old").await;
        campus.sql(format!("update session set auth_time = auth_time - interval '13 h' where user_id = '{id}'")).await;
        campus.sql(format!("insert into user_role (user_id, role) values ('{id}', 'admin')")).await;
        let switched = campus.sessions().switch_role(&actor(&issued), issued.claims.session, Role::Admin).await;
        assert!(matches!(switched, Err(AuthError::SessionOver)));
        assert!(matches!(campus.renew(&refresh_of(&issued)).await, Err(AuthError::SessionOver)));
    });
}
