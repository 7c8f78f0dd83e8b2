//! What the file does not say: when the term and its parts begin and end.

use std::collections::BTreeSet;

use garde::Validate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::api::{Date, text};

/// Name and dates of the term the file is about. An existing term of the same code takes them over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ImportParams {
    #[garde(length(chars, min = 1, max = 60), pattern(text::NAME))]
    pub term_name: String,
    #[garde(skip)]
    pub starts_on: Date,
    #[garde(skip)]
    pub ends_on: Date,
    /// Parts of term with dates of their own. A part the file names, but nobody gave dates, is the whole term.
    #[garde(length(max = 50), dive)]
    #[serde(default)]
    pub parts: Vec<PartDates>,
}

/// One part of term, inside the term's dates.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PartDates {
    #[garde(length(chars, min = 1, max = 10), pattern(text::NAME))]
    pub code: String,
    #[garde(skip)]
    pub starts_on: Date,
    #[garde(skip)]
    pub ends_on: Date,
}

/// Why the parameters cannot be used; `index` counts parts from 0.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParamsError {
    /// A single value is out of its bounds. Over HTTP such a request has been refused before.
    #[error("{0}")]
    Form(String),
    #[error("the term ends before it starts")]
    TermDates,
    #[error("another part of term has this code")]
    PartCode { index: usize },
    #[error("the part of term ends before it starts")]
    PartReversed { index: usize },
    #[error("the part of term starts before the term does")]
    PartTooEarly { index: usize },
    #[error("the part of term ends after the term does")]
    PartTooLate { index: usize },
}

impl ImportParams {
    /// What holds between the values, and once more each one by itself: the command line has checked nothing.
    pub fn check(&self) -> Result<(), ParamsError> {
        self.validate().map_err(|report| ParamsError::Form(report.to_string().trim_end().to_owned()))?;
        if self.starts_on > self.ends_on {
            return Err(ParamsError::TermDates);
        }
        let mut codes = BTreeSet::new();
        for (index, part) in self.parts.iter().enumerate() {
            if !codes.insert(&part.code) {
                return Err(ParamsError::PartCode { index });
            }
            if part.starts_on > part.ends_on {
                return Err(ParamsError::PartReversed { index });
            }
            if part.starts_on < self.starts_on {
                return Err(ParamsError::PartTooEarly { index });
            }
            if part.ends_on > self.ends_on {
                return Err(ParamsError::PartTooLate { index });
            }
        }
        Ok(())
    }
}
