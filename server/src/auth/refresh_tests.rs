use std::collections::HashMap;

use proptest::prelude::*;

use super::*;

fn at(s: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000 + s, 0).unwrap()
}

const LIVE: Family = Family { ended: false, idle_until: DateTime::<Utc>::MAX_UTC, expires_at: DateTime::<Utc>::MAX_UTC };

#[test]
fn text_round_trip_and_one_spelling() {
    let token = RefreshToken::generate();
    let text = token.reveal();
    assert_eq!(text.len(), 48);
    assert_eq!(RefreshToken::parse(&text).unwrap(), token);
    assert_ne!(RefreshToken::generate(), token);
    let mut respelled = text.to_string();
    let last = respelled.pop().unwrap();
    respelled.push(char::from_u32(last as u32 + 1).unwrap());
    assert!(RefreshToken::parse(&respelled).is_none(), "unused bits must be zero");
    for text in ["", "pecr_", &text[1..], &text[..47], &format!("{}A", *text), &text.replace("pecr_", "pecx_")] {
        assert!(RefreshToken::parse(text).is_none(), "{text}");
    }
    assert!(RefreshToken::parse(&format!("pecr_{}", "é".repeat(22))).is_none());
    assert!(RefreshToken::parse(&format!("pecr_{}=", "A".repeat(42))).is_none());
    assert_eq!(format!("{token:?}"), "RefreshToken(…)");
}

#[test]
fn only_the_old_token_opens_its_successor() {
    let (old, new, other) = (RefreshToken::generate(), RefreshToken::generate(), RefreshToken::generate());
    let sealed = old.seal(&new);
    assert_eq!(sealed.len(), SEALED_BYTES);
    assert_eq!(old.open(&sealed).unwrap(), new);
    assert_eq!(other.open(&sealed), Err(NotSealedForThis));
    assert_eq!(new.open(&sealed), Err(NotSealedForThis));
    assert_ne!(old.seal(&new), sealed, "a nonce is never repeated");
    for bit in 0..sealed.len() * 8 {
        let mut changed = sealed.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        assert_eq!(old.open(&changed), Err(NotSealedForThis), "bit {bit}");
    }
    for length in 0..sealed.len() {
        assert_eq!(old.open(&sealed[..length]), Err(NotSealedForThis));
    }
    // Neither the database's hash nor the sealed bytes contain the successor.
    assert!(!sealed.windows(32).any(|w| w == new.0.bytes()) && new.sha256() != *new.0.bytes());
}

#[test]
fn decision_table() {
    let unused = Presented { revoked: false, used: None, family: LIVE };
    let used = |ago_s: i64, successor| Presented { used: Some(Used { at: at(-ago_s), successor }), ..unused };
    let revoked = |token: Presented| Presented { revoked: true, ..token };
    let family = |family, token: Presented| Presented { family, ..token };
    let ended = Family { ended: true, ..LIVE };
    let idle = Family { idle_until: at(0), ..LIVE };
    let old = Family { expires_at: at(0), ..LIVE };
    let just_not_idle = Family { idle_until: at(1), ..LIVE };
    use Decision::*;
    let table = [
        (unused, Rotate),
        (used(0, Successor::Unused), Replay),
        (used(10, Successor::Unused), Replay),
        (used(10, Successor::Used), Replay),
        // Another node's clock is ahead: still within the window.
        (used(-3, Successor::Unused), Replay),
        (used(11, Successor::Unused), RotateAgain),
        (used(11, Successor::Used), EndFamily),
        (used(3_000_000, Successor::Unused), RotateAgain),
        (used(0, Successor::Revoked), EndFamily),
        (used(11, Successor::Revoked), EndFamily),
        (revoked(unused), EndFamily),
        (revoked(used(0, Successor::Unused)), EndFamily),
        (family(just_not_idle, unused), Rotate),
        (family(ended, unused), Refuse),
        (family(idle, unused), Refuse),
        (family(old, unused), Refuse),
        (family(ended, used(0, Successor::Unused)), Refuse),
        (family(idle, used(11, Successor::Used)), Refuse),
        (family(ended, revoked(unused)), Refuse),
    ];
    for (token, expected) in table {
        assert_eq!(decide(at(0), &token), expected, "{token:?}");
    }
}

/// A family in memory that applies what `decide` says, as the database transaction does. Tokens are numbers
/// in order of issue.
#[derive(Default)]
struct Model {
    tokens: Vec<Row>,
    ended: bool,
}

#[derive(Clone, Copy, Default)]
struct Row {
    used_at: Option<i64>,
    successor: Option<usize>,
    revoked: bool,
}

impl Model {
    fn new() -> Self {
        Model { tokens: vec![Row::default()], ended: false }
    }

    fn state(&self, token: usize) -> Presented {
        let row = self.tokens[token];
        let used = row.used_at.map(|used_at| {
            let next = self.tokens[row.successor.unwrap()];
            let successor = match (next.revoked, next.used_at) {
                (true, _) => Successor::Revoked,
                (false, Some(_)) => Successor::Used,
                (false, None) => Successor::Unused,
            };
            Used { at: at(used_at), successor }
        });
        Presented { revoked: row.revoked, used, family: Family { ended: self.ended, ..LIVE } }
    }

    fn present(&mut self, token: usize, now: i64) -> (Decision, Option<usize>) {
        let decision = decide(at(now), &self.state(token));
        let answer = match decision {
            Decision::Replay => self.tokens[token].successor,
            Decision::Rotate | Decision::RotateAgain => {
                if let Some(old) = self.tokens[token].successor {
                    self.tokens[old].revoked = true;
                }
                self.tokens.push(Row::default());
                let new = self.tokens.len() - 1;
                self.tokens[token].used_at = Some(now);
                self.tokens[token].successor = Some(new);
                Some(new)
            }
            Decision::EndFamily => {
                self.ended = true;
                self.tokens.iter_mut().for_each(|row| row.revoked = true);
                None
            }
            Decision::Refuse => None,
        };
        (decision, answer)
    }

    fn live(&self) -> usize {
        self.tokens.iter().filter(|row| !row.revoked && row.used_at.is_none()).count()
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    /// Anyone presents any token ever issued at any time: the rules hold, told here in terms of the history
    /// of answers alone, without looking at the state `decide` saw.
    #[test]
    fn rules_hold_for_any_order(steps in prop::collection::vec((any::<prop::sample::Index>(), 0i64..25), 1..60)) {
        let mut family = Model::new();
        let mut now = 0;
        // token → (its current successor, when it was handed out first)
        let mut given: HashMap<usize, (usize, i64)> = HashMap::new();
        let mut superseded: Vec<usize> = Vec::new();
        let mut over = false;
        for (pick, wait) in steps {
            now += wait;
            let token = pick.index(family.tokens.len());
            let (_, answer) = family.present(token, now);
            if over {
                prop_assert_eq!(answer, None, "an ended family never answers again");
                continue;
            }
            let before = given.get(&token).copied();
            let successor_was_used = before.is_some_and(|(next, _)| given.contains_key(&next));
            match before {
                _ if superseded.contains(&token) => over = true,
                None => prop_assert_eq!(answer, Some(family.tokens.len() - 1), "first use: a new successor"),
                Some((next, since)) if now - since <= 10 => prop_assert_eq!(answer, Some(next), "a retry: the same successor"),
                Some((next, _)) if !successor_was_used => {
                    prop_assert_eq!(answer, Some(family.tokens.len() - 1), "lost answer: another successor");
                    superseded.push(next);
                }
                Some(_) => over = true,
            }
            if let Some(answer) = answer {
                let since = before.filter(|(next, _)| *next == answer).map_or(now, |(_, since)| since);
                given.insert(token, (answer, since));
            }
            prop_assert_eq!(answer.is_none(), over);
            prop_assert_eq!(family.ended, over, "the family ends exactly when the rules say so");
            prop_assert_eq!(family.live(), usize::from(!over), "one live token, or none once it is over");
        }
    }

    /// A browser whose answers get lost now and then, with several tabs asking at once, is never logged out.
    #[test]
    fn honest_clients_are_never_logged_out(rounds in prop::collection::vec((11i64..4000, 1usize..50, 0usize..50, any::<bool>()), 1..40)) {
        let mut family = Model::new();
        let (mut jar, mut now) = (0, 0);
        for (wait, tabs, slow, lost) in rounds {
            now += wait;
            let asked = jar;
            for tab in 0..tabs {
                // The tabs that wait for the first one's lock answer some seconds later.
                let later = if tab < slow { 0 } else { 10 };
                let (_, answer) = family.present(asked, now + later);
                prop_assert!(answer.is_some(), "logged out");
                if !lost {
                    jar = answer.unwrap();
                }
            }
            now += 10;
        }
        prop_assert!(!family.ended);
    }

    /// A thief and the owner both hold a token: once they used it more than the window apart, and the
    /// successor was used in between, the session is over for both.
    #[test]
    fn a_stolen_token_ends_the_family(first in 0i64..1000, gap in 11i64..1000, owner_first in any::<bool>()) {
        let mut family = Model::new();
        let (_, one) = family.present(0, first);
        let (_, next) = family.present(one.unwrap(), first + 1);
        prop_assert!(next.is_some());
        let (decision, answer) = family.present(0, first + gap);
        prop_assert_eq!((decision, answer), (Decision::EndFamily, None));
        let token = if owner_first { next.unwrap() } else { one.unwrap() };
        prop_assert_eq!(family.present(token, first + gap).1, None);
    }
}
