//! Making an institution, cut short anywhere, and the commands around it, as an operator runs them.

use std::process::Output;

use pec::{
    auth,
    db::{NewTenant, ProvisionError, ProvisionStep, TenantRow, create_tenant, provision_through},
    users,
};
use tokio::process::Command;

use crate::support::{DATA, database_url, http::world, owner, registry, run};

fn new<'a>(slug: &'a str, hosts: &'a [String]) -> NewTenant<'a> {
    NewTenant { slug, name: "Test Institution", short_name: "Test", time_zone: "Asia/Kolkata", accent_hue: 188, hosts }
}

async fn row(slug: &str) -> Option<TenantRow> {
    registry().await.list().await.unwrap().into_iter().find(|row| row.slug == slug)
}

/// `pec` on the database and the keys of this run.
async fn pec(args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pec"));
    command.args(args).arg("--data").arg(&*DATA).env("DATABASE_URL", database_url()).env_remove("PEC_LISTEN");
    command.kill_on_drop(true).output().await.unwrap()
}

async fn said(args: &[&str]) -> String {
    let output = pec(args).await;
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

async fn refused(args: &[&str]) -> String {
    let output = pec(args).await;
    assert!(!output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stdout));
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn a_run_that_was_cut_short_anywhere_is_finished_by_the_next() {
    run(async {
        let registry = registry().await;
        for (at, step) in ProvisionStep::ALL.into_iter().enumerate() {
            let slug = format!("cut-{at}");
            let hosts = [format!("{slug}.localhost")];
            let cut = provision_through(registry, &new(&slug, &hosts), step).await.unwrap();
            assert_eq!(row(&slug).await.unwrap().status, "creating", "{step:?}");
            assert!(registry.by_slug(&slug).await.unwrap().is_none() && registry.by_host(&hosts[0]).is_none(), "{step:?}");
            let suspended = pec::db::set_tenant_status(registry, &slug, true).await;
            assert!(matches!(suspended, Err(ProvisionError::Unfinished(_))), "{step:?}");
            // Cut short at the same place again.
            let again = provision_through(registry, &new(&slug, &hosts), step).await.unwrap();
            assert_eq!(again.id, cut.id, "{step:?}");
            let tenant = create_tenant(registry, new(&slug, &hosts)).await.unwrap();
            assert_eq!(tenant.id(), cut.id, "{step:?}");
            let described: uuid::Uuid =
                sqlx::query_scalar("select tenant_id from institution").fetch_one(&mut owner(&tenant).await).await.unwrap();
            assert_eq!(described, cut.id.0, "{step:?}");
            assert!(registry.by_host(&hosts[0]).is_some_and(|found| found.id() == cut.id));
            let exists = create_tenant(registry, new(&slug, &hosts)).await;
            assert!(matches!(exists, Err(ProvisionError::Exists(_))), "{step:?}");
        }
        let findings = pec::verify::verify(registry).await.unwrap();
        let of_these = |tenant: &Option<String>| tenant.as_deref().is_some_and(|slug| slug.starts_with("cut-"));
        assert!(!findings.iter().any(|finding| of_these(&finding.tenant)), "{findings:?}");
    });
}

#[test]
fn what_an_earlier_run_got_wrong_is_put_right_by_the_next() {
    run(async {
        let registry = registry().await;
        let (wrong, right) = (["wrong.example.edu".to_owned()], ["right.example.edu".to_owned()]);
        provision_through(registry, &new("put-right", &wrong), ProvisionStep::Describe).await.unwrap();
        let named = NewTenant { name: "Right", ..new("put-right", &right) };
        let tenant = create_tenant(registry, named).await.unwrap();
        assert_eq!(row("put-right").await.unwrap().hosts, right);
        let name: String = sqlx::query_scalar("select name from institution").fetch_one(&mut owner(&tenant).await).await.unwrap();
        assert_eq!(name, "Right");
    });
}

#[test]
fn a_host_name_of_another_institution_is_refused_before_anything_is_made() {
    run(async {
        let registry = registry().await;
        let hosts = ["taken.example.edu".to_owned()];
        create_tenant(registry, new("host-holder", &hosts)).await.unwrap();
        let upper = ["own.example.edu".to_owned(), "TAKEN.example.edu".to_owned()];
        let taken = create_tenant(registry, new("host-taker", &upper)).await;
        assert!(matches!(taken, Err(ProvisionError::HostTaken(host)) if host == "taken.example.edu"));
        assert!(row("host-taker").await.is_none());
    });
}

#[test]
fn an_institution_called_like_anothers_owner_has_roles_of_its_own() {
    run(async {
        let registry = registry().await;
        let (one, other) = (["twin.localhost".to_owned()], ["twin-owner.localhost".to_owned()]);
        let first = create_tenant(registry, new("twin", &one)).await.unwrap();
        let second = create_tenant(registry, new("twin-owner", &other)).await.unwrap();
        let (first_row, second_row) = (row("twin").await.unwrap(), row("twin-owner").await.unwrap());
        let roles = [&first_row.owner_role, &first_row.app_role, &second_row.owner_role, &second_row.app_role];
        assert_eq!(roles.iter().collect::<std::collections::BTreeSet<_>>().len(), 4, "{roles:?}");
        for tenant in [first, second] {
            let mut reader = tenant.reader(pec::db::Module::Users).await.unwrap();
            let schema: String = sqlx::query_scalar("select current_schema()::text").fetch_one(&mut *reader).await.unwrap();
            assert_eq!(schema, format!("t_{}", tenant.slug().replace('-', "_")));
        }
    });
}

#[test]
fn an_operator_makes_lists_suspends_and_restores_an_institution() {
    run(async {
        let world = world().await;
        let create = ["tenant", "create", "cli-made", "--admin", "Ada@Example.edu", "--admin-name", "Ada Lovelace"];
        // Cut short after the schema: whoever runs it again needs to know nothing of that.
        let hosts = ["cli-made.localhost".to_owned()];
        let cut = provision_through(registry().await, &new("cli-made", &hosts), ProvisionStep::Schema).await.unwrap();
        assert!(said(&["tenant", "list"]).await.contains("cli-made                 creating   cli-made.localhost"));
        assert!(refused(&["tenant", "link", "cli-made", "ada@example.edu"]).await.contains("not finished"));
        let printed = said(&create).await;
        assert!(printed.contains("https://cli-made.localhost:8443/en/set-password#pecl_"), "{printed}");
        assert_eq!(row("cli-made").await.unwrap().id, cut.id);
        assert!(refused(&create).await.contains("exists already"));

        world.node.app.registry().refresh().await.unwrap();
        let tenant = world.node.app.registry().by_host("cli-made.localhost").unwrap();
        let first = printed.trim().rsplit_once('#').unwrap().1.to_owned();
        let link = ["tenant", "link", "cli-made", "ada@example.edu", "--public-port", "443"];
        let printed = said(&link).await;
        assert!(printed.contains("https://cli-made.localhost/en/set-password#pecl_"), "{printed}");
        let second = printed.trim().rsplit_once('#').unwrap().1.to_owned();
        let set = async |text: &str| {
            let link = auth::LinkToken::parse(text).unwrap();
            auth::set_password_by_link(&world.node.app, &tenant, &link, "correct horse battery").await
        };
        assert!(set(&first).await.is_err(), "a new link ends the earlier one");
        set(&second).await.unwrap();
        let body = serde_json::json!({ "email": "ada@example.edu", "password": "correct horse battery" });
        let client = reqwest::Client::builder()
            // The node's certificate names the institutions there were when it started.
            .danger_accept_invalid_certs(true)
            .resolve("cli-made.localhost", world.node.address)
            .build()
            .unwrap();
        let sign_in = async || {
            let url = format!("https://cli-made.localhost:{}/api/v1/auth/sign-in", world.node.address.port());
            client.post(url).header("accept-tokens", "body").json(&body).send().await.unwrap().status().as_u16()
        };
        assert_eq!(sign_in().await, 200);
        assert!(refused(&["tenant", "link", "cli-made", "bob@example.edu"]).await.contains("nobody"));
        assert!(refused(&["tenant", "link", "cli-none", "ada@example.edu"]).await.contains("no institution"));

        said(&["tenant", "suspend", "cli-made"]).await;
        assert!(said(&["tenant", "list"]).await.contains("cli-made                 suspended"));
        world.node.app.registry().refresh().await.unwrap();
        assert_eq!(sign_in().await, 404);
        said(&["tenant", "resume", "cli-made"]).await;
        world.node.app.registry().refresh().await.unwrap();
        assert_eq!(sign_in().await, 200);
        assert!(refused(&["tenant", "suspend", "cli-none"]).await.contains("no institution"));
    });
}

#[test]
fn an_admin_that_cannot_be_is_refused_before_anything_is_made() {
    run(async {
        for admin in ["ada", "ada@", "a b@example.edu"] {
            let stderr = refused(&["tenant", "create", "cli-refused", "--admin", admin]).await;
            assert!(stderr.contains("e-mail address"), "{stderr}");
        }
        refused(&["tenant", "create", "cli-refused", "--admin", "a@b.edu", "--time-zone", "Mars/Olympus"]).await;
        refused(&["tenant", "create", "cli-refused", "--admin", "a@b.edu", "--host", "a:8443"]).await;
        assert!(row("cli-refused").await.is_none());
    });
}

/// A run that was killed between making the admin and printing the link.
#[test]
fn the_admin_of_an_earlier_run_gets_the_link() {
    run(async {
        let hosts = ["cli-again.localhost".to_owned()];
        let tenant = pec::db::provision(registry().await, &new("cli-again", &hosts)).await.unwrap();
        let admin = users::NewUser {
            name: "Ada".to_owned(),
            sort_name: "Ada".to_owned(),
            email: Some("ada@example.edu".to_owned()),
            student: None,
            faculty: None,
            admin: Some(users::NewAdmin { office: "Administration".to_owned() }),
        };
        let id = users::create(&tenant, &pec::db::Actor::system("test"), &admin).await.unwrap();
        let printed = said(&["tenant", "create", "cli-again", "--admin", "ada@example.edu"]).await;
        assert!(printed.contains("set-password#"), "{printed}");
        let linked: Vec<uuid::Uuid> =
            sqlx::query_scalar("select user_id from password_link").fetch_all(&mut owner(&tenant).await).await.unwrap();
        assert_eq!(linked, [id.0]);
        assert_eq!(row("cli-again").await.unwrap().status, "active");
    });
}
