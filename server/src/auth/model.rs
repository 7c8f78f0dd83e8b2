use chrono::{DateTime, Utc};
use garde::Validate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{api::text, db::Role};

#[derive(Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SignInRequest {
    /// In any case: addresses are compared in lower case.
    #[garde(length(chars, min = 3, max = 254), pattern(text::EMAIL))]
    pub email: String,
    #[garde(length(chars, min = 1, max = 128), pattern(text::LINE))]
    pub password: String,
}

/// Left out by browsers, whose cookie carries the token.
#[derive(Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RefreshRequest {
    #[garde(length(chars, min = 48, max = 48), pattern("^pecr_[A-Za-z0-9_-]{43}$"))]
    pub refresh_token: String,
}

#[derive(Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SetPasswordRequest {
    /// The secret from the link.
    #[garde(length(chars, min = 48, max = 48), pattern("^pecl_[A-Za-z0-9_-]{43}$"))]
    pub token: String,
    #[garde(length(chars, min = 8, max = 128), pattern(text::LINE))]
    pub password: String,
}

#[derive(Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SwitchRoleRequest {
    #[garde(skip)]
    pub role: Role,
}

/// A session as its client sees it. The tokens are in the body only for clients that don't use cookies.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SignedIn {
    /// The active role.
    pub role: Role,
    /// All roles the person can switch to, the active one included.
    pub roles: Vec<Role>,
    /// When the access token runs out; renew it before.
    pub access_expires_at: DateTime<Utc>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access_token: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<String>,
}
