//! One import from file to report: the same for the command line and for the admin's page.

use std::sync::Arc;

use super::{
    actions::ImportCatalog,
    catalog::{self, ApplyError, ImportParams, ImportReport, ParamsError, Refused},
};
use crate::{
    audit,
    crypto::sha256,
    db::{Actor, DbError, Module, TenantDb},
};

#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    #[error(transparent)]
    Params(#[from] ParamsError),
    #[error(transparent)]
    Refused(#[from] Refused),
    #[error("the catalog was changed while the import was being compared with it; run it again")]
    Stale,
    #[error(transparent)]
    Db(#[from] DbError),
}

impl From<sqlx::Error> for ImportError {
    fn from(error: sqlx::Error) -> Self {
        Self::Db(error.into())
    }
}

/// `progress(done, total)` is called as the work proceeds. A dry run changes nothing and needs no permission beyond reading.
pub async fn import_catalog(
    db: &TenantDb,
    actor: &Actor,
    file: Arc<[u8]>,
    params: &ImportParams,
    dry_run: bool,
    progress: &mut (dyn FnMut(usize, usize) + Send),
) -> Result<ImportReport, ImportError> {
    const PARSED: usize = 2;
    params.check()?;
    let digest = hex::encode(sha256(&file));
    let parsed = tokio::task::spawn_blocking(move || catalog::parse(&file)).await.map_err(|_| Refused::unreadable())??;
    progress(1, PARSED + 6);
    let mut new_id = uuid::Uuid::now_v7;
    if dry_run {
        let mut reader = db.reader(Module::Interop).await?;
        let state = catalog::load_state(&mut reader, &parsed).await?;
        let diff = catalog::diff(&parsed, params, &state, &mut new_id)?;
        return Ok(ImportReport::new(&parsed, &diff, true));
    }
    let mut tx = db.write::<ImportCatalog>(actor, &()).await?;
    let state = catalog::load_state(tx.connection(), &parsed).await?;
    let diff = catalog::diff(&parsed, params, &state, &mut new_id)?;
    progress(PARSED, PARSED + 6);
    let report = ImportReport::new(&parsed, &diff, false);
    if diff.is_empty() {
        tx.commit_unchanged().await?;
        return Ok(report);
    }
    catalog::apply(tx.connection(), &diff, &mut |done, total| progress(PARSED + done, PARSED + total)).await.map_err(
        |error| match error {
            ApplyError::Stale => ImportError::Stale,
            ApplyError::Database(cause) => cause.into(),
        },
    )?;
    let all = serde_json::to_vec(&diff.changes).expect("changes serialize");
    let change = audit::Change::bulk()
        .field("term", None::<&str>, &report.term_code)
        .field("file_sha256", None::<&str>, digest)
        .field("rows", None::<u64>, report.rows as u64)
        .field("changes", None::<u64>, report.changes_total as u64)
        .with_diff(all);
    tx.commit(change).await?;
    Ok(report)
}
