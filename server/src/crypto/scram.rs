use std::num::NonZeroU32;

use aws_lc_rs::{hmac, pbkdf2};
use base64::{Engine, engine::general_purpose::STANDARD};
use zeroize::Zeroizing;

use super::sha256;

/// PostgreSQL's own count. The passwords are 256 random bits, so more rounds would protect nothing.
const ROUNDS: u32 = 4096;

/// What PostgreSQL keeps of a password (RFC 5802, 7677). Sent in its place, so that the password itself never stands in a
/// statement, where logs and `pg_stat_activity` would show it. The password must be ASCII: nothing is normalized.
pub fn scram_verifier(password: &str, salt: &[u8; 16]) -> String {
    debug_assert!(password.is_ascii());
    let mut salted = Zeroizing::new([0u8; 32]);
    let rounds = NonZeroU32::new(ROUNDS).expect("not zero");
    pbkdf2::derive(pbkdf2::PBKDF2_HMAC_SHA256, rounds, salt, password.as_bytes(), &mut salted[..]);
    let key = hmac::Key::new(hmac::HMAC_SHA256, &salted[..]);
    let stored = sha256(hmac::sign(&key, b"Client Key").as_ref());
    let server = hmac::sign(&key, b"Server Key");
    format!("SCRAM-SHA-256${ROUNDS}:{}${}:{}", STANDARD.encode(salt), STANDARD.encode(stored), STANDARD.encode(server.as_ref()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The exchange of RFC 7677, section 3: the server's signature follows from the verifier's last part.
    #[test]
    fn the_verifier_is_that_of_the_standard() {
        let salt: [u8; 16] = STANDARD.decode("W22ZaJ0SNY7soEsUEjb6gQ==").unwrap().try_into().unwrap();
        let verifier = scram_verifier("pencil", &salt);
        let (head, keys) = verifier.rsplit_once('$').unwrap();
        assert_eq!(head, "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==");
        let (stored, server) = keys.split_once(':').unwrap();
        let exchange = b"n=user,r=rOprNGfwEbeRWgbNEkqO,\
            r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,\
            c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
        let sign = |key: &[u8]| hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), exchange).as_ref().to_vec();
        let signature = sign(&STANDARD.decode(server).unwrap());
        assert_eq!(STANDARD.encode(signature), "6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
        // The client's proof is its key, hidden under a signature by the stored key: unhidden, it must hash to that.
        let stored = STANDARD.decode(stored).unwrap();
        let proof = STANDARD.decode("dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=").unwrap();
        let client: Vec<u8> = proof.iter().zip(sign(&stored)).map(|(proof, hidden)| proof ^ hidden).collect();
        assert_eq!(sha256(&client).as_slice(), stored);
    }
}
