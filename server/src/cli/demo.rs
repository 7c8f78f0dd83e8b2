//! The demo institutions, and their printed sign-ins: the two that `pec serve --demo` keeps, and any of any size that
//! `pec demo` makes.

use std::{collections::BTreeMap, fs, io::Write, os::unix::fs::OpenOptionsExt, path::Path, process::ExitCode};

use anyhow::Context;
use base64::Engine;
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use serde::{Deserialize, Serialize};

use crate::{
    app::App,
    auth,
    config::Storage,
    data_dir,
    database::{self, Database, Purpose},
    db::{Actor, NewTenant, Registry, TenantDb, create_tenant, ids::UserId},
    demo::{self, CHANDIGARH, DemoSize, NORTHGATE, Profile},
    serve,
    signals::Stop,
};

const SEED: u64 = 2026;
const FILE: &str = "demo-sign-ins.json";

/// Slug, profile, size: the second is smaller and clearly another one.
const DEMOS: [(&str, &Profile, DemoSize); 2] =
    [("demo", &CHANDIGARH, DemoSize::DEFAULT), ("second", &NORTHGATE, DemoSize::SMALL)];

/// The demo institutions that `pec serve --demo` keeps.
pub const SLUGS: [&str; 2] = [DEMOS[0].0, DEMOS[1].0];

/// One demo institution of a chosen size.
#[derive(Args)]
pub struct Demo {
    /// Its slug: part of its host name. It is made if there is none; one that has records is left as it is.
    #[arg(long, default_value = "demo")]
    tenant: String,
    /// How many students; faculty, sections and rooms follow from it.
    #[arg(long, default_value_t = DemoSize::DEFAULT.students)]
    students: usize,
}

/// Who signs in with what. Kept in the data directory (0600) so that the next start can print it again: the database has
/// hashes only.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SignIn {
    role: String,
    name: String,
    email: String,
    password: String,
}

/// Makes what is missing of the demo institutions' records.
pub async fn fill(registry: &Registry) -> anyhow::Result<()> {
    for (slug, profile, size) in DEMOS {
        fill_one(registry, slug, profile, &size).await?;
    }
    Ok(())
}

/// Leaves one that has records as it is.
async fn fill_one(registry: &Registry, slug: &str, profile: &'static Profile, size: &DemoSize) -> anyhow::Result<()> {
    let tenant = match registry.by_slug(slug).await? {
        Some(tenant) => tenant,
        None => make(registry, slug, profile).await?,
    };
    let filled = demo::fill(&tenant, profile, size, SEED, &mut progress(profile.name)?).await?;
    if filled.is_some() {
        registry.analyze(&tenant).await?;
    }
    Ok(())
}

/// `pec demo`.
pub async fn run(storage: &Storage, wanted: &Demo) -> anyhow::Result<ExitCode> {
    let (registry, cluster) = Database::open(storage, Purpose::Errand, &Stop::never()).await?.split();
    let app = serve::new_app(registry, None)?;
    let made = one(&app, &storage.data, wanted).await;
    app.registry().close().await;
    database::stop_cluster(cluster).await.context("the embedded database did not stop cleanly")?;
    for row in made? {
        println!("{:<8} {:<40} {}", row.role, row.email, row.password);
    }
    Ok(ExitCode::SUCCESS)
}

async fn one(app: &App, data: &Path, wanted: &Demo) -> anyhow::Result<Vec<SignIn>> {
    let _turn = data_dir::turn(data).await?;
    let size = DemoSize::of_students(wanted.students);
    fill_one(app.registry(), &wanted.tenant, &CHANDIGARH, &size).await?;
    let mut known = sign_ins(app, data, &[&wanted.tenant]).await?;
    known.remove(&wanted.tenant).with_context(|| format!("{} has records that are no demo's", wanted.tenant))
}

async fn make(registry: &Registry, slug: &str, profile: &Profile) -> anyhow::Result<TenantDb> {
    let new = NewTenant {
        slug,
        name: profile.name,
        short_name: profile.short_name,
        time_zone: profile.time_zone,
        accent_hue: profile.accent_hue,
        hosts: &[format!("{slug}.localhost")],
    };
    Ok(create_tenant(registry, new).await?)
}

fn progress(name: &str) -> anyhow::Result<impl FnMut(demo::Progress) + Send + use<>> {
    let style = ProgressStyle::with_template("{prefix}: {msg:12} {bar:30} {pos}/{len} rows")?;
    let bar = ProgressBar::new(1).with_style(style).with_prefix(name.to_owned());
    Ok(move |at: demo::Progress| {
        bar.set_length(at.total as u64);
        bar.set_message(at.part);
        bar.set_position(at.done as u64);
        if at.done == at.total {
            bar.finish_and_clear();
        }
    })
}

/// The sign-ins of the data directory. A demo institution that is missing there gets new ones: its people have random passwords
/// that nobody else knows, and whoever made it may have been killed before writing them down.
pub async fn sign_ins(app: &App, data: &Path, slugs: &[&str]) -> anyhow::Result<BTreeMap<String, Vec<SignIn>>> {
    let path = data.join(FILE);
    let mut all: BTreeMap<String, Vec<SignIn>> = match fs::read(&path) {
        Ok(bytes) => serde_json::from_slice(&bytes)
            .with_context(|| format!("{} is damaged: delete it, and new sign-ins are made", path.display()))?,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => BTreeMap::new(),
        Err(error) => return Err(error).with_context(|| format!("read {}", path.display())),
    };
    for slug in slugs {
        if all.contains_key(*slug) {
            continue;
        }
        let tenant = app.registry().by_slug(slug).await?.context("a demo institution vanished")?;
        // An institution that only has the name of one keeps its people's passwords.
        let Some(accounts) = demo::accounts(&tenant).await? else { continue };
        let mut rows = Vec::new();
        for (role, account) in [("student", &accounts.student), ("faculty", &accounts.faculty), ("admin", &accounts.admin)] {
            let password = give_password(app, &tenant, UserId(account.user_id)).await?;
            rows.push(SignIn { role: role.to_owned(), name: account.name.clone(), email: account.email.clone(), password });
        }
        all.insert((*slug).to_owned(), rows);
        write(data, &path, &all)?;
    }
    Ok(all)
}

fn write(data: &Path, path: &Path, all: &BTreeMap<String, Vec<SignIn>>) -> anyhow::Result<()> {
    let draft = data.join(format!(".{FILE}"));
    let mut file = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&draft)?;
    file.write_all(&serde_json::to_vec_pretty(all)?)?;
    file.sync_all()?;
    fs::rename(&draft, path)?;
    Ok(())
}

async fn give_password(app: &App, tenant: &TenantDb, user: UserId) -> anyhow::Result<String> {
    let password = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(crate::crypto::random::<12>());
    let link = auth::issue_link(tenant, &Actor::system("demo"), user).await?;
    auth::set_password_by_link(app, tenant, &link, &password).await?;
    Ok(password)
}

pub fn print(port: u16, all: &BTreeMap<String, Vec<SignIn>>) {
    for (slug, rows) in all {
        println!("\n  https://{slug}.localhost:{port}");
        for row in rows {
            println!("    {:<8} {:<40} {}", row.role, row.email, row.password);
        }
    }
    println!();
}
