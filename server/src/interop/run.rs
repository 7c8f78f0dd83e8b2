//! One import from file to report: the same for the command line and for the admin's page.
//!
//! Comparing is pure and takes long for a large file, so it happens on a blocking thread before the transaction begins. Inside it
//! the state is only read again: what is not as it was is compared anew.

use std::sync::Arc;

use super::{
    actions::ImportCatalog,
    catalog::{self, ApplyError, Catalog, Change, Diff, ImportParams, ImportReport, ParamsError, Refused, State, Trace},
};
use crate::{
    audit::{self, Entry},
    crypto::{Personal, sha256},
    db::{Actor, DbError, Module, TenantDb, WriteTx},
};

/// An institution whose catalog changes more often than this during one import is asked to try again.
const ATTEMPTS: usize = 3;
/// Steps before those of `catalog::apply`: the file is read, and compared.
const PREPARED: usize = 2;
const STEPS: usize = PREPARED + 6;

#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    #[error(transparent)]
    Params(#[from] ParamsError),
    #[error(transparent)]
    Refused(#[from] Refused),
    #[error("the catalog was changed while the import was being compared with it; run it again")]
    Stale,
    /// What would be applied now is not what was shown.
    #[error("the catalog, the file or the dates have changed since they were checked; check again")]
    Outdated,
    #[error(transparent)]
    Db(#[from] DbError),
}

impl From<sqlx::Error> for ImportError {
    fn from(error: sqlx::Error) -> Self {
        Self::Db(error.into())
    }
}

impl From<ApplyError> for ImportError {
    fn from(error: ApplyError) -> Self {
        match error {
            ApplyError::Stale => Self::Stale,
            ApplyError::Database(cause) => cause.into(),
        }
    }
}

/// What is to be done with a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish<'a> {
    /// Compare, and change nothing: needs no permission beyond reading.
    Check,
    /// Apply whatever the comparison finds.
    Apply,
    /// Apply what a check showed, named by its digest, and nothing else.
    ApplyChecked(&'a str),
}

/// The report, and all changes where it lists the first.
pub struct Imported {
    pub report: ImportReport,
    diff: Arc<Diff>,
}

impl Imported {
    pub fn changes(&self) -> &[Change] {
        &self.diff.changes
    }
}

/// A file against the state it was compared with.
struct Compared {
    state: State,
    diff: Arc<Diff>,
    digest: String,
}

/// `progress(done, total)` is called as the work proceeds.
pub async fn import_catalog(
    db: &TenantDb,
    actor: &Actor,
    file: Arc<[u8]>,
    params: &ImportParams,
    wish: Wish<'_>,
    progress: &mut (dyn FnMut(usize, usize) + Send),
) -> Result<Imported, ImportError> {
    params.check()?;
    let file_sha256 = hex::encode(sha256(&file));
    let parsed = tokio::task::spawn_blocking(move || catalog::parse(&file)).await.map_err(|_| Refused::unreadable())??;
    let parsed = Arc::new(parsed);
    progress(1, STEPS);
    for _ in 0..ATTEMPTS {
        let compared = compare(db, &file_sha256, &parsed, params).await?;
        progress(PREPARED, STEPS);
        let report = ImportReport::new(&parsed, &compared.diff, &compared.digest, wish == Wish::Check);
        let done = Imported { report, diff: Arc::clone(&compared.diff) };
        match wish {
            Wish::Check => return Ok(done),
            Wish::ApplyChecked(shown) if shown != compared.digest => return Err(ImportError::Outdated),
            Wish::Apply | Wish::ApplyChecked(_) => {}
        }
        make_keys(db, &compared.diff).await?;
        let mut tx = db.write::<ImportCatalog>(actor, &()).await?;
        if catalog::load_state(tx.connection(), &parsed).await? == compared.state {
            apply(tx, &compared.diff, &done.report, file_sha256, progress).await?;
            return Ok(done);
        }
    }
    Err(ImportError::Stale)
}

async fn compare(
    db: &TenantDb,
    file_sha256: &str,
    parsed: &Arc<Catalog>,
    params: &ImportParams,
) -> Result<Compared, ImportError> {
    let state = {
        let mut reader = db.reader(Module::Interop).await?;
        let state = catalog::load_state(&mut reader, parsed).await?;
        reader.done();
        state
    };
    let (file_sha256, parsed, params) = (file_sha256.to_owned(), Arc::clone(parsed), params.clone());
    let compare = move || -> Result<Compared, Refused> {
        let diff = catalog::diff(&parsed, &params, &state, &mut uuid::Uuid::now_v7)?;
        let shown = serde_json::to_vec(&(file_sha256, &params, &diff.changes)).expect("changes serialize");
        Ok(Compared { state, digest: hex::encode(sha256(&shown)), diff: Arc::new(diff) })
    };
    Ok(tokio::task::spawn_blocking(compare).await.expect("comparing does not panic")?)
}

/// The keys of the people an import makes: hundreds of files, each flushed, so not while a transaction is open.
async fn make_keys(db: &TenantDb, diff: &Arc<Diff>) -> Result<(), DbError> {
    const THREADS: usize = 8;
    let (db, people) = (db.clone(), diff.new_people().collect::<Vec<_>>());
    let make = move || {
        let keys = |some: &[uuid::Uuid]| some.iter().try_for_each(|id| db.keys().subject(*id).map(drop));
        std::thread::scope(|scope| {
            let parts = people.chunks(people.len().div_ceil(THREADS).max(1));
            let running: Vec<_> = parts.map(|some| scope.spawn(move || keys(some))).collect();
            running.into_iter().try_for_each(|thread| thread.join().expect("making keys does not panic"))
        })
    };
    Ok(tokio::task::spawn_blocking(make).await.expect("making keys does not panic")?)
}

async fn apply(
    mut tx: WriteTx<ImportCatalog>,
    diff: &Diff,
    report: &ImportReport,
    file_sha256: String,
    progress: &mut (dyn FnMut(usize, usize) + Send),
) -> Result<(), ImportError> {
    if diff.is_empty() {
        return Ok(tx.commit_unchanged().await?);
    }
    catalog::apply(tx.connection(), diff, &mut |done, _| progress(PREPARED + done, STEPS)).await?;
    let change = audit::Change::bulk()
        .field("term", None::<&str>, &report.term_code)
        .field("file_sha256", None::<&str>, file_sha256)
        .field("rows", None::<u64>, report.rows as u64)
        .field("changes", None::<u64>, report.changes_total as u64)
        .with_diff(diff.changes.iter().zip(&diff.traces).map(|(change, trace)| entry(change, trace)).collect());
    Ok(tx.commit(change).await?)
}

/// A change as it is kept: nobody's name in clear.
fn entry(change: &Change, trace: &Trace) -> Entry {
    let entry = Entry::new().fact("kind", change.kind.as_str()).fact("field", change.field.as_deref());
    let said = |entry: Entry, before: &Option<String>, after: &Option<String>| {
        entry.fact("key", &change.key).fact("before", before.as_deref()).fact("after", after.as_deref())
    };
    match trace {
        Trace::AsShown => said(entry, &change.before, &change.after),
        Trace::Said { before, after } => said(entry, before, after),
        Trace::Person(id) => {
            let entry = entry.about(*id).personal("key", &Personal::new(change.key.clone()));
            match &change.after {
                Some(name) => entry.personal("after", &Personal::new(name.clone())),
                None => entry,
            }
        }
    }
}
