use std::sync::Arc;

use axum::extract::State;
use serde_json::json;
use tokio::sync::OwnedSemaphorePermit;

use super::{
    actions::ImportCatalog,
    catalog::{ImportParams, ImportReport, ParamsError, Refused},
    run::{ImportError, Wish, import_catalog},
};
use crate::{
    api::{
        Access, Api, Audit, Form, Op, Problem, ProblemKind, Reply, describe_form,
        documented::{GenContext, Operation, OperationInput},
    },
    app::{App, Caller},
    db::{Action, Module, Role},
};

pub fn routes() -> Api<App> {
    Api::new(Module::Interop).op(
        Op::post("/imports/catalog", "importCatalog", Access::Roles(&[Role::Admin]), Audit::Action(ImportCatalog::NAME))
            .summary("Import a section catalog: all or nothing, idempotent, and only as a check of the same file showed it")
            .problems(&[ProblemKind::ImportRefused, ProblemKind::ImportOutdated, ProblemKind::VersionConflict])
            .upload(),
        import,
    )
}

async fn import(State(app): State<App>, caller: Caller, upload: Upload) -> Result<Reply<ImportReport>, Problem> {
    let wish = upload.checked.as_deref().map_or(Wish::Check, Wish::ApplyChecked);
    let done = import_catalog(&caller.db, &caller.actor, upload.file, &upload.params, wish, &mut |_, _| {}).await?;
    if wish != Wish::Check && done.report.changes_total > 0 {
        // Done is done: plans that go on with old figures are slower, not wrong.
        if let Err(error) = app.registry().analyze(&caller.db).await {
            tracing::warn!(%error, "the statistics of an imported catalog could not be refreshed");
        }
    }
    Ok(Reply::new(done.report))
}

/// When a place may have become free: an import takes seconds.
const RETRY_AFTER_S: u32 = 10;

/// What the form sends.
struct Upload {
    file: Arc<[u8]>,
    params: ImportParams,
    /// The digest of the check that is to be applied; `None`: only a check.
    checked: Option<String>,
    _place: OwnedSemaphorePermit,
}

impl OperationInput for Upload {
    fn operation_input(ctx: &mut GenContext, operation: &mut Operation) {
        let file = json!({ "type": "string", "format": "binary", "description": "CSV with a header row, at most 32 MiB." });
        let dry_run = json!({ "type": "boolean", "description": "Compare only; the answer's digest names what was found." });
        let checked = json!({
            "type": "string",
            "pattern": "^[0-9a-f]{64}$",
            "description": "With dryRun false: the digest of the dry run. What would change anything else is refused.",
        });
        describe_form::<ImportParams>(ctx, operation, "params", &[("file", file), ("dryRun", dry_run)], &[("checked", checked)]);
    }
}

impl axum::extract::FromRequest<App> for Upload {
    type Rejection = Problem;

    async fn from_request(request: axum::extract::Request, app: &App) -> Result<Self, Problem> {
        let mut form = Form::open(request).await?;
        // Before anything of the file is read into memory. A dry run takes a place like any other.
        let place = app.upload_place().ok_or_else(|| Problem::new(ProblemKind::Busy).retry_after(RETRY_AFTER_S))?;
        let (mut file, mut params, mut dry_run, mut checked) = (None, None, None, None);
        while let Some(part) = form.next().await? {
            match part.name() {
                "file" if file.is_none() => file = Some(Arc::from(part.file().await?)),
                "params" if params.is_none() => params = Some(part.json().await?),
                "dryRun" if dry_run.is_none() => dry_run = Some(flag(&part.text().await?)?),
                "checked" if checked.is_none() => checked = Some(part.text().await?),
                _ => {
                    return Err(refused("", "unknown-field", "There is a part that is not expected, or one that appears twice."));
                }
            }
        }
        let file = file.ok_or_else(|| refused("/file", "required", "Choose a file."))?;
        let params = params.ok_or_else(|| refused("/params", "required", "Say the term's name and dates."))?;
        let checked = match (dry_run, checked) {
            (None, _) => return Err(refused("/dryRun", "required", "Say whether this is a dry run.")),
            (Some(true), None) => None,
            (Some(true), Some(_)) => return Err(refused("/checked", "conflict", "A dry run does not apply an earlier one.")),
            (Some(false), Some(digest)) => Some(digest),
            (Some(false), None) => {
                return Err(refused("/checked", "required", "Check the file first, then apply what was shown."));
            }
        };
        Ok(Self { file, params, checked, _place: place })
    }
}

fn refused(pointer: &str, code: &str, detail: &str) -> Problem {
    Problem::new(ProblemKind::InvalidRequest).error(pointer, code, detail)
}

fn flag(text: &str) -> Result<bool, Problem> {
    match text {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err(refused("/dryRun", "wrong-type", "Say true or false.")),
    }
}

impl From<ImportError> for Problem {
    fn from(error: ImportError) -> Self {
        match error {
            ImportError::Params(error) => from_params(&error),
            ImportError::Refused(refused) => from_refused(&refused),
            ImportError::Stale => Problem::new(ProblemKind::VersionConflict)
                .detail("The catalog changed during the comparison. Run the import again."),
            ImportError::Outdated => Problem::new(ProblemKind::ImportOutdated)
                .detail("What would change now is not what was shown. Check the file again."),
            ImportError::Db(error) => error.into(),
        }
    }
}

fn from_params(error: &ParamsError) -> Problem {
    let (pointer, code) = match error {
        ParamsError::Form(_) => ("/params".to_owned(), "invalid"),
        ParamsError::TermDates => ("/params/endsOn".to_owned(), "reversed"),
        ParamsError::PartCode { index } => (format!("/params/parts/{index}/code"), "taken"),
        ParamsError::PartReversed { index } => (format!("/params/parts/{index}/endsOn"), "reversed"),
        ParamsError::PartTooEarly { index } => (format!("/params/parts/{index}/startsOn"), "outside-term"),
        ParamsError::PartTooLate { index } => (format!("/params/parts/{index}/endsOn"), "outside-term"),
    };
    let mut detail = error.to_string();
    if let Some(first) = detail.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    refused(&pointer, code, &format!("{detail}."))
}

/// Every broken row and field, as `/rows/<row>/<column>`.
fn from_refused(refused: &Refused) -> Problem {
    let problem = Problem::new(ProblemKind::ImportRefused)
        .detail(format!("{} fields need mending. Nothing was imported.", refused.total))
        .errors_total(refused.total);
    refused.errors.iter().fold(problem, |problem, issue| {
        problem.error(
            format!("/rows/{}/{}", issue.row, issue.field.replace('~', "~0").replace('/', "~1")),
            &issue.code,
            &issue.message,
        )
    })
}
