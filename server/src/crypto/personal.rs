use std::fmt;

use serde::{Deserialize, Serialize};

/// A value about a person. It can't be printed, logged or put into an audit row as it is: the audit log takes it only through
/// [`crate::audit::Change::personal`], which seals it under the person's own key, so that erasing the person leaves every proof whole.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Personal<T>(T);

impl<T> Personal<T> {
    pub fn new(value: T) -> Self {
        Self(value)
    }

    pub fn reveal(&self) -> &T {
        &self.0
    }

    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> fmt::Debug for Personal<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Personal(…)")
    }
}

pub(crate) fn seal(
    keys: &super::TenantKeys,
    subject: uuid::Uuid,
    audit: uuid::Uuid,
    name: &str,
    value: &serde_json::Value,
) -> Result<String, super::KeyError> {
    use base64::Engine;
    let key = keys.subject(subject)?;
    let mut aad = audit.as_bytes().to_vec();
    aad.extend_from_slice(name.as_bytes());
    let plain = zeroize::Zeroizing::new(value.to_string().into_bytes());
    Ok(base64::engine::general_purpose::STANDARD_NO_PAD.encode(super::keys::seal(&key, &aad, &plain)))
}
