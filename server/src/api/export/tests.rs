use std::sync::atomic::{AtomicUsize, Ordering};

use http_body_util::BodyExt as _;

use super::*;
use crate::{
    api::ProblemKind,
    db::ids::{TenantId, UserId},
};

const PAGE: usize = ROWS_AT_ONCE as usize;

/// So many rows, and then the end or a refusal.
struct Rows {
    left: usize,
    breaks: bool,
}

impl Source for Rows {
    type Place = usize;

    async fn page(&self, after: Option<&usize>, rows: i64) -> Result<PlacedRows<usize>, Problem> {
        let start = after.map_or(0, |place| place + 1);
        let end = self.left.min(start + usize::try_from(rows).unwrap());
        if start == end && self.breaks {
            return Err(ProblemKind::Busy.into());
        }
        Ok((start..end).map(|n| (vec![Cell::Number(n as f64), Cell::from("x")], n)).collect())
    }
}

/// Holds a place, and may have so many pages after the first.
struct Somebody {
    _place: Place,
    pages: AtomicUsize,
}

impl Somebody {
    fn new(places: &Places, pages: usize) -> Self {
        Self { _place: places.take(TenantId::new(), UserId::new()).unwrap(), pages: pages.into() }
    }
}

impl Taker for Somebody {
    async fn stands(&self) -> Result<(), Problem> {
        let left = self.pages.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1));
        left.map(drop).map_err(|_| ProblemKind::Unauthenticated.into())
    }
}

async fn body(taker: Somebody, left: usize, breaks: bool) -> Result<Vec<u8>, axum::Error> {
    let outline = Outline {
        name: "people of CS/101".to_owned(),
        columns: &["N", "X"],
        zone: Tz::Asia__Kolkata,
        // The next day has begun in the institution.
        now: "2026-08-14T20:00:00Z".parse().unwrap(),
    };
    let response = Export::start(taker, outline, Format::Csv, Rows { left, breaks }).await.unwrap().into_response();
    assert_eq!(response.headers()["content-disposition"], "attachment; filename=\"people-of-CS-101-2026-08-15.csv\"");
    response.into_body().collect().await.map(|body| body.to_bytes().to_vec())
}

fn lines(file: &[u8]) -> usize {
    file.iter().filter(|byte| **byte == b'\n').count()
}

#[tokio::test]
async fn a_file_is_whole_or_broken_and_says_when_it_was_cut() {
    let places = Places::default();
    let anybody = || Somebody::new(&places, usize::MAX);
    for count in [0, 1, PAGE, 3 * PAGE + 7] {
        assert_eq!(lines(&body(anybody(), count, false).await.unwrap()), count + 1, "{count} rows and a head");
    }
    let whole = body(anybody(), ROWS_MAX, false).await.unwrap();
    assert_eq!(lines(&whole), ROWS_MAX + 1);
    let cut = body(anybody(), ROWS_MAX + 1, false).await.unwrap();
    assert_eq!(lines(&cut), ROWS_MAX + 2, "the last row says that there are more");
    assert!(cut.ends_with(b"\"Only the first 100000 rows are in this file. Narrow the list and export it again.\",\"\"\r\n"));
    assert!(body(anybody(), 2 * PAGE, true).await.is_err(), "a file that broke off does not end as if it were whole");
    let refused = Rows { left: 0, breaks: true };
    let outline = Outline { name: "x".to_owned(), columns: &["N", "X"], zone: Tz::UTC, now: DateTime::UNIX_EPOCH };
    let refused = Export::start(anybody(), outline, Format::Csv, refused).await;
    assert_eq!(
        refused.err().map(|problem| problem.kind()),
        Some(ProblemKind::Busy),
        "a refusal before the first row is a problem"
    );
}

#[tokio::test]
async fn whoever_may_no_longer_have_it_gets_no_further_page() {
    let places = Places::default();
    // Three pages, and the question whether there is a fourth.
    assert!(body(Somebody::new(&places, 3), 3 * PAGE, false).await.is_ok());
    assert!(body(Somebody::new(&places, 2), 3 * PAGE, false).await.is_err());
    assert!(body(Somebody::new(&places, 0), 2 * PAGE, false).await.is_err());
}

#[tokio::test]
async fn a_place_is_given_back_however_a_file_ends() {
    let (places, institution, person) = (Places::default(), TenantId::new(), UserId::new());
    let taker = || async {
        // The writer's thread ends a moment after the last byte.
        for _ in 0..500 {
            match places.take(institution, person) {
                Ok(place) => return Somebody { _place: place, pages: usize::MAX.into() },
                Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
            }
        }
        panic!("the place was not given back")
    };
    for (left, breaks) in [(PAGE, false), (2 * PAGE, true)] {
        let _ = body(taker().await, left, breaks).await;
    }
    let outline = || Outline { name: "x".to_owned(), columns: &["N", "X"], zone: Tz::UTC, now: DateTime::UNIX_EPOCH };
    let unread = Export::start(taker().await, outline(), Format::Csv, Rows { left: 20 * PAGE, breaks: false }).await.unwrap();
    assert!(places.take(institution, person).is_err(), "held while somebody may still read");
    drop(unread);
    let refused = Export::start(taker().await, outline(), Format::Csv, Rows { left: 0, breaks: true }).await;
    assert!(refused.is_err());
    drop(taker().await);
}
