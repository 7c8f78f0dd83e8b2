use proptest::prelude::*;
use uuid::Uuid;

use crate::api::{Cursor, Limit, Page};

proptest! {
    #[test]
    fn cursors_come_back(title in "[^\0]{0,60}", rank in any::<i64>(), id in any::<u128>()) {
        let key = (title, rank, Uuid::from_u128(id));
        let text = Cursor(key.clone()).encode();
        prop_assert!(text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'));
        prop_assert_eq!(Cursor::<(String, i64, Uuid)>::decode(&text), Some(Cursor(key)));
    }

    #[test]
    fn any_text_is_decoded_or_refused(text in ".{0,80}") {
        let _ = Cursor::<(String, Uuid)>::decode(&text);
    }

    #[test]
    fn pages_neither_lose_nor_repeat(total in 0usize..40, size in 1u16..10) {
        let limit = Limit::new(size).unwrap();
        let all: Vec<usize> = (0..total).collect();
        let (mut seen, mut after) = (Vec::new(), None::<usize>);
        loop {
            let from = after.map_or(0, |last| last + 1);
            let rows: Vec<usize> = all[from..].iter().copied().take(limit.rows() as usize).collect();
            let page = Page::from_rows(rows, limit, |n| (*n,), |n| n);
            seen.extend(page.items);
            match page.next {
                Some(next) => after = Some(Cursor::<(usize,)>::decode(&next).unwrap().0.0),
                None => break,
            }
        }
        prop_assert_eq!(seen, all);
    }
}

#[test]
fn other_versions_are_refused() {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    let mut bytes = URL_SAFE_NO_PAD.decode(Cursor((1,)).encode()).unwrap();
    assert!(Cursor::<(i32,)>::decode(&URL_SAFE_NO_PAD.encode(&bytes)).is_some());
    bytes[0] = 2;
    assert!(Cursor::<(i32,)>::decode(&URL_SAFE_NO_PAD.encode(&bytes)).is_none());
}
