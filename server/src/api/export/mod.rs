//! A list as a file: CSV or XLSX, all rows of one filter and order.
//!
//! Invariants:
//! * memory is bounded whatever the list's length: rows come in pages, a page becomes bytes, and bytes leave as fast as the client takes
//!   them; between two pages no database connection is held, so a slow client holds none;
//! * a file that could not be finished ends as a broken transfer, never as a shorter file;
//! * whoever takes it is asked for again before each page: a session that ends breaks the file off;
//! * a spreadsheet never runs what a row says: text stays text.
//!
//! The rows are read page by page, so that a row which moves meanwhile may be missing, as on the screen.

mod file;
mod places;
#[cfg(test)]
mod tests;

use std::{future::Future, io, sync::Arc, time::Duration};

use aide::generate::GenContext;
use aide::openapi::{
    Header, MediaType, Operation, ParameterSchemaOrContent, ReferenceOr, Response as Documented, SchemaObject,
    StatusCode as DocumentedStatus,
};
use aide::operation::OperationOutput;
use axum::body::{Body, Bytes};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use http::{HeaderName, HeaderValue, header};
use schemars::{JsonSchema, json_schema};
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;
use tokio::time::Instant;

use super::problem::Problem;
use file::{Sheet, Writer};
pub use places::{Place, Places};

/// More rows than any list of one institution has today. The answer says so in `pec-rows-max`, and a file that reaches it in its last row.
pub const ROWS_MAX: usize = 100_000;
/// How many rows are read at once.
const ROWS_AT_ONCE: i64 = 1_000;
/// A client that takes longer than this to receive a file has gone.
const TIMEOUT: Duration = Duration::from_secs(120);

const ROWS_MAX_HEADER: HeaderName = HeaderName::from_static("pec-rows-max");

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "ExportFormat")]
pub enum Format {
    #[default]
    Csv,
    Xlsx,
}

impl Format {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
        }
    }

    const fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Xlsx => XLSX,
        }
    }
}

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// One value of a row.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    Empty,
    Text(String),
    Number(f64),
    Date(NaiveDate),
    /// Written as the institution's clocks showed it.
    Instant(DateTime<Utc>),
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::from(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        if text.is_empty() { Self::Empty } else { Self::Text(text) }
    }
}

impl<T: Into<Cell>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Empty, Into::into)
    }
}

/// Rows, each as wide as the columns, with the place where the list goes on after it.
pub type PlacedRows<P> = Vec<(Vec<Cell>, P)>;

/// Where the rows come from.
pub trait Source: Send + Sync + 'static {
    type Place: Send + Sync;

    /// Up to `rows` rows from just after `after`. Fewer: the list ends there.
    fn page(
        &self,
        after: Option<&Self::Place>,
        rows: i64,
    ) -> impl Future<Output = Result<PlacedRows<Self::Place>, Problem>> + Send;
}

/// A source, read so far.
struct Reading<S: Source> {
    source: S,
    after: Option<S::Place>,
    done: bool,
}

impl<S: Source> Reading<S> {
    /// The next rows; none at the end.
    async fn next(&mut self) -> Result<Vec<Vec<Cell>>, Problem> {
        if self.done {
            return Ok(Vec::new());
        }
        let page = self.source.page(self.after.as_ref(), ROWS_AT_ONCE).await?;
        self.done = page.len() < ROWS_AT_ONCE as usize;
        let (rows, places): (Vec<_>, Vec<_>) = page.into_iter().unzip();
        self.after = places.into_iter().next_back();
        Ok(rows)
    }
}

/// Who takes the file.
pub trait Taker: Send + Sync + 'static {
    /// Whether they still may: asked before each page but the first.
    fn stands(&self) -> impl Future<Output = Result<(), Problem>> + Send;
}

/// What an export is called, and what stands in its first row.
pub struct Outline {
    /// What it is, for the file's name: "courses", "roster CS 301 A".
    pub name: String,
    pub columns: &'static [&'static str],
    pub zone: Tz,
    pub now: DateTime<Utc>,
}

impl Outline {
    /// `courses-2026-11-28.csv`: what, and the day in the institution.
    fn file_name(&self, format: Format) -> String {
        let mut name = String::new();
        for c in self.name.chars() {
            match c {
                c if c.is_ascii_alphanumeric() => name.push(c),
                _ if !name.ends_with('-') => name.push('-'),
                _ => {}
            }
        }
        let day = self.now.with_timezone(&self.zone).date_naive();
        format!("{}-{day}.{}", name.trim_matches('-'), format.as_str())
    }
}

/// `200` with a file.
pub struct Export(Response);

enum Part {
    Bytes(Bytes),
    End,
}

enum Page {
    Rows(Vec<Vec<Cell>>),
    /// Cut at [`ROWS_MAX`]: there are more.
    More,
    End,
}

impl Export {
    /// Reads the first rows before it answers, so that a refusal is still a problem and not a broken file.
    /// The taker holds their place until the file is written.
    pub async fn start(taker: impl Taker, outline: Outline, format: Format, source: impl Source) -> Result<Self, Problem> {
        let deadline = Instant::now() + TIMEOUT;
        let taker = Arc::new(taker);
        let mut reading = Reading { source, after: None, done: false };
        let first = reading.next().await?;
        let name = outline.file_name(format);
        let (pages, received) = mpsc::channel(1);
        let (parts, out) = mpsc::channel(4);
        let sheet = Sheet { columns: outline.columns, zone: outline.zone };
        let client = Client { parts, deadline };
        let holder = Arc::clone(&taker);
        tokio::task::spawn_blocking(move || {
            let _holder = holder;
            write(format, &sheet, received, &client);
        });
        tokio::spawn(tokio::time::timeout_at(deadline, feed(first, taker, reading, pages)));
        let mut response = Response::new(Body::from_stream(stream(out)));
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(format.media_type()));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        let disposition = format!("attachment; filename=\"{name}\"");
        headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_str(&disposition).map_err(Problem::internal)?);
        headers.insert(ROWS_MAX_HEADER, ROWS_MAX.into());
        Ok(Self(response))
    }
}

/// Reads page after page. Ending without `Page::End` or `Page::More`, for whatever reason, breaks the file.
async fn feed(
    first: Vec<Vec<Cell>>,
    taker: Arc<impl Taker>,
    mut reading: Reading<impl Source>,
    pages: mpsc::Sender<Page>,
) -> Option<()> {
    let (mut rows, mut count) = (first, 0);
    while !rows.is_empty() {
        let left = ROWS_MAX - count;
        let more = rows.len() > left;
        rows.truncate(left);
        count += rows.len();
        pages.send(Page::Rows(rows)).await.ok()?;
        if more {
            return pages.send(Page::More).await.ok();
        }
        let next = match taker.stands().await {
            Ok(()) => reading.next().await,
            Err(refused) => Err(refused),
        };
        rows = next.inspect_err(|problem| tracing::warn!(%problem, "an export broke off")).ok()?;
    }
    pages.send(Page::End).await.ok()
}

/// Who takes the bytes, and until when.
struct Client {
    parts: mpsc::Sender<Part>,
    deadline: Instant,
}

impl Client {
    /// Waits on the writer's own thread until there is room.
    fn send(&self, part: Part) -> io::Result<()> {
        let sent = tokio::time::timeout_at(self.deadline, self.parts.send(part));
        match tokio::runtime::Handle::current().block_on(sent) {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(io::Error::other("the client is gone")),
            Err(_) => Err(io::ErrorKind::TimedOut.into()),
        }
    }
}

/// Runs on a thread of its own: it waits for rows, and for the client to take bytes.
fn write(format: Format, sheet: &Sheet, mut pages: mpsc::Receiver<Page>, client: &Client) {
    let written = (|| -> io::Result<()> {
        let mut writer = Writer::new(format, sheet)?;
        loop {
            match pages.blocking_recv() {
                Some(Page::Rows(rows)) => {
                    let bytes = writer.rows(&rows)?;
                    if !bytes.is_empty() {
                        client.send(Part::Bytes(bytes.into()))?;
                    }
                }
                Some(Page::More) => {
                    writer.note(&format!(
                        "Only the first {ROWS_MAX} rows are in this file. Narrow the list and export it again."
                    ))?;
                    break;
                }
                Some(Page::End) => break,
                None => return Err(io::Error::other("the rows broke off")),
            }
        }
        writer.finish(|bytes| client.send(Part::Bytes(bytes.into())))?;
        client.send(Part::End)
    })();
    if let Err(error) = written {
        tracing::warn!(%error, "an export was not finished");
    }
}

/// The bytes; an error at the end unless the end was announced.
fn stream(out: mpsc::Receiver<Part>) -> impl futures_util::Stream<Item = io::Result<Bytes>> {
    futures_util::stream::unfold(Some(out), |out| async move {
        let mut out = out?;
        match out.recv().await {
            Some(Part::Bytes(bytes)) => Some((Ok(bytes), Some(out))),
            Some(Part::End) => None,
            None => Some((Err(io::Error::other("the file is not complete")), None)),
        }
    })
}

impl IntoResponse for Export {
    fn into_response(self) -> Response {
        self.0
    }
}

impl OperationOutput for Export {
    type Inner = Vec<u8>;

    fn inferred_responses(_: &mut GenContext, _: &mut Operation) -> Vec<(Option<DocumentedStatus>, Documented)> {
        let content = [("text/csv", "CSV (RFC 4180), UTF-8 without a byte order mark."), (XLSX, "One worksheet.")];
        let content = content.into_iter().map(|(media, description)| {
            let json_schema = json_schema!({ "type": "string", "format": "binary", "description": description });
            let schema = Some(SchemaObject { json_schema, example: None, external_docs: None });
            (media.to_owned(), MediaType { schema, ..MediaType::default() })
        });
        let headers = [
            ("content-disposition", "string", "What it is, and the day in the institution."),
            ("pec-rows-max", "integer", "A file that reaches this many rows says in its last row that there are more."),
        ];
        let headers = headers.into_iter().map(|(name, kind, description)| {
            let json_schema = json_schema!({ "type": kind });
            let header = Header {
                description: Some(description.to_owned()),
                style: Default::default(),
                required: true,
                deprecated: None,
                format: ParameterSchemaOrContent::Schema(SchemaObject { json_schema, example: None, external_docs: None }),
                example: None,
                examples: Default::default(),
                extensions: Default::default(),
            };
            (name.to_owned(), ReferenceOr::Item(header))
        });
        let response = Documented {
            description: "The file.".to_owned(),
            headers: headers.collect(),
            content: content.collect(),
            ..Documented::default()
        };
        vec![(Some(DocumentedStatus::Code(200)), response)]
    }
}
