use chrono_tz::Tz;
use schemars::JsonSchema;
use serde::Serialize;

use super::{brand, store};
use crate::{
    api::{Access, Api, Op, Outline, Problem, Reply},
    app::{App, Visitor},
    db::{DbError, Module, TenantDb},
};

/// What anybody may know.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Institution {
    pub name: String,
    pub short_name: String,
    pub locale: String,
    /// IANA name; recurring classes are civil times in it.
    pub time_zone: String,
    /// Hue of the accent in OKLCH, 0 to 359 degrees.
    pub accent_hue: i16,
}

pub fn routes() -> Api<App> {
    Api::new(Module::Users)
        .op(Op::get("/institution", "getInstitution", Access::Public).summary("Name, zone and accent of the institution"), get)
}

async fn get(visitor: Visitor) -> Result<Reply<Institution>, Problem> {
    Ok(Reply::new(load(&visitor.db).await?))
}

async fn load(db: &TenantDb) -> Result<Institution, DbError> {
    let mut reader = db.reader(Module::Users).await?;
    let institution = store::load(&mut reader).await?;
    reader.done();
    Ok(institution)
}

/// What `/brand.css` and `/brand/logo` answer for an institution.
pub struct Looks {
    pub stylesheet: String,
    pub logo: String,
}

pub async fn brand_of(db: &TenantDb) -> Result<Looks, DbError> {
    let institution = load(db).await?;
    Ok(Looks {
        stylesheet: brand::stylesheet(institution.accent_hue),
        logo: brand::monogram(&institution.short_name, institution.accent_hue),
    })
}

/// What a file of this institution says of itself: its days and hours are the institution's.
pub async fn outline(db: &TenantDb, name: String, columns: &'static [&'static str]) -> Result<Outline, DbError> {
    let zone = load(db).await?.time_zone.parse().unwrap_or(Tz::UTC);
    Ok(Outline { name, columns, zone, now: db.clock().now() })
}
