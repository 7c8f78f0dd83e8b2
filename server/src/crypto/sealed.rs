use std::marker::PhantomData;

use serde::{Serialize, de::DeserializeOwned};
use uuid::Uuid;

use super::{KeyError, Secret, TenantKeys, keys};

const FORMAT: u8 = 0x01;
const AES_256_GCM: u8 = 0x01;
/// Format, algorithm and key id.
const HEADER: usize = 6;
/// The key version new values are sealed under.
const CURRENT: u32 = 1;

/// Where a sealed value lives. Part of its associated data: a value moved to another column does not open.
#[derive(Clone, Copy)]
pub struct Field {
    pub table: &'static str,
    pub column: &'static str,
}

/// The bytes of a sealed column as the database holds them. They belong in the store layer and nowhere else:
/// there is no way to show them and no way to make them but [`Sealed::seal`].
pub struct Sealed<T> {
    bytes: Vec<u8>,
    kind: PhantomData<fn() -> T>,
}

/// What may be sealed: serialized as JSON inside.
pub trait SealedValue: Serialize + DeserializeOwned {}
impl<T: Serialize + DeserializeOwned> SealedValue for T {}

impl<T: SealedValue> Sealed<T> {
    pub fn seal(keys: &TenantKeys, field: Field, row: Uuid, value: &T) -> Self {
        let plain = zeroize::Zeroizing::new(serde_json::to_vec(value).expect("sealed values serialize"));
        let mut bytes = Vec::with_capacity(HEADER + plain.len() + 28);
        bytes.extend_from_slice(&[FORMAT, AES_256_GCM]);
        bytes.extend_from_slice(&CURRENT.to_be_bytes());
        let sealed = keys::seal(&field_key(keys, CURRENT), &aad(keys.tenant(), field, row, CURRENT), &plain);
        bytes.extend_from_slice(&sealed);
        Self { bytes, kind: PhantomData }
    }

    pub fn open(&self, keys: &TenantKeys, field: Field, row: Uuid) -> Result<T, KeyError> {
        let (header, body) = self.bytes.split_at_checked(HEADER).ok_or(KeyError::Sealed)?;
        if header[..2] != [FORMAT, AES_256_GCM] {
            return Err(KeyError::Sealed);
        }
        let kid = u32::from_be_bytes(header[2..].try_into().expect("a header ends in four bytes of key id"));
        let plain = keys::open(&field_key(keys, kid), &aad(keys.tenant(), field, row, kid), body)?;
        serde_json::from_slice(&plain).map_err(|_| KeyError::Sealed)
    }

    /// For the store layer: what a sealed column holds.
    pub fn from_column(bytes: Vec<u8>) -> Self {
        Self { bytes, kind: PhantomData }
    }

    pub fn as_column(&self) -> &[u8] {
        &self.bytes
    }
}

fn field_key(keys: &TenantKeys, version: u32) -> Secret {
    keys.purpose("field", version)
}

/// Length-prefixed, so that no two places share their associated data.
fn aad(tenant: Uuid, field: Field, row: Uuid, kid: u32) -> Vec<u8> {
    let mut out = Vec::with_capacity(64);
    for part in [tenant.as_bytes().as_slice(), field.table.as_bytes(), field.column.as_bytes(), row.as_bytes()] {
        out.extend_from_slice(&u32::try_from(part.len()).expect("names are short").to_be_bytes());
        out.extend_from_slice(part);
    }
    out.extend_from_slice(&kid.to_be_bytes());
    out
}

#[cfg(test)]
#[path = "sealed_tests.rs"]
mod tests;
