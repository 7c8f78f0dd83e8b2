//! Makes the authority and the certificates it signs: ECDSA P-256 throughout.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::path::Path;

use chrono::{DateTime, Datelike, TimeDelta, Utc};
use rcgen::{
    BasicConstraints, CertificateParams, CidrSubnet, DistinguishedName, DnType, ExtendedKeyUsagePurpose, GeneralSubtree, IsCa,
    Issuer, KeyPair, KeyUsagePurpose, NameConstraints, date_time_ymd,
};
use rustls::pki_types::CertificateDer;
use x509_parser::prelude::{FromDer, X509Certificate};

use super::{CA_DAYS, CertError, LEAF_DAYS};

pub(super) struct Authority {
    pub cert: CertificateDer<'static>,
    pub cert_pem: String,
    pub key_pem: String,
}

pub(super) fn authority(now: DateTime<Utc>) -> Result<Authority, CertError> {
    let key = KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256)?;
    let mut params = CertificateParams::default();
    params.distinguished_name = name(&format!("PEC App local CA {}", fingerprint(&key)));
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.name_constraints = Some(NameConstraints {
        permitted_subtrees: vec![
            // Covers the names below it too.
            GeneralSubtree::DnsName("localhost".into()),
            GeneralSubtree::IpAddress(CidrSubnet::from_addr_prefix(IpAddr::V4(Ipv4Addr::LOCALHOST), 32)),
            GeneralSubtree::IpAddress(CidrSubnet::from_addr_prefix(IpAddr::V6(Ipv6Addr::LOCALHOST), 128)),
        ],
        excluded_subtrees: Vec::new(),
    });
    set_validity(&mut params, now, CA_DAYS);
    let cert = params.self_signed(&key)?;
    Ok(Authority { cert: cert.der().clone(), cert_pem: cert.pem(), key_pem: key.serialize_pem() })
}

/// The PEM text of a new certificate and its key.
pub(super) fn leaf(ca: &CertificateDer<'_>, ca_key_pem: &str, names: &[String], now: DateTime<Utc>) -> Result<String, CertError> {
    let issuer = Issuer::from_ca_cert_der(ca, KeyPair::from_pem(ca_key_pem)?)?;
    let key = KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256)?;
    let mut params = CertificateParams::new(names.to_vec())?;
    params.distinguished_name = name("localhost");
    params.is_ca = IsCa::ExplicitNoCa;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.use_authority_key_identifier_extension = true;
    set_validity(&mut params, now, LEAF_DAYS);
    let cert = params.signed_by(&key, &issuer)?;
    Ok(format!("{}{}", cert.pem(), key.serialize_pem()))
}

/// Whether the authority is valid at `at`. Verifiers of chains do not look at a trusted root's dates; browsers may.
pub(super) fn ca_lasts(ca: &CertificateDer<'_>, path: &Path, at: DateTime<Utc>) -> Result<bool, CertError> {
    let (_, parsed) =
        X509Certificate::from_der(ca).map_err(|error| CertError::Damaged { path: path.into(), reason: error.to_string() })?;
    Ok(parsed.validity().not_after.timestamp() >= at.timestamp())
}

fn set_validity(params: &mut CertificateParams, now: DateTime<Utc>, days: i64) {
    let day = |at: DateTime<Utc>| {
        let part = |value: u32| u8::try_from(value).expect("months and days are below 32");
        date_time_ymd(at.year(), part(at.month()), part(at.day()))
    };
    // A day back: clocks of other machines, and of containers, differ.
    params.not_before = day(now - TimeDelta::days(1));
    params.not_after = day(now + TimeDelta::days(days - 1));
}

fn name(common: &str) -> DistinguishedName {
    let mut name = DistinguishedName::new();
    name.push(DnType::CommonName, common);
    name
}

/// Eight digits that tell one installation's authority from another's in a browser's list.
fn fingerprint(key: &KeyPair) -> String {
    use aws_lc_rs::digest::{SHA256, digest};
    hex::encode(&digest(&SHA256, key.public_key_raw()).as_ref()[..4])
}
