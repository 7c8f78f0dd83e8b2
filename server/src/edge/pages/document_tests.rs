#![allow(clippy::unwrap_used)]

use std::io::{Read as _, Write as _};
use std::process::{Command, Stdio};

use proptest::prelude::*;

use super::*;

const OTHER: &str = "0198c0de-1234-7abc-8def-0123456789ab";

fn gunzip(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut reader = flate2::bufread::GzDecoder::new(bytes);
    reader.read_to_end(&mut out).unwrap();
    assert!(reader.into_inner().is_empty(), "bytes after the gzip member");
    out
}

fn system_gunzip(bytes: &[u8]) -> Vec<u8> {
    let mut child = Command::new("gzip").arg("-dc").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let bytes = bytes.to_vec();
    let writer = std::thread::spawn(move || stdin.write_all(&bytes));
    let out = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    assert!(out.status.success(), "gzip refused the stream");
    out.stdout
}

fn page(id: &str) -> String {
    let row = format!("<li>{id}</li><script>self.__next_f.push([1,\"k\\\":\\\"{id}\\\"\"])</script>\n");
    format!("<html><head><title>Course {id}</title></head><body>{}{id}</body></html>", row.repeat(40))
}

#[test]
fn halves_decode_to_the_identity_bytes() {
    let text = page(SENTINEL);
    let at = text.find("</head>").unwrap();
    let document = Document::new(text.as_bytes(), Some(at)).unwrap();
    let rows = page(OTHER).into_bytes();
    let pieces: [&[Vec<u8>]; 5] = [
        &[],
        &[b"x".to_vec()],
        &[vec![b'a'; STORED_MAX]],
        &[vec![b'b'; STORED_MAX * 2 + 1]],
        &[b"{".to_vec(), rows.clone(), rows],
    ];
    for pieces in pieces {
        let data: Vec<Bytes> = pieces.iter().cloned().map(Bytes::from).collect();
        let data = &data[..];
        let expected = {
            let text = page(OTHER);
            let at = text.find("</head>").unwrap();
            let mut bytes = text.into_bytes();
            bytes.splice(at..at, data.concat());
            bytes
        };
        assert_eq!(document.identity(OTHER, data), expected);
        assert_eq!(gunzip(&document.gzip(OTHER, data)), expected);
        assert_eq!(system_gunzip(&document.gzip(OTHER, data)), expected);
    }
}

#[test]
fn substitution_equals_a_build_with_the_other_id() {
    let built = Document::new(page(SENTINEL).as_bytes(), None).unwrap();
    assert!(built.has_ids());
    assert_eq!(built.identity(OTHER, &[]), page(OTHER).into_bytes());
    assert_eq!(gunzip(&built.gzip(OTHER, &[])), page(OTHER).into_bytes());
}

#[test]
fn compression_survives_the_id_places() {
    let document = Document::new(page(SENTINEL).as_bytes(), None).unwrap();
    let once = gzip_whole(page(OTHER).as_bytes()).len();
    let halves = document.gzip(OTHER, &[]).len();
    assert!(halves < page(OTHER).len(), "{halves} against {once} for one stream");
}

#[test]
fn an_altered_sentinel_is_refused() {
    let sliced = format!("<p>{}</p>", &SENTINEL[..13]);
    assert_eq!(Document::new(sliced.as_bytes(), None).unwrap_err(), DocumentError::AlteredSentinel(3));
    let shouted = SENTINEL.to_ascii_uppercase();
    assert_eq!(Document::new(shouted.as_bytes(), None).unwrap_err(), DocumentError::AlteredSentinel(0));
    assert_eq!(Document::new(b"\xff", None).unwrap_err(), DocumentError::NotUtf8);
}

#[test]
fn a_text_without_places_is_answered_without_copying() {
    let document = Document::new(b"<html></html>", Some(6)).unwrap();
    assert_eq!(document.identity("", &[]).as_ptr(), document.identity("", &[]).as_ptr());
    assert_eq!(document.gzip("", &[]).as_ptr(), document.gzip("", &[]).as_ptr());
    assert_eq!(gunzip(&document.gzip("", &[])), b"<html></html>");
}

proptest! {
    #[test]
    fn any_text_with_any_places_decodes(
        pieces in prop::collection::vec("[ -~é<>/\n]{0,300}", 1..8),
        cut in any::<prop::sample::Index>(),
        data in prop::collection::vec(any::<u8>(), 0..70_000),
    ) {
        let text = pieces.join(SENTINEL);
        let starts: Vec<usize> = {
            let mut at = 0;
            pieces.iter().map(|piece| { let start = at; at += piece.len() + ID_LEN; start }).collect()
        };
        let at = starts[cut.index(starts.len())];
        let document = Document::new(text.as_bytes(), Some(at)).unwrap();
        let mut expected = pieces.join(OTHER).into_bytes();
        expected.splice(at..at, data.iter().copied());
        let pieces = [Bytes::from(data)];
        prop_assert_eq!(&document.identity(OTHER, &pieces)[..], &expected[..]);
        prop_assert_eq!(&gunzip(&document.gzip(OTHER, &pieces))[..], &expected[..]);
    }
}

#[test]
fn long_data_is_deflated_and_short_data_is_not() {
    let document = Document::new(b"<html></html>", Some(6)).unwrap();
    let size = |len: usize| document.gzip("", &[Bytes::from(vec![b'x'; len])]).len();
    assert!(size(DEFLATE_FROM - 1) > DEFLATE_FROM);
    assert!(size(DEFLATE_FROM * 8) < DEFLATE_FROM);
}
