//! One prerendered text (an HTML document, an RSC payload or a segment), kept so that answering costs a copy.
//!
//! A text is a row of parts: fixed bytes, places where the visitor's id goes, and at most one place where
//! first data goes. Fixed bytes are deflated once, at load; ids and short data travel as stored deflate blocks, which costs
//! nothing. Only a long piece of data is deflated for its request: uncompressed it would not fit what a new connection may send
//! before it hears back.
//!
//! Invariants: every part ends on a byte boundary of the deflate stream, so parts concatenate; an id has the
//! length of the sentinel, so the distances inside the stream (and React's own length prefixes) stay right;
//! nothing after the data place refers to bytes before it, because data has any length. Each piece of data is a stream of its own:
//! what a visitor chose (a search text in an address) is never compressed together with what only the visitor may see, so its length
//! says nothing about it.
//!
//! This module knows nothing of HTTP, of access or of what the texts mean.

use std::cell::RefCell;

use bytes::{BufMut, Bytes, BytesMut};
use flate2::{Compress, Compression, FlushCompress};

use super::SENTINEL;

/// Length of an id in its canonical text form, which is also the sentinel's.
pub const ID_LEN: usize = 36;

/// The longest run of bytes one stored deflate block can carry.
const STORED_MAX: usize = 65_535;

/// From this length on a piece of data is deflated: about a packet and a half.
const DEFLATE_FROM: usize = 2_048;

/// A gzip header without a name or a time, so that equal texts give equal bytes.
const GZIP_HEADER: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 0xff];

/// An empty, final block with fixed Huffman codes: ends any stream that stands on a byte boundary.
const DEFLATE_END: [u8; 2] = [0x03, 0x00];

/// Stands for an id while its surroundings are deflated. UTF-8 never contains this byte, so no match can reach
/// into the place where the real id will stand.
const PLACEHOLDER: [u8; ID_LEN] = [0xff; ID_LEN];

/// Why a text cannot be kept.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum DocumentError {
    /// RSC payloads and HTML are UTF-8 by definition; anything else is a damaged build.
    #[error("the text is not UTF-8")]
    NotUtf8,
    /// A page that slices, formats or re-cases its id before it mounts cannot be served for another id.
    #[error("the sentinel id appears in altered form near byte {0}: pages must print ids verbatim")]
    AlteredSentinel(usize),
}

#[derive(Debug)]
enum Part {
    Text { identity: Bytes, deflated: Bytes },
    Id,
    Data,
}

/// A text with its places for an id and for first data.
#[derive(Debug)]
pub struct Document {
    parts: Vec<Part>,
    /// The finished answers for the common case: no id place, no data.
    whole: Option<Whole>,
    has_ids: bool,
}

#[derive(Debug)]
struct Whole {
    identity: Bytes,
    gzip: Bytes,
}

impl Document {
    /// Prepares `text`; first data may later stand at byte `data_at`.
    pub fn new(text: &[u8], data_at: Option<usize>) -> Result<Self, DocumentError> {
        let text_str = std::str::from_utf8(text).map_err(|_| DocumentError::NotUtf8)?;
        let ids = sentinel_places(text_str)?;
        let cut = data_at.unwrap_or(text.len());
        let mut parts = Vec::with_capacity(ids.len() * 2 + 3);
        push_region(&mut parts, text, 0, cut, &ids);
        if data_at.is_some() {
            parts.push(Part::Data);
            push_region(&mut parts, text, cut, text.len(), &ids);
        }
        let whole = ids.is_empty().then(|| Whole { identity: Bytes::copy_from_slice(text), gzip: gzip_whole(text) });
        Ok(Self { parts, whole, has_ids: !ids.is_empty() })
    }

    /// Whether the text differs from id to id.
    pub fn has_ids(&self) -> bool {
        self.has_ids
    }

    /// The text as it is, with `id` in its places and `data` in its place.
    pub fn identity(&self, id: &str, data: &[Bytes]) -> Bytes {
        if let (Some(whole), []) = (&self.whole, data) {
            return whole.identity.clone();
        }
        let mut out = BytesMut::with_capacity(self.identity_len(data));
        for part in &self.parts {
            match part {
                Part::Text { identity, .. } => out.put_slice(identity),
                Part::Id => out.put_slice(id.as_bytes()),
                Part::Data => data.iter().for_each(|piece| out.put_slice(piece)),
            }
        }
        out.freeze()
    }

    /// The same text as one gzip member.
    pub fn gzip(&self, id: &str, data: &[Bytes]) -> Bytes {
        if let (Some(whole), []) = (&self.whole, data) {
            return whole.gzip.clone();
        }
        let mut out = BytesMut::with_capacity(self.gzip_bound(data));
        let mut crc = crc32fast::Hasher::new();
        let mut len = 0_usize;
        let mut plain = |bytes: &[u8]| {
            crc.update(bytes);
            len += bytes.len();
        };
        out.put_slice(&GZIP_HEADER);
        for part in &self.parts {
            match part {
                Part::Text { identity, deflated } => {
                    out.put_slice(deflated);
                    plain(identity);
                }
                Part::Id => {
                    put_stored(&mut out, id.as_bytes());
                    plain(id.as_bytes());
                }
                Part::Data => {
                    for piece in data {
                        put_data(&mut out, piece);
                        plain(piece);
                    }
                }
            }
        }
        out.put_slice(&DEFLATE_END);
        out.put_u32_le(crc.finalize());
        // RFC 1952: the length modulo 2^32.
        out.put_u32_le(len as u32);
        out.freeze()
    }

    fn identity_len(&self, data: &[Bytes]) -> usize {
        self.parts
            .iter()
            .map(|part| match part {
                Part::Text { identity, .. } => identity.len(),
                Part::Id => ID_LEN,
                Part::Data => data.iter().map(Bytes::len).sum(),
            })
            .sum()
    }

    fn gzip_bound(&self, data: &[Bytes]) -> usize {
        let parts: usize = self
            .parts
            .iter()
            .map(|part| match part {
                Part::Text { deflated, .. } => deflated.len(),
                Part::Id => ID_LEN + 5,
                Part::Data => data.iter().map(|piece| piece.len() + 5 * (piece.len() / STORED_MAX + 1)).sum(),
            })
            .sum();
        parts + GZIP_HEADER.len() + DEFLATE_END.len() + 8
    }
}

/// Where the sentinel stands; refuses a text that carries it in any altered form.
fn sentinel_places(text: &str) -> Result<Vec<usize>, DocumentError> {
    let head = &SENTINEL[..8];
    let mut places = Vec::new();
    let mut from = 0;
    let lower = text.to_ascii_lowercase();
    while let Some(found) = lower[from..].find(head) {
        let at = from + found;
        if !text[at..].starts_with(SENTINEL) {
            return Err(DocumentError::AlteredSentinel(at));
        }
        places.push(at);
        from = at + ID_LEN;
    }
    Ok(places)
}

/// Adds the parts of `text[start..end]`, deflated as one stream of their own.
fn push_region(parts: &mut Vec<Part>, text: &[u8], start: usize, end: usize, ids: &[usize]) {
    let mut deflate = Compress::new(Compression::best(), false);
    let mut at = start;
    for &id in ids.iter().filter(|id| (start..end).contains(id)) {
        push_text(parts, &mut deflate, &text[at..id]);
        // Keeps the compressor's window as long as the reader's; its output is not sent.
        run(&mut deflate, &PLACEHOLDER);
        parts.push(Part::Id);
        at = id + ID_LEN;
    }
    push_text(parts, &mut deflate, &text[at..end]);
}

fn push_text(parts: &mut Vec<Part>, deflate: &mut Compress, text: &[u8]) {
    if text.is_empty() {
        return;
    }
    parts.push(Part::Text { identity: Bytes::copy_from_slice(text), deflated: run(deflate, text).into() });
}

/// Deflates `input` up to a byte boundary.
fn run(deflate: &mut Compress, input: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(input.len() + 64);
    let before = deflate.total_in();
    loop {
        let taken = (deflate.total_in() - before) as usize;
        deflate
            .compress_vec(&input[taken..], &mut out, FlushCompress::Sync)
            .expect("deflating from memory to memory has no failing state");
        let done = (deflate.total_in() - before) as usize == input.len();
        // Spare room after a flush means that nothing is left inside the compressor.
        if done && out.len() < out.capacity() {
            return out;
        }
        out.reserve(1024);
    }
}

/// Writes a piece of data, deflated as a stream of its own if that is worth it.
fn put_data(out: &mut BytesMut, piece: &[u8]) {
    thread_local! {
        /// Its tables are large: made once a thread, and reset for each piece.
        static DEFLATE: RefCell<Compress> = RefCell::new(Compress::new(Compression::fast(), false));
    }
    if piece.len() < DEFLATE_FROM {
        return put_stored(out, piece);
    }
    DEFLATE.with_borrow_mut(|deflate| {
        deflate.reset();
        out.put_slice(&run(deflate, piece));
    });
}

/// Writes `bytes` as stored, not final blocks.
fn put_stored(out: &mut BytesMut, bytes: &[u8]) {
    for block in bytes.chunks(STORED_MAX) {
        let len = block.len() as u16;
        out.put_u8(0);
        out.put_u16_le(len);
        out.put_u16_le(!len);
        out.put_slice(block);
    }
}

/// One gzip member at the best level, for texts that never change.
pub fn gzip_whole(text: &[u8]) -> Bytes {
    use std::io::Write as _;
    let mut encoder = flate2::GzBuilder::new().write(Vec::new(), Compression::best());
    encoder.write_all(text).and_then(|()| encoder.finish()).expect("writing to memory cannot fail").into()
}

#[cfg(test)]
#[path = "document_tests.rs"]
mod tests;
