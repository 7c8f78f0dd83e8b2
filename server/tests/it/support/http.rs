//! The real server over HTTPS, two filled institutions, and one person for each point of view.

use std::{
    collections::BTreeMap,
    sync::RwLock,
    time::{Duration, Instant},
};

use pec::{
    api::Api,
    app::App,
    auth,
    config::{Serve, Storage},
    db::{Actor, Role, TenantDb, ids::UserId},
    demo::{CHANDIGARH, DemoSize, NORTHGATE},
    serve::{self, Node},
    telemetry,
};
use reqwest::{Client, Method, RequestBuilder, StatusCode, header};
use serde_json::Value;
use tokio::sync::OnceCell;

use super::{DATA, database_url, registry_of};

/// Who asks. Students and faculty come in pairs, because most of what must not be seen is somebody else's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Persona {
    Anonymous,
    Student,
    OtherStudent,
    Faculty,
    OtherFaculty,
    Admin,
    OtherTenantAdmin,
}

impl Persona {
    pub const ALL: [Persona; 7] = [
        Persona::Anonymous,
        Persona::Student,
        Persona::OtherStudent,
        Persona::Faculty,
        Persona::OtherFaculty,
        Persona::Admin,
        Persona::OtherTenantAdmin,
    ];
}

/// Somebody who is signed in. An access token lives five minutes, a slow run longer: see [`keep_signed_in`].
#[derive(Clone)]
pub struct Person {
    pub id: UserId,
    pub access: String,
    at: Instant,
}

/// Tokens older than this are replaced by those of another sign-in.
const TOKEN_AGE: Duration = Duration::from_secs(4 * 60);

pub struct World {
    pub node: Node,
    pub ours: TenantDb,
    pub theirs: TenantDb,
    pub client: Client,
    people: RwLock<BTreeMap<Persona, &'static Person>>,
    port: u16,
}

pub struct Answer {
    pub status: StatusCode,
    pub headers: header::HeaderMap,
    pub bytes: Vec<u8>,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or_else(|_| panic!("not JSON: {}", String::from_utf8_lossy(&self.bytes)))
    }

    /// The slug of a problem.
    pub fn problem(&self) -> String {
        let kind = self.json()["type"].as_str().unwrap_or_default().to_owned();
        kind.trim_start_matches("/problems/").to_owned()
    }
}

impl World {
    pub fn url(&self, tenant: &TenantDb, path: &str) -> String {
        format!("https://{}.localhost:{}{path}", tenant.slug(), self.port)
    }

    pub fn person(&self, persona: Persona) -> &'static Person {
        self.people.read().unwrap()[&persona]
    }

    /// Signs in anew whoever holds a token of this age. Replaced ones are leaked: a test may still hold one, and there are few.
    pub async fn renew_older(&self, age: Duration) {
        for persona in Persona::ALL.into_iter().filter(|persona| *persona != Persona::Anonymous) {
            let known = self.person(persona);
            if known.at.elapsed() >= age {
                let tenant = if persona == Persona::OtherTenantAdmin { &self.theirs } else { &self.ours };
                let fresh = sign_in(self, tenant, known.id).await;
                self.people.write().unwrap().insert(persona, Box::leak(Box::new(fresh)));
            }
        }
    }

    /// A request to our institution as somebody. The other institution's admin comes with a token of theirs.
    pub fn request(&self, persona: Persona, method: Method, path: &str) -> RequestBuilder {
        let request = self.client.request(method, self.url(&self.ours, path));
        match persona {
            Persona::Anonymous => request,
            other => request.bearer_auth(&self.person(other).access),
        }
    }

    pub async fn get(&self, persona: Persona, path: &str) -> Answer {
        answer(self.request(persona, Method::GET, path)).await
    }

    /// At the other institution, as its admin: for tests that disturb a whole institution.
    pub async fn get_there(&self, path: &str) -> Answer {
        let token = &self.person(Persona::OtherTenantAdmin).access;
        answer(self.client.get(self.url(&self.theirs, path)).bearer_auth(token)).await
    }

    /// A client whose every request has a connection to itself.
    pub fn client_over_http1(&self) -> Client {
        client_of(&self.node, &[&self.ours, &self.theirs]).http1_only().build().unwrap()
    }

    /// New tokens for everybody: one lives for five minutes.
    pub async fn sign_in_again(&mut self) {
        self.renew_older(Duration::ZERO).await;
    }

    pub async fn send(&self, persona: Persona, method: Method, path: &str, body: &Value) -> Answer {
        let key = format!("it-{}", uuid::Uuid::now_v7());
        answer(self.request(persona, method, path).header("idempotency-key", key).json(body)).await
    }
}

/// Tests share their personas, and nobody takes two files at once: such a request waits for the other test's to end.
pub async fn answer(request: RequestBuilder) -> Answer {
    let again = request.try_clone();
    let response = request.send().await.unwrap();
    if let (StatusCode::TOO_MANY_REQUESTS, Some(again)) = (response.status(), again) {
        tokio::time::sleep(Duration::from_millis(20)).await;
        return Box::pin(answer(again)).await;
    }
    let (status, headers) = (response.status(), response.headers().clone());
    Answer { status, headers, bytes: response.bytes().await.unwrap().to_vec() }
}

pub async fn world() -> &'static World {
    static WORLD: OnceCell<World> = OnceCell::const_new();
    let world = WORLD.get_or_init(async || make(pec::routes::all()).await).await;
    static KEEPER: std::sync::Once = std::sync::Once::new();
    KEEPER.call_once(|| drop(std::thread::spawn(|| super::run(keep_signed_in(world)))));
    world
}

/// However long the run, and however long one test of it.
async fn keep_signed_in(world: &'static World) {
    loop {
        tokio::time::sleep(Duration::from_secs(5)).await;
        world.renew_older(TOKEN_AGE).await;
    }
}

/// Trusts the node's own authority and finds its institutions there.
fn client_of(node: &Node, tenants: &[&TenantDb]) -> reqwest::ClientBuilder {
    let ca = reqwest::Certificate::from_pem(&std::fs::read(&node.ca.as_ref().unwrap().path).unwrap()).unwrap();
    let client = Client::builder().tls_certs_only([ca]).timeout(Duration::from_secs(60));
    tenants.iter().fold(client, |client, tenant| client.resolve(&format!("{}.localhost", tenant.slug()), node.address))
}

/// One for the process, also when making the world is tried again.
pub async fn recorder() -> metrics_exporter_prometheus::PrometheusHandle {
    static RECORDER: OnceCell<metrics_exporter_prometheus::PrometheusHandle> = OnceCell::const_new();
    RECORDER.get_or_init(async || telemetry::init_metrics()).await.clone()
}

/// Two new institutions, filled, and a node that serves them with these operations.
pub async fn make(apis: Vec<Api<App>>) -> World {
    rustls::crypto::aws_lc_rs::default_provider().install_default().ok();
    let storage =
        Storage { data: DATA.clone(), database_url: Some(database_url()), postgres: None, root_key: None, connections: 100 };
    let serve = Serve {
        listen: "127.0.0.1:0".parse().unwrap(),
        listen_plain: None,
        web: ".".into(),
        // No page of this server is asked for: pages are the browser journeys' business.
        web_url: Some("http://127.0.0.1:9".parse().unwrap()),
        development: true,
        tls_cert: None,
        tls_key: None,
        trusted_proxies: Vec::new(),
        hash_threads: None,
        demo: false,
        metrics_token: None,
    };
    let (ours, theirs) = (super::tenant().await, super::tenant().await);
    let first = pec::demo::fill(&ours, &CHANDIGARH, &DemoSize::SMALL, 7, &mut |_| {}).await.unwrap().unwrap();
    let second = pec::demo::fill(&theirs, &NORTHGATE, &DemoSize::SMALL, 8, &mut |_| {}).await.unwrap().unwrap();
    let node = serve::start_with(&storage, &serve, registry_of().await, recorder().await, apis).await.unwrap();
    let port = node.address.port();
    let client = client_of(&node, &[&ours, &theirs]).build().unwrap();
    let world = World { node, ours, theirs, client, people: RwLock::default(), port };
    let (ours, theirs) = (world.ours.clone(), world.theirs.clone());
    let student = UserId(first.student.user_id);
    let faculty = UserId(first.faculty.user_id);
    let people = [
        (Persona::Student, &ours, student),
        (Persona::OtherStudent, &ours, somebody_else(&ours, Role::Student, student).await),
        (Persona::Faculty, &ours, faculty),
        (Persona::OtherFaculty, &ours, somebody_else(&ours, Role::Faculty, faculty).await),
        (Persona::Admin, &ours, UserId(first.admin.user_id)),
        (Persona::OtherTenantAdmin, &theirs, UserId(second.admin.user_id)),
    ];
    for (persona, tenant, id) in people {
        give_password(&world.node.app, tenant, id, &password_of(id)).await;
        let person = sign_in(&world, tenant, id).await;
        world.people.write().unwrap().insert(persona, Box::leak(Box::new(person)));
    }
    world
}

/// Another person of a role with a password to be given; for students one who shares no section with the first.
async fn somebody_else(tenant: &TenantDb, role: Role, not: UserId) -> UserId {
    let id = sqlx::query_scalar!(
        "select r.user_id from user_role r where r.role = $1 and r.user_id <> $2
            and not exists (
                select 1 from meeting_instructor a join meeting ma on ma.id = a.meeting_id
                join meeting mb on mb.section_id = ma.section_id join meeting_instructor b on b.meeting_id = mb.id
                where a.user_id = r.user_id and b.user_id = $2
            ) order by r.user_id limit 1",
        role.as_str(),
        not.0
    )
    .fetch_one(&mut super::owner(tenant).await)
    .await
    .unwrap();
    UserId(id)
}

fn password_of(id: UserId) -> String {
    format!("it {id}")
}

async fn sign_in(world: &World, tenant: &TenantDb, id: UserId) -> Person {
    let at = Instant::now();
    let email = sqlx::query_scalar!("select email from app_user where id = $1", id.0)
        .fetch_one(&mut super::owner(tenant).await)
        .await
        .unwrap()
        .unwrap();
    let body = serde_json::json!({ "email": email, "password": password_of(id) });
    let signed =
        answer(world.client.post(world.url(tenant, "/api/v1/auth/sign-in")).header("accept-tokens", "body").json(&body)).await;
    assert_eq!(signed.status, StatusCode::OK, "{}", String::from_utf8_lossy(&signed.bytes));
    let tokens = signed.json();
    let token = |name: &str| tokens[name].as_str().unwrap().to_owned();
    Person { id, access: token("accessToken"), at }
}

#[test]
fn a_token_that_gets_old_is_replaced() {
    super::run(async {
        let world = world().await;
        let before = world.person(Persona::Student);
        world.renew_older(TOKEN_AGE.max(before.at.elapsed() + Duration::from_secs(60))).await;
        assert_eq!(world.person(Persona::Student).at, before.at, "a young one stays");
        world.renew_older(Duration::ZERO).await;
        let after = world.person(Persona::Student);
        assert!(after.at > before.at && after.access != before.access);
        assert_eq!(world.get(Persona::Student, "/api/v1/me").await.status, StatusCode::OK);
    });
}

pub async fn give_password(app: &App, tenant: &TenantDb, id: UserId, password: &str) {
    let link = auth::issue_link(tenant, &Actor::system("test"), id).await.unwrap();
    auth::set_password_by_link(app, tenant, &link, password).await.unwrap();
}
