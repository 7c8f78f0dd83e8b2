//! Passwords: the rules for a new one, and the Argon2id hash of it.
//!
//! Invariants: a plain password is wiped when dropped and never printed; a stored hash is a PHC string that
//! names the pepper it was keyed with, and the pepper lives outside the database; a stored hash can't ask
//! for more memory or time than `Cost::LIMIT`.
//!
//! Where the hashing runs is `hash_pool`'s business.

use std::{collections::HashSet, fmt, sync::OnceLock};

use argon2::{
    ARGON2ID_IDENT, Algorithm, Argon2, Block, KeyId, Params, ParamsBuilder, Version,
    password_hash::phc::{Output, ParamsString, PasswordHash, Salt},
};
use aws_lc_rs::{constant_time::verify_slices_are_equal, rand};
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

pub const MIN_CHARS: usize = 8;
pub const MAX_CHARS: usize = 128;
const SALT_BYTES: usize = 16;
const HASH_BYTES: usize = 32;

/// A password as typed, in Unicode normal form C: the same key strokes on two systems are the same password.
#[derive(Clone)]
pub struct Password(Zeroizing<String>);

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordProblem {
    #[error("A password has at least {MIN_CHARS} characters.")]
    TooShort,
    #[error("A password has at most {MAX_CHARS} characters.")]
    TooLong,
    #[error("A password must not be the e-mail address.")]
    SameAsEmail,
    #[error("Too many people have this password. Choose a different one.")]
    TooCommon,
    #[error("A password must not be the institution's name with a few digits.")]
    SameAsInstitution,
}

impl PasswordProblem {
    /// A stable word for clients.
    pub const fn code(self) -> &'static str {
        match self {
            PasswordProblem::TooShort => "too-short",
            PasswordProblem::TooLong => "too-long",
            PasswordProblem::SameAsEmail => "same-as-email",
            PasswordProblem::TooCommon => "too-common",
            PasswordProblem::SameAsInstitution => "same-as-institution",
        }
    }
}

impl Password {
    pub fn new(typed: &str) -> Self {
        // Reserved up front: a growing String would leave copies of the password behind, unwiped.
        let mut normalized = String::with_capacity(typed.len() * 3);
        normalized.extend(typed.nfc());
        Password(Zeroizing::new(normalized))
    }

    /// Whether it may become someone's password. Length counts code points; there are no composition rules. `words` are the
    /// institution's own: its names and its address.
    pub fn check_new(&self, email: Option<&str>, words: &[String]) -> Result<(), PasswordProblem> {
        match self.0.chars().count() {
            ..MIN_CHARS => return Err(PasswordProblem::TooShort),
            MIN_CHARS..=MAX_CHARS => {}
            _ => return Err(PasswordProblem::TooLong),
        }
        let lower = Zeroizing::new(self.0.to_lowercase());
        let same = |email: &str| {
            let email = email.to_lowercase();
            let local = email.split('@').next().unwrap_or(&email);
            *lower == email || lower.as_str() == local
        };
        if email.is_some_and(same) {
            return Err(PasswordProblem::SameAsEmail);
        }
        if common().contains(lower.as_str()) {
            return Err(PasswordProblem::TooCommon);
        }
        if is_own_word(&lower, words) {
            return Err(PasswordProblem::SameAsInstitution);
        }
        Ok(())
    }

    fn bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

/// The passwords of 8 characters and more among the 30,000 most frequent of the zxcvbn project (MIT license), in lower case: shorter
/// ones are refused for their length.
static COMMON: &str = include_str!("common-passwords.txt");

fn common() -> &'static HashSet<&'static str> {
    static SET: OnceLock<HashSet<&'static str>> = OnceLock::new();
    SET.get_or_init(|| COMMON.lines().collect())
}

/// Whether the letters of a password are nothing but the institution's own words, whatever digits and signs stand around them:
/// "Northgate2031!", "PEC@2024", "test-institution-1".
fn is_own_word(lower: &str, words: &[String]) -> bool {
    let letters = |text: &str| text.chars().filter(|c| c.is_alphabetic()).flat_map(char::to_lowercase).collect::<String>();
    let typed = Zeroizing::new(letters(lower));
    let mut known: Vec<String> = words.iter().map(|word| letters(word)).collect();
    known.extend(words.iter().flat_map(|word| word.split(|c: char| !c.is_alphabetic())).map(letters));
    known.retain(|word| word.chars().count() >= 3);
    // What is left when one word after the other is taken off the front.
    let mut rests = vec![typed.as_str()];
    let mut seen = HashSet::new();
    while let Some(rest) = rests.pop() {
        for word in &known {
            match rest.strip_prefix(word.as_str()) {
                Some("") => return true,
                Some(shorter) if seen.insert(shorter) => rests.push(shorter),
                _ => {}
            }
        }
    }
    false
}

/// What one hash costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    pub memory_kib: u32,
    pub passes: u32,
    pub lanes: u32,
}

impl Cost {
    /// OWASP's minimum for Argon2id.
    pub const OWASP: Cost = Cost { memory_kib: 19 * 1024, passes: 2, lanes: 1 };
    /// The most a stored hash may ask for: a planted row must not become a way to stall sign-in.
    pub const LIMIT: Cost = Cost { memory_kib: 64 * 1024, passes: 4, lanes: 4 };

    fn within(self, limit: Cost) -> bool {
        self.memory_kib <= limit.memory_kib && self.passes <= limit.passes && self.lanes <= limit.lanes
    }
}

/// A key that Argon2id mixes into every hash, so that a stolen table of hashes can't be guessed against.
pub struct Pepper {
    pub id: [u8; 4],
    pub secret: Zeroizing<[u8; 32]>,
}

/// The pepper new hashes use, and earlier ones that stored hashes may still name.
pub struct Peppers {
    pub current: Pepper,
    pub previous: Vec<Pepper>,
}

impl Peppers {
    fn find(&self, id: &[u8]) -> Option<&Pepper> {
        std::iter::once(&self.current).chain(&self.previous).find(|pepper| pepper.id == id)
    }
}

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum HashError {
    #[error("the stored hash is not an Argon2id hash this server may compute: {0}")]
    Stored(&'static str),
    #[error("Argon2: {0}")]
    Argon2(argon2::Error),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Wrong,
    /// `stale`: hashed with an older cost or pepper, so hash it again while the password is at hand.
    Right {
        stale: bool,
    },
}

/// Hashes with fixed parameters in a buffer the caller keeps.
pub struct Hasher {
    peppers: Peppers,
    cost: Cost,
    /// Verified in place of a missing hash, so that an account without one takes as long as any other.
    dummy: String,
}

impl Hasher {
    pub fn new(peppers: Peppers, cost: Cost) -> Result<Self, HashError> {
        let params = params(cost, &peppers.current)?;
        let dummy = phc(&params, &[0x2a; SALT_BYTES], &[0; HASH_BYTES])?;
        Ok(Hasher { peppers, cost, dummy })
    }

    pub fn cost(&self) -> Cost {
        self.cost
    }

    /// A PHC string with a fresh salt.
    pub fn hash(&self, password: &Password, memory: &mut Vec<Block>) -> Result<String, HashError> {
        let mut salt = [0u8; SALT_BYTES];
        rand::fill(&mut salt).expect("the operating system's random source always answers");
        let params = params(self.cost, &self.peppers.current)?;
        let mut output = [0u8; HASH_BYTES];
        let secret = self.peppers.current.secret.as_ref();
        compute(secret, &params, password, &salt, memory, &mut output)?;
        phc(&params, &salt, &output)
    }

    /// Whether `password` is the one that was hashed. Without a stored hash it does the same work and says `Wrong`.
    pub fn verify(&self, password: &Password, stored: Option<&str>, memory: &mut Vec<Block>) -> Result<Verdict, HashError> {
        let text = stored.unwrap_or(&self.dummy);
        let parsed = PasswordHash::new(text).map_err(|_| HashError::Stored("not a PHC string"))?;
        if parsed.algorithm != ARGON2ID_IDENT || parsed.version != Some(Version::V0x13.into()) {
            return Err(HashError::Stored("not Argon2id version 19"));
        }
        let (Some(salt), Some(hash)) = (&parsed.salt, &parsed.hash) else {
            return Err(HashError::Stored("salt or hash is missing"));
        };
        let params = Params::try_from(&parsed).map_err(|_| HashError::Stored("parameters"))?;
        let cost = Cost { memory_kib: params.m_cost(), passes: params.t_cost(), lanes: params.p_cost() };
        if !cost.within(Cost::LIMIT) || hash.len() < 16 {
            return Err(HashError::Stored("cost or length out of bounds"));
        }
        let pepper = self.peppers.find(params.keyid()).ok_or(HashError::Stored("unknown pepper"))?;
        let mut output = [0u8; Output::MAX_LENGTH];
        let output = &mut output[..hash.len()];
        compute(pepper.secret.as_ref(), &params, password, salt, memory, output)?;
        let equal = verify_slices_are_equal(output, hash.as_bytes()).is_ok();
        if !equal || stored.is_none() {
            return Ok(Verdict::Wrong);
        }
        Ok(Verdict::Right { stale: cost != self.cost || pepper.id != self.peppers.current.id })
    }
}

fn params(cost: Cost, pepper: &Pepper) -> Result<Params, HashError> {
    ParamsBuilder::new()
        .m_cost(cost.memory_kib)
        .t_cost(cost.passes)
        .p_cost(cost.lanes)
        .output_len(HASH_BYTES)
        .keyid(KeyId::new(&pepper.id).map_err(HashError::Argon2)?)
        .build()
        .map_err(HashError::Argon2)
}

fn compute(
    secret: &[u8],
    params: &Params,
    password: &Password,
    salt: &[u8],
    memory: &mut Vec<Block>,
    output: &mut [u8],
) -> Result<(), HashError> {
    if memory.len() < params.block_count() {
        memory.resize(params.block_count(), Block::new());
    }
    Argon2::new_with_secret(secret, Algorithm::Argon2id, Version::V0x13, params.clone())
        .and_then(|argon2| argon2.hash_password_into_with_memory(password.bytes(), salt, output, memory.as_mut_slice()))
        .map_err(HashError::Argon2)
}

fn phc(params: &Params, salt: &[u8], output: &[u8]) -> Result<String, HashError> {
    let unencodable = |_| HashError::Stored("unencodable");
    Ok(PasswordHash {
        algorithm: ARGON2ID_IDENT,
        version: Some(Version::V0x13.into()),
        params: ParamsString::try_from(params).map_err(|_| HashError::Stored("unencodable"))?,
        salt: Some(Salt::new(salt).map_err(unencodable)?),
        hash: Some(Output::new(output).map_err(unencodable)?),
    }
    .to_string())
}

#[cfg(test)]
#[path = "password_tests.rs"]
mod tests;
