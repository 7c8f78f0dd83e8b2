//! JSON values for a schema: valid ones, ones at and just past the boundaries, and hostile ones. Seeded: a failure repeats.

use std::collections::BTreeMap;

use rand::{Rng, SeedableRng, seq::IndexedRandom};
use rand_chacha::ChaCha8Rng;
use regex_syntax::hir::{Class, Hir, HirKind};
use serde_json::{Map, Value, json};

/// Where code points, UTF-16 units, white space and line ends are counted differently by the careless.
const ODD: &[char] = &[
    'a',
    'Z',
    '0',
    ' ',
    '-',
    '.',
    '@',
    '&',
    '/',
    'é',
    'ß',
    '😀',
    '\u{301}',
    '\u{a0}',
    '\u{2028}',
    '\u{feff}',
    '\u{85}',
    '\0',
    '\n',
    '\t',
    '\r',
    '\u{1f}',
    '\u{7f}',
    '\u{80}',
    '\u{ffff}',
    '\u{10ffff}',
    '\u{d7ff}',
    '\u{e000}',
    '"',
    '\\',
    'İ',
    'ſ',
    'K',
];

const ODD_KEYS: &[&str] = &["__proto__", "constructor", "toString", "hasOwnProperty", "", "extra", "full_name", "\u{0}", "Name"];

pub struct Generator<'a> {
    document: &'a Value,
    rng: ChaCha8Rng,
    patterns: BTreeMap<String, Hir>,
    /// Whether leaves may step just past their bounds.
    sloppy: bool,
}

impl<'a> Generator<'a> {
    pub fn new(document: &'a Value, seed: u64) -> Self {
        Self { document, rng: ChaCha8Rng::seed_from_u64(seed), patterns: BTreeMap::new(), sloppy: false }
    }

    /// One value to be judged: half of them meant to be valid.
    pub fn case(&mut self, schema: &Value) -> Value {
        match self.rng.random_range(0..100) {
            0..50 => self.value(schema),
            50..75 => {
                self.sloppy = true;
                let value = self.value(schema);
                self.sloppy = false;
                value
            }
            75..97 => {
                let mut value = self.value(schema);
                self.spoil(&mut value);
                value
            }
            _ => self.hostile(),
        }
    }

    /// A value of the schema.
    pub fn value(&mut self, schema: &Value) -> Value {
        if let Some(reference) = schema["$ref"].as_str() {
            let document = self.document;
            return self.value(document.pointer(&reference[1..]).unwrap());
        }
        if let Some(members) = schema["enum"].as_array() {
            return members.choose(&mut self.rng).unwrap().clone();
        }
        if let Some(members) = schema["anyOf"].as_array() {
            let member = members.choose(&mut self.rng).unwrap().clone();
            return self.value(&member);
        }
        let kind = match &schema["type"] {
            Value::Array(kinds) => kinds.choose(&mut self.rng).unwrap().as_str().unwrap(),
            kind => kind.as_str().unwrap(),
        };
        match kind {
            "null" => Value::Null,
            "boolean" => self.rng.random::<bool>().into(),
            "string" => self.string(schema).into(),
            "integer" => self.integer(schema),
            "number" => self.number(schema),
            "array" => {
                let max = schema["maxItems"].as_u64().unwrap_or(5) + u64::from(self.slip());
                let count = self.rng.random_range(schema["minItems"].as_u64().unwrap_or(0)..=max);
                (0..count).map(|_| self.value(&schema["items"])).collect()
            }
            "object" => self.object(schema),
            other => panic!("no values of type {other}"),
        }
    }

    /// Whether this leaf may be wrong.
    fn slip(&mut self) -> bool {
        self.sloppy && self.rng.random_ratio(1, 8)
    }

    fn object(&mut self, schema: &Value) -> Value {
        let required = |name: &str| schema["required"].as_array().is_some_and(|names| names.iter().any(|n| n == name));
        let mut object = Map::new();
        for (name, property) in schema["properties"].as_object().into_iter().flatten() {
            if required(name) || self.rng.random() {
                object.insert(name.clone(), self.value(property));
            }
        }
        object.into()
    }

    fn integer(&mut self, schema: &Value) -> Value {
        let (min, max) = (schema["minimum"].as_i64().unwrap(), schema["maximum"].as_i64().unwrap());
        let random = self.rng.random_range(min..=max);
        if self.slip() {
            return [json!(min - 1), json!(max + 1), json!(1i64 << 53), json!(u64::MAX), json!(0.5), json!(1e30)]
                .choose(&mut self.rng)
                .unwrap()
                .clone();
        }
        (*[min, max, random, 1.clamp(min, max)].choose(&mut self.rng).unwrap()).into()
    }

    fn number(&mut self, schema: &Value) -> Value {
        let (min, max) = (schema["minimum"].as_f64().unwrap_or(-1e300), schema["maximum"].as_f64().unwrap_or(1e300));
        let random = self.rng.random_range(min / 2.0..=max / 2.0);
        if self.slip() {
            return as_json(*[min - 0.25, max + 1.0, -1e308, 5e-324].choose(&mut self.rng).unwrap());
        }
        as_json(*[min, max, random, 0.5_f64.clamp(min, max), 3.0_f64.clamp(min, max)].choose(&mut self.rng).unwrap())
    }

    fn string(&mut self, schema: &Value) -> String {
        if self.slip() {
            return self.odd_text(12);
        }
        let min = schema["minLength"].as_u64().unwrap_or(0) as usize;
        let max = schema["maxLength"].as_u64().map_or(60, |max| max as usize);
        // Long texts are slow to make; one in eight shows what happens at the far end.
        let long = self.rng.random_ratio(1, 8);
        let usual = self.rng.random_range(min..=max.min(min + 10));
        let wanted = *[min, min + 1, usual, if long { max } else { usual }].choose(&mut self.rng).unwrap();
        let wanted = if self.slip() { max + 1 } else { wanted.min(max) };
        let Some(pattern) = schema["pattern"].as_str() else { return self.odd_text(wanted) };
        let hir = self
            .patterns
            .entry(pattern.to_owned())
            .or_insert_with(|| regex_syntax::parse(pattern).expect("the server compiles this pattern"))
            .clone();
        // Repetitions are drawn at random, so the length is; a few tries usually fit the bounds.
        let mut text = String::new();
        for _ in 0..6 {
            text.clear();
            self.matching(&hir, wanted, &mut text);
            if (min..=max).contains(&text.chars().count()) {
                break;
            }
        }
        if schema["format"] == "date" && !self.sloppy {
            // Days that no month lacks, or the pattern alone would make a sixtieth of all dates impossible.
            text.replace_range(8.., ["01", "28", "15"].choose(&mut self.rng).unwrap());
        }
        text
    }

    fn matching(&mut self, hir: &Hir, wanted: usize, out: &mut String) {
        match hir.kind() {
            HirKind::Empty | HirKind::Look(_) => {}
            HirKind::Literal(literal) => out.push_str(std::str::from_utf8(&literal.0).unwrap()),
            HirKind::Class(class) => out.push(self.member(class)),
            HirKind::Repetition(repetition) => {
                let left = u32::try_from(wanted.saturating_sub(out.chars().count())).unwrap();
                let most = repetition.max.unwrap_or(left.max(repetition.min)).min(left.max(repetition.min));
                let count = *[most, self.rng.random_range(repetition.min..=most)].choose(&mut self.rng).unwrap();
                (0..count).for_each(|_| self.matching(&repetition.sub, wanted, out));
            }
            HirKind::Capture(capture) => self.matching(&capture.sub, wanted, out),
            HirKind::Concat(parts) => parts.iter().for_each(|part| self.matching(part, wanted, out)),
            HirKind::Alternation(choices) => {
                let choice = choices.choose(&mut self.rng).unwrap();
                self.matching(choice, wanted, out);
            }
        }
    }

    /// A member of the class: an odd one if it has any, or any.
    fn member(&mut self, class: &Class) -> char {
        let Class::Unicode(class) = class else { panic!("patterns speak of characters, not of bytes") };
        let odd = *ODD.choose(&mut self.rng).unwrap();
        if class.ranges().iter().any(|range| (range.start()..=range.end()).contains(&odd)) {
            return odd;
        }
        let range = class.ranges().choose(&mut self.rng).unwrap();
        char::from_u32(self.rng.random_range(range.start() as u32..=range.end() as u32)).unwrap_or(range.start())
    }

    fn odd_text(&mut self, longest: usize) -> String {
        let length = self.rng.random_range(0..=longest);
        (0..length).map(|_| *ODD.choose(&mut self.rng).unwrap()).collect()
    }

    /// Breaks the value somewhere: a part replaced, taken away, added, wrapped.
    fn spoil(&mut self, value: &mut Value) {
        let deeper = self.rng.random_ratio(3, 4);
        match value {
            Value::Object(object) if deeper && !object.is_empty() => {
                let name = object.keys().nth(self.rng.random_range(0..object.len())).unwrap().clone();
                match self.rng.random_range(0..6) {
                    0 => drop(object.remove(&name)),
                    1 => drop(object.insert((*ODD_KEYS.choose(&mut self.rng).unwrap()).to_owned(), Value::Null)),
                    2 => {
                        let moved = object.remove(&name).unwrap();
                        object.insert(name.to_uppercase(), moved);
                    }
                    _ => self.spoil(object.get_mut(&name).unwrap()),
                }
            }
            Value::Array(items) if deeper && !items.is_empty() => {
                let at = self.rng.random_range(0..items.len());
                match self.rng.random_range(0..4) {
                    0 => drop(items.remove(at)),
                    1 => items.extend(items.clone()),
                    _ => self.spoil(&mut items[at]),
                }
            }
            Value::String(text) if deeper => {
                let odd = *ODD.choose(&mut self.rng).unwrap();
                match self.rng.random_range(0..4) {
                    0 => text.push(odd),
                    1 => text.insert(0, odd),
                    2 => *text = text.to_uppercase(),
                    _ => *text = text.repeat(3),
                }
            }
            other if self.rng.random_ratio(1, 4) => *other = json!([other.take()]),
            // An object as the list of its values is how serde would read a struct, were it let.
            Value::Object(object) if self.rng.random_ratio(1, 2) => *value = object.values().cloned().collect(),
            Value::String(text) if self.rng.random_ratio(1, 4) => *value = json!({ text.as_str(): null }),
            other => *other = self.hostile(),
        }
    }

    fn hostile(&mut self) -> Value {
        let leaf = [
            json!(null),
            json!(true),
            json!(false),
            json!(0),
            json!(-1),
            json!(1),
            json!(1.5),
            json!(255),
            json!(256),
            json!(i64::from(i32::MAX) + 1),
            json!((1i64 << 53) - 1),
            json!(1i64 << 53),
            json!(i64::MIN),
            json!(u64::MAX),
            json!(1e300),
            json!(-1e-300),
            json!(""),
            json!(" "),
            json!("null"),
            json!("0"),
            json!("true"),
            json!([]),
            json!({}),
            json!("1e3"),
            json!("../../etc/passwd"),
            json!("<script>alert(1)</script>"),
            json!("' or 1=1 --"),
            json!("$ne"),
            json!({ "$gt": "" }),
            json!({ "__proto__": { "admin": true } }),
            json!([[[[[]]]]]),
            json!("x".repeat(9000)),
        ];
        match self.rng.random_range(0..8) {
            0 => self.odd_text(20).into(),
            _ => leaf.choose(&mut self.rng).unwrap().clone(),
        }
    }
}

/// JSON has one way to write a whole number; `1.0` is a textual oddity and judged elsewhere.
fn as_json(number: f64) -> Value {
    if number.fract() == 0.0 && number.abs() < 9e15 { json!(number as i64) } else { json!(number) }
}
