use std::process::ExitCode;

use clap::Subcommand;

use crate::{
    auth,
    db::{Actor, NewTenant, Registry, create_tenant, set_tenant_status},
    users::{self, NewAdmin, NewUser},
};

#[derive(Subcommand)]
pub enum TenantCommand {
    /// Make an institution; prints a one-time link with which its first admin sets a password.
    Create {
        /// Lower-case letters, digits and hyphens: part of its host name and its schema's name.
        slug: String,
        /// The first admin's e-mail address.
        #[arg(long)]
        admin: String,
        /// The first admin's name.
        #[arg(long, default_value = "First Admin")]
        admin_name: String,
        /// Full name [default: the slug].
        #[arg(long)]
        name: Option<String>,
        /// Host names it answers to [default: SLUG.localhost].
        #[arg(long = "host")]
        hosts: Vec<String>,
        /// IANA name of its time zone.
        #[arg(long, default_value = "UTC")]
        time_zone: String,
    },
    /// Every institution with its state and hosts.
    List,
    /// Stop serving an institution. Nothing is deleted.
    Suspend { slug: String },
    /// Serve a suspended institution again.
    Resume { slug: String },
}

pub async fn run(registry: &Registry, command: TenantCommand) -> anyhow::Result<ExitCode> {
    match command {
        TenantCommand::Create { slug, admin, admin_name, name, mut hosts, time_zone } => {
            anyhow::ensure!(time_zone.parse::<chrono_tz::Tz>().is_ok(), "{time_zone} is no IANA time zone, such as Asia/Kolkata");
            if hosts.is_empty() {
                hosts.push(format!("{slug}.localhost"));
            }
            let name = name.unwrap_or_else(|| slug.clone());
            let new =
                NewTenant { slug: &slug, name: &name, short_name: &name, time_zone: &time_zone, accent_hue: 188, hosts: &hosts };
            let tenant = create_tenant(registry, new).await?;
            let actor = Actor::system("tenant-create");
            let user = users::create(&tenant, &actor, &first_admin(admin, admin_name)).await?;
            let link = auth::issue_link(&tenant, &actor, user).await?;
            println!("{name} is ready. Its first admin sets a password here, once, within three days:");
            println!("https://{}/en/set-password#{}", hosts[0], link.reveal().as_str());
        }
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

fn first_admin(email: String, name: String) -> NewUser {
    NewUser {
        sort_name: users::sort_name_of(&name),
        name,
        email: Some(email.to_lowercase()),
        student: None,
        faculty: None,
        admin: Some(NewAdmin { office: "Administration".to_owned() }),
    }
}
