use super::*;

pub(super) const CHEAP: Cost = Cost { memory_kib: 64, passes: 1, lanes: 1 };

fn pepper(n: u8) -> Pepper {
    Pepper { id: [b'p', 0, 0, n], secret: Zeroizing::new([n; 32]) }
}

fn hasher(current: u8, previous: &[u8], cost: Cost) -> Hasher {
    let peppers = Peppers { current: pepper(current), previous: previous.iter().map(|n| pepper(*n)).collect() };
    Hasher::new(peppers, cost).unwrap()
}

fn pw(text: &str) -> Password {
    Password::new(text)
}

#[test]
fn right_and_wrong() {
    let h = hasher(1, &[], CHEAP);
    let mut memory = Vec::new();
    let stored = h.hash(&pw("correct horse"), &mut memory).unwrap();
    assert!(stored.starts_with("$argon2id$v=19$m=64,t=1,p=1,keyid="), "{stored}");
    assert_eq!(h.verify(&pw("correct horse"), Some(&stored), &mut memory), Ok(Verdict::Right { stale: false }));
    for wrong in ["correct hors", "Correct horse", "correct horse ", ""] {
        assert_eq!(h.verify(&pw(wrong), Some(&stored), &mut memory), Ok(Verdict::Wrong), "{wrong:?}");
    }
    assert_ne!(h.hash(&pw("correct horse"), &mut memory).unwrap(), stored, "salts differ");
}

#[test]
fn the_default_cost_is_owasps_minimum() {
    let h = hasher(1, &[], Cost::OWASP);
    let mut memory = Vec::new();
    let stored = h.hash(&pw("correct horse"), &mut memory).unwrap();
    assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1,"), "{stored}");
    assert_eq!(memory.len(), 19456);
}

#[test]
fn agrees_with_the_library_used_directly() {
    use argon2::PasswordVerifier;
    let h = hasher(1, &[], CHEAP);
    let stored = h.hash(&pw("correct horse"), &mut Vec::new()).unwrap();
    let parsed = PasswordHash::new(&stored).unwrap();
    let with =
        |secret: &'static [u8]| Argon2::new_with_secret(secret, Algorithm::Argon2id, Version::V0x13, Params::default()).unwrap();
    assert!(with(&[1; 32]).verify_password(b"correct horse", &parsed).is_ok());
    // Without the pepper the right password doesn't match: the stored table alone can't be guessed against.
    assert!(with(&[2; 32]).verify_password(b"correct horse", &parsed).is_err());
    assert!(Argon2::default().verify_password(b"correct horse", &parsed).is_err());
}

#[test]
fn no_stored_hash_is_always_wrong_and_does_the_same_work() {
    let h = hasher(1, &[], CHEAP);
    let mut memory = Vec::new();
    assert_eq!(h.verify(&pw("anything at all"), None, &mut memory), Ok(Verdict::Wrong));
    // The buffer was filled: the work was done.
    assert_eq!(memory.len(), 64);
    let dummy = PasswordHash::new(&h.dummy).unwrap();
    let real_text = h.hash(&pw("x"), &mut memory).unwrap();
    let real = PasswordHash::new(&real_text).unwrap();
    assert_eq!(dummy.params, real.params);
    assert_eq!(dummy.salt.unwrap().len(), real.salt.unwrap().len());
    assert_eq!(dummy.hash.unwrap().len(), real.hash.unwrap().len());
}

#[test]
fn an_older_pepper_or_cost_still_verifies_and_is_called_stale() {
    let mut memory = Vec::new();
    let stored = hasher(1, &[], CHEAP).hash(&pw("correct horse"), &mut memory).unwrap();
    let rotated = hasher(2, &[1], CHEAP);
    assert_eq!(rotated.verify(&pw("correct horse"), Some(&stored), &mut memory), Ok(Verdict::Right { stale: true }));
    let dearer = hasher(1, &[], Cost { passes: 2, ..CHEAP });
    assert_eq!(dearer.verify(&pw("correct horse"), Some(&stored), &mut memory), Ok(Verdict::Right { stale: true }));
    let gone = hasher(2, &[], CHEAP);
    assert_eq!(gone.verify(&pw("correct horse"), Some(&stored), &mut memory), Err(HashError::Stored("unknown pepper")));
}

#[test]
fn a_larger_buffer_left_by_another_hash_changes_nothing() {
    let h = hasher(1, &[], CHEAP);
    let mut dirty = vec![Block::new(); 500];
    dirty.iter_mut().for_each(|block| block.as_mut().fill(0xdead_beef));
    let stored = h.hash(&pw("correct horse"), &mut dirty).unwrap();
    assert_eq!(h.verify(&pw("correct horse"), Some(&stored), &mut Vec::new()), Ok(Verdict::Right { stale: false }));
}

#[test]
fn planted_hashes_are_errors_not_work() {
    let h = hasher(1, &[], CHEAP);
    let good = h.hash(&pw("correct horse"), &mut Vec::new()).unwrap();
    let mut memory = Vec::new();
    let planted = [
        String::new(),
        "correct horse".into(),
        good.replace("m=64,", "m=4194304,"),
        good.replace("t=1,", "t=4000000000,"),
        good.replace("p=1,", "p=16777215,"),
        good.replace("m=64,", "m=0,"),
        good.replace("argon2id", "argon2i"),
        good.replace("argon2id", "argon2d"),
        good.replace("v=19", "v=16"),
        good.replace("$v=19", ""),
        good.rsplit_once('$').unwrap().0.to_owned(),
    ];
    for text in planted {
        assert!(matches!(h.verify(&pw("correct horse"), Some(&text), &mut memory), Err(HashError::Stored(_))), "{text}");
    }
    assert!(memory.is_empty(), "nothing was computed");
}

#[test]
fn the_same_letters_typed_on_two_systems_are_one_password() {
    let h = hasher(1, &[], CHEAP);
    let stored = h.hash(&pw("pässwörd"), &mut Vec::new()).unwrap();
    let decomposed = "pa\u{308}sswo\u{308}rd";
    assert_eq!(h.verify(&pw(decomposed), Some(&stored), &mut Vec::new()), Ok(Verdict::Right { stale: false }));
}

#[test]
fn rules_for_a_new_password() {
    let check = |text: &str| pw(text).check_new(Some("ada.lovelace@demo.edu"), &[]);
    assert_eq!(check("1234567"), Err(PasswordProblem::TooShort));
    assert_eq!(check("12345 78"), Ok(()));
    assert_eq!(check("ñandúñan"), Ok(()));
    assert_eq!(check(&"🎓".repeat(7)), Err(PasswordProblem::TooShort));
    assert_eq!(check(&"🎓".repeat(128)), Ok(()));
    assert_eq!(check(&"a".repeat(129)), Err(PasswordProblem::TooLong));
    assert_eq!(check("Ada.Lovelace@Demo.edu"), Err(PasswordProblem::SameAsEmail));
    assert_eq!(check("ada.lovelace"), Err(PasswordProblem::SameAsEmail));
    assert_eq!(check("ada.lovelace1"), Ok(()));
    assert_eq!(pw("ada.lovelace").check_new(None, &[]), Ok(()));
}

#[test]
fn a_password_is_never_printed() {
    assert_eq!(format!("{:?}", pw("correct horse")), "Password(…)");
}

#[test]
fn what_everybody_chooses_is_refused() {
    assert!(common().len() >= 3_000, "{}", common().len());
    assert!(common().iter().all(|word| word.chars().count() >= MIN_CHARS && **word == word.to_lowercase()));
    for text in ["password", "PassWord", "12345678", "iloveyou", "qwertyuiop", "baseball1"] {
        assert_eq!(pw(text).check_new(None, &[]), Err(PasswordProblem::TooCommon), "{text}");
    }
    assert_eq!(pw("correct horse battery").check_new(None, &[]), Ok(()));
}

#[test]
fn the_institutions_own_words_are_refused() {
    let words = ["Northgate College of Technology".to_owned(), "NCT".to_owned(), "northgate".to_owned()];
    let refused = Err(PasswordProblem::SameAsInstitution);
    for text in ["northgate", "Northgate2031!", "nct@2024!!", "NorthgateCollege1", "northgate-college-of-technology", "nctnct99"]
    {
        assert_eq!(pw(text).check_new(None, &words), refused, "{text}");
    }
    for text in ["northgate swims at dawn", "20312031", "collegial mood", "my nct locker 77"] {
        assert_eq!(pw(text).check_new(None, &words), Ok(()), "{text}");
    }
}
