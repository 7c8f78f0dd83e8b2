//! What the file does not say: when the term and its parts begin and end.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

const MAX_PARTS: usize = 50;

/// Name and dates of the term the file is about. An existing term of the same code takes them over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ImportParams {
    pub term_name: String,
    pub starts_on: NaiveDate,
    pub ends_on: NaiveDate,
    /// Parts of term with dates of their own. A part the file names, but nobody gave dates, is the whole term.
    #[serde(default)]
    pub parts: Vec<PartDates>,
}

/// One part of term, inside the term's dates.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PartDates {
    pub code: String,
    pub starts_on: NaiveDate,
    pub ends_on: NaiveDate,
}

/// Why the parameters cannot be used; `index` counts parts from 0.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParamsError {
    #[error("the term needs a name of 1 to 60 characters")]
    TermName,
    #[error("the term ends before it starts")]
    TermDates,
    #[error("more than {MAX_PARTS} parts of term")]
    TooManyParts,
    #[error("part of term {index} needs a code of 1 to 10 characters that no other part has")]
    PartCode { index: usize },
    #[error("part of term {index} must start before it ends, inside the term")]
    PartDates { index: usize },
}

impl ImportParams {
    /// The database's rules, before anything is read.
    pub fn check(&self) -> Result<(), ParamsError> {
        if !fits(&self.term_name, 60) {
            return Err(ParamsError::TermName);
        }
        if self.starts_on > self.ends_on {
            return Err(ParamsError::TermDates);
        }
        if self.parts.len() > MAX_PARTS {
            return Err(ParamsError::TooManyParts);
        }
        let mut codes = BTreeSet::new();
        for (index, part) in self.parts.iter().enumerate() {
            if !fits(&part.code, 10) || !codes.insert(&part.code) {
                return Err(ParamsError::PartCode { index });
            }
            if part.starts_on < self.starts_on || part.starts_on > part.ends_on || part.ends_on > self.ends_on {
                return Err(ParamsError::PartDates { index });
            }
        }
        Ok(())
    }
}

fn fits(text: &str, max: usize) -> bool {
    text.trim() == text && (1..=max).contains(&text.chars().count()) && !text.chars().any(char::is_control)
}
