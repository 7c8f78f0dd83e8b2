//! What somebody typed into the search box, as the words to look for.

/// More words than anyone types; the rest is left out rather than refused.
const MAX_WORDS: usize = 8;

/// Words to find, all of them, anywhere in a course's code and title.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchWords {
    /// The words with a blank between them.
    pub phrase: String,
    /// The longest word: the one an index is asked for.
    pub anchor: String,
    /// The anchor anywhere in a text, as a pattern of LIKE.
    pub anchor_like: String,
    /// Everything typed without blanks and punctuation, in lower case: "cs301" is how "CS 301" is often typed.
    pub compact: String,
}

impl SearchWords {
    /// `None` when nothing to look for is left: then the list is not filtered.
    pub fn parse(typed: &str) -> Option<Self> {
        let mut words: Vec<String> = Vec::new();
        for part in typed.split(separates).filter(|part| !part.is_empty()) {
            words.extend(split_code(part).into_iter().map(str::to_lowercase));
        }
        words.truncate(MAX_WORDS);
        // Of several longest words the first, so that the same text is always the same query.
        let anchor = words.iter().rev().max_by_key(|word| word.chars().count())?.clone();
        let escaped = anchor.replace('\\', r"\\").replace('%', r"\%").replace('_', r"\_");
        Some(Self { phrase: words.join(" "), anchor_like: format!("%{escaped}%"), compact: words.concat(), anchor })
    }
}

/// Blanks and the punctuation of titles. "+", "#" and "&" stay: they tell C++ and C# from C.
fn separates(c: char) -> bool {
    c.is_whitespace() || matches!(c, ',' | ';' | ':' | '/' | '(' | ')' | '"' | '\'' | '’' | '.' | '-' | '–' | '!' | '?')
}

/// "cs301" is department and number.
fn split_code(word: &str) -> Vec<&str> {
    match word.find(|c: char| c.is_ascii_digit()) {
        Some(at) if at > 0 && word[..at].chars().all(char::is_alphabetic) => vec![&word[..at], &word[at..]],
        _ => vec![word],
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn words_of_what_is_typed() {
        for (typed, phrase, anchor_like) in [
            ("calclus", "calclus", "%calclus%"),
            ("  Intro to  Algorithms ", "intro to algorithms", "%algorithms%"),
            ("CS301", "cs 301", "%301%"),
            ("cs-301", "cs 301", "%301%"),
            ("C++", "c++", "%c++%"),
            ("100%_\\", "100%_\\", r"%100\%\_\\%"),
            ("2nd", "2nd", "%2nd%"),
            ("ÉTUDES", "études", "%études%"),
            ("one four five nine", "one four five nine", "%four%"),
        ] {
            let words = SearchWords::parse(typed).unwrap();
            assert_eq!((words.phrase.as_str(), words.anchor_like.as_str()), (phrase, anchor_like), "{typed}");
        }
        assert_eq!(SearchWords::parse("Cs 301").unwrap().compact, "cs301");
    }

    #[test]
    fn nothing_to_look_for() {
        for typed in ["", "   ", "-", "?!", "( . )"] {
            assert_eq!(SearchWords::parse(typed), None, "{typed}");
        }
    }

    proptest! {
        #[test]
        fn any_text_gives_few_words(typed in "\\PC{0,100}") {
            if let Some(words) = SearchWords::parse(&typed) {
                prop_assert!(words.phrase.split(' ').count() <= MAX_WORDS);
                prop_assert!(words.phrase.split(' ').any(|word| word == words.anchor));
            }
        }
    }
}
