//! Credit hours as catalogs write them: "3 hours.", "1 TO 5 hours.", "3 OR 4 hours.", ".5 to 5 hours.".

use std::fmt;

/// Whether a section earns exactly `min`, anything between, or one of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CreditsKind {
    Fixed,
    Range,
    Choice,
}

impl CreditsKind {
    /// As the database spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Fixed => "fixed",
            Self::Range => "range",
            Self::Choice => "choice",
        }
    }

    pub(super) fn from_db(value: &str) -> Self {
        match value {
            "range" => Self::Range,
            "choice" => Self::Choice,
            _ => Self::Fixed,
        }
    }
}

/// Credit hours in hundredths; always quarters, `min <= max <= 100 hours`, and equal when fixed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Credits {
    pub kind: CreditsKind,
    pub min_hundredths: i32,
    pub max_hundredths: i32,
}

const MAX_HUNDREDTHS: i32 = 10_000;

impl Credits {
    pub fn fixed(hundredths: i32) -> Self {
        Self { kind: CreditsKind::Fixed, min_hundredths: hundredths, max_hundredths: hundredths }
    }

    /// `None` when the text is none of the known forms or breaks the invariants of the type.
    pub fn parse(text: &str) -> Option<Self> {
        let lower = text.trim().to_ascii_lowercase();
        let bare = lower.strip_suffix('.').unwrap_or(&lower);
        let bare = bare.strip_suffix("hours").or_else(|| bare.strip_suffix("hour")).unwrap_or(bare);
        let words: Vec<&str> = bare.split_ascii_whitespace().collect();
        match words[..] {
            [only] => Some(Self::fixed(hundredths(only)?)),
            [low, word @ ("to" | "or"), high] => {
                let (min, max) = (hundredths(low)?, hundredths(high)?);
                let kind = if word == "to" { CreditsKind::Range } else { CreditsKind::Choice };
                match min.cmp(&max) {
                    std::cmp::Ordering::Less => Some(Self { kind, min_hundredths: min, max_hundredths: max }),
                    std::cmp::Ordering::Equal => Some(Self::fixed(min)),
                    std::cmp::Ordering::Greater => None,
                }
            }
            _ => None,
        }
    }
}

impl fmt::Display for Credits {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (low, high) = (show(self.min_hundredths), show(self.max_hundredths));
        match self.kind {
            CreditsKind::Fixed => write!(out, "{low}"),
            CreditsKind::Range => write!(out, "{low} to {high}"),
            CreditsKind::Choice => write!(out, "{low} or {high}"),
        }
    }
}

/// "3", "0.5", "1.25".
pub(super) fn show(hundredths: i32) -> String {
    let (whole, rest) = (hundredths / 100, hundredths % 100);
    match rest {
        0 => whole.to_string(),
        _ if rest % 10 == 0 => format!("{whole}.{}", rest / 10),
        _ => format!("{whole}.{rest:02}"),
    }
}

/// "3", ".5", "1.25" in hundredths; refuses signs, exponents, anything finer than a quarter and more than 100 hours.
fn hundredths(text: &str) -> Option<i32> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = |part: &str, most: usize| part.len() <= most && part.bytes().all(|b| b.is_ascii_digit());
    if !digits(whole, 3) || !digits(fraction, 2) || (whole.is_empty() && fraction.is_empty()) || text.ends_with('.') {
        return None;
    }
    let whole: i32 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    let fraction: i32 = format!("{fraction:0<2}").parse().ok()?;
    let value = whole * 100 + fraction;
    (value % 25 == 0 && value <= MAX_HUNDREDTHS).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::{Credits, CreditsKind};

    fn parsed(text: &str) -> Option<(CreditsKind, i32, i32)> {
        Credits::parse(text).map(|c| (c.kind, c.min_hundredths, c.max_hundredths))
    }

    #[test]
    fn reads_every_known_form() {
        assert_eq!(parsed("3 hours."), Some((CreditsKind::Fixed, 300, 300)));
        assert_eq!(parsed("1 TO 5 hours."), Some((CreditsKind::Range, 100, 500)));
        assert_eq!(parsed("3 OR 4 hours."), Some((CreditsKind::Choice, 300, 400)));
        assert_eq!(parsed(".5 to 5 hours."), Some((CreditsKind::Range, 50, 500)));
        assert_eq!(parsed("0 hours"), Some((CreditsKind::Fixed, 0, 0)));
        assert_eq!(parsed("1 hour"), Some((CreditsKind::Fixed, 100, 100)));
        assert_eq!(parsed("1.25"), Some((CreditsKind::Fixed, 125, 125)));
        assert_eq!(parsed("4 TO 4 hours."), Some((CreditsKind::Fixed, 400, 400)));
        assert_eq!(parsed("100 hours"), Some((CreditsKind::Fixed, 10_000, 10_000)));
    }

    #[test]
    fn refuses_what_the_database_would() {
        for text in [
            "",
            ".",
            "hours",
            "three",
            "-1",
            "1e2",
            "5 TO 1 hours.",
            "1 OR 2 OR 3 hours.",
            "0.3",
            "101 hours",
            "1 to",
            "3. hours",
            "٣",
        ] {
            assert_eq!(parsed(text), None, "{text:?}");
        }
    }

    #[test]
    fn shows_quarters() {
        assert_eq!(Credits::parse(".5 to 5").map(|c| c.to_string()).as_deref(), Some("0.5 to 5"));
        assert_eq!(Credits::parse("1.25").map(|c| c.to_string()).as_deref(), Some("1.25"));
    }
}
