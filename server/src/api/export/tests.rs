use http_body_util::BodyExt as _;

use super::*;

const PAGE: usize = ROWS_AT_ONCE as usize;

/// So many rows, and then the end or a refusal.
struct Rows {
    left: usize,
    breaks: bool,
}

impl Source for Rows {
    async fn next(&mut self) -> Result<Vec<Vec<Cell>>, Problem> {
        let count = self.left.min(PAGE);
        self.left -= count;
        if count == 0 && self.breaks {
            return Err(ProblemKind::Busy.into());
        }
        Ok((0..count).map(|n| vec![Cell::Number(n as f64), Cell::from("x")]).collect())
    }
}

async fn body(left: usize, breaks: bool) -> Result<Vec<u8>, axum::Error> {
    let outline = Outline {
        name: "people of CS/101".to_owned(),
        columns: &["N", "X"],
        zone: Tz::Asia__Kolkata,
        // The next day has begun in the institution.
        now: "2026-08-14T20:00:00Z".parse().unwrap(),
    };
    let response = Export::start(outline, Format::Csv, Rows { left, breaks }).await.unwrap().into_response();
    assert_eq!(response.headers()["content-disposition"], "attachment; filename=\"people-of-CS-101-2026-08-15.csv\"");
    response.into_body().collect().await.map(|body| body.to_bytes().to_vec())
}

fn lines(file: &[u8]) -> usize {
    file.iter().filter(|byte| **byte == b'\n').count()
}

/// One test, because the places for exports are the whole process's.
#[tokio::test]
async fn a_file_is_whole_or_broken_and_says_when_it_was_cut() {
    for count in [0, 1, PAGE, 3 * PAGE + 7] {
        assert_eq!(lines(&body(count, false).await.unwrap()), count + 1, "{count} rows and a head");
    }
    let whole = body(ROWS_MAX, false).await.unwrap();
    assert_eq!(lines(&whole), ROWS_MAX + 1);
    let cut = body(ROWS_MAX + 1, false).await.unwrap();
    assert_eq!(lines(&cut), ROWS_MAX + 2, "the last row says that there are more");
    assert!(cut.ends_with(b"Only the first 100000 rows are in this file. Narrow the list and export it again.,\r\n"));
    // More of them than there are places: each gave its own back.
    for _ in 0..AT_ONCE + 2 {
        assert!(body(2 * PAGE, true).await.is_err(), "a file that broke off does not end as if it were whole");
    }
    let refused = Rows { left: 0, breaks: true };
    let outline = Outline { name: "x".to_owned(), columns: &["N", "X"], zone: Tz::UTC, now: DateTime::UNIX_EPOCH };
    let refused = Export::start(outline, Format::Csv, refused).await;
    assert_eq!(
        refused.err().map(|problem| problem.kind()),
        Some(ProblemKind::Busy),
        "a refusal before the first row is a problem"
    );
}
