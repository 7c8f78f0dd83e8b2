use std::process::ExitCode;

use anyhow::Context;
use clap::{Args, Subcommand};

use crate::{
    auth,
    config::Front,
    db::{Actor, NewTenant, Registry, Role, TenantDb, activate, ids::UserId, provision, set_tenant_status},
    users::{self, NewAdmin, NewUser},
};

#[derive(Subcommand)]
pub enum TenantCommand {
    /// Make an institution; prints a one-time link with which its first admin sets a password. A run that was cut short is
    /// finished by running it again.
    Create(Create),
    /// Print a new one-time link with which somebody sets a password; earlier links of theirs stop working.
    Link {
        slug: String,
        /// Their e-mail address.
        email: String,
        #[command(flatten)]
        front: Front,
    },
    /// Every institution with its state and hosts.
    List,
    /// Stop serving an institution. Nothing is deleted.
    Suspend { slug: String },
    /// Serve a suspended institution again.
    Resume { slug: String },
}

#[derive(Args)]
pub struct Create {
    /// Lower-case letters, digits and hyphens: part of its host name and its schema's name.
    slug: String,
    /// The first admin's e-mail address.
    #[arg(long, value_parser = email)]
    admin: String,
    /// The first admin's name.
    #[arg(long, default_value = "First Admin", value_parser = person)]
    admin_name: String,
    /// Full name [default: the slug].
    #[arg(long)]
    name: Option<String>,
    /// Short name, at most 40 characters [default: the name if it is short enough, otherwise the slug].
    #[arg(long)]
    short_name: Option<String>,
    /// Host names it answers to [default: SLUG.localhost].
    #[arg(long = "host")]
    hosts: Vec<String>,
    /// IANA name of its time zone.
    #[arg(long, default_value = "UTC")]
    time_zone: String,
    #[command(flatten)]
    front: Front,
}

pub async fn run(registry: &Registry, command: TenantCommand) -> anyhow::Result<ExitCode> {
    match command {
        TenantCommand::Create(new) => create(registry, new).await?,
        TenantCommand::Link { slug, email, front } => link(registry, &slug, &email, &front).await?,
        TenantCommand::List => {
            for row in registry.list().await? {
                println!("{:<24} {:<10} {}", row.slug, row.status, row.hosts.join(" "));
            }
        }
        TenantCommand::Suspend { slug } => set_tenant_status(registry, &slug, false).await?,
        TenantCommand::Resume { slug } => set_tenant_status(registry, &slug, true).await?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Everything is in place, the first admin too, before the institution is served.
async fn create(registry: &Registry, new: Create) -> anyhow::Result<()> {
    let Create { slug, admin, admin_name, name, short_name, mut hosts, time_zone, front } = new;
    if hosts.is_empty() {
        hosts.push(format!("{slug}.localhost"));
    }
    let name = name.unwrap_or_else(|| slug.clone());
    let short_name = short_name.unwrap_or_else(|| if name.chars().count() <= 40 { name.clone() } else { slug.clone() });
    let new =
        NewTenant { slug: &slug, name: &name, short_name: &short_name, time_zone: &time_zone, accent_hue: 188, hosts: &hosts };
    let tenant = provision(registry, &new).await?;
    let user = first_admin(&tenant, admin, admin_name).await?;
    let link = auth::issue_link(&tenant, &Actor::system("tenant-create"), user).await?;
    activate(registry, &slug).await?;
    println!("{name} is ready. Its first admin sets a password here, once, within three days:");
    print_link(&front, &hosts[0], &link);
    Ok(())
}

/// The one an earlier run made, or a new one.
async fn first_admin(tenant: &TenantDb, email: String, name: String) -> anyhow::Result<UserId> {
    if let Some(found) = users::find_by_email(tenant, &email).await? {
        anyhow::ensure!(found.roles.contains(&Role::Admin), "{email} has an account that is no admin's");
        return Ok(found.id);
    }
    let admin = NewUser {
        sort_name: users::sort_name_of(&name),
        name,
        email: Some(email),
        student: None,
        faculty: None,
        admin: Some(NewAdmin { office: "Administration".to_owned() }),
    };
    Ok(users::create(tenant, &Actor::system("tenant-create"), &admin).await?)
}

async fn link(registry: &Registry, slug: &str, email: &str, front: &Front) -> anyhow::Result<()> {
    let row = registry.list().await?.into_iter().find(|row| row.slug == slug);
    let row = row.with_context(|| format!("no institution is called {slug}"))?;
    let tenant = registry.by_slug(slug).await?;
    let tenant = tenant.with_context(|| format!("{slug} is not finished: run `pec tenant create {slug}` again"))?;
    let account = users::find_by_email(&tenant, email).await?;
    let account = account.with_context(|| format!("nobody in {slug} has the e-mail address {email}"))?;
    let host = row.hosts.first().with_context(|| format!("{slug} has no host name"))?;
    let link = auth::issue_link(&tenant, &Actor::system("tenant-link"), account.id).await?;
    println!("{} sets a password here, once, within three days:", account.name);
    print_link(front, host, &link);
    Ok(())
}

fn print_link(front: &Front, host: &str, link: &auth::LinkToken) {
    println!("{}/en/set-password#{}", front.origin(&host.to_ascii_lowercase()), link.reveal().as_str());
}

/// What the database asks of an address, in lower case; asked before anything is made.
fn email(text: &str) -> Result<String, String> {
    let address = text.to_lowercase();
    let form = address.split_once('@').is_some_and(|(local, host)| !local.is_empty() && !host.is_empty() && !host.contains('@'));
    if form && address.chars().count() <= 254 && !address.chars().any(|c| c.is_whitespace() || c.is_control()) {
        Ok(address)
    } else {
        Err("an e-mail address looks like name@example.edu".to_owned())
    }
}

fn person(text: &str) -> Result<String, String> {
    let name = text.trim();
    if (1..=120).contains(&name.chars().count()) && !name.chars().any(char::is_control) {
        Ok(name.to_owned())
    } else {
        Err("a name has 1 to 120 characters".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_names_are_what_the_database_takes() {
        assert_eq!(email("Ada@Example.EDU").as_deref(), Ok("ada@example.edu"));
        for bad in ["", "ada", "@example.edu", "ada@", "a@b@c", "a b@c", "a@b\n", &format!("{}@b", "a".repeat(260))] {
            assert!(email(bad).is_err(), "{bad}");
        }
        assert_eq!(person(" Ada ").as_deref(), Ok("Ada"));
        assert!(person(" ").is_err() && person(&"x".repeat(121)).is_err());
    }
}
