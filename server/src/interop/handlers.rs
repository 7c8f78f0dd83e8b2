use std::sync::Arc;

use axum::extract::{Multipart, multipart::MultipartError};
use bytes::Bytes;

use super::{
    actions::ImportCatalog,
    catalog::{ImportParams, ImportReport, MAX_FILE_BYTES, ParamsError, Refused},
    run::{ImportError, import_catalog},
};
use crate::{
    api::{Access, Api, Audit, Op, Problem, ProblemKind, Reply},
    app::{App, Caller},
    db::{Action, Module, Role},
};

pub fn routes() -> Api<App> {
    Api::new(Module::Interop).op(
        Op::post("/imports/catalog", "importCatalog", Access::Roles(&[Role::Admin]), Audit::Action(ImportCatalog::NAME))
            .summary("Import a section catalog (multipart: file, params as JSON, dryRun); all or nothing, and idempotent")
            .problems(&[
                ProblemKind::ImportRefused,
                ProblemKind::MalformedUpload,
                ProblemKind::InvalidRequest,
                ProblemKind::VersionConflict,
            ]),
        import,
    )
}

async fn import(caller: Caller, Upload { file, params, dry_run }: Upload) -> Result<Reply<ImportReport>, Problem> {
    let report = import_catalog(&caller.db, &caller.actor, file, &params, dry_run, &mut |_, _| {}).await?;
    Ok(Reply::new(report))
}

/// What the form sends.
struct Upload {
    file: Arc<[u8]>,
    params: ImportParams,
    dry_run: bool,
}

crate::undocumented_input!(Upload);

impl<S: Send + Sync> axum::extract::FromRequest<S> for Upload {
    type Rejection = Problem;

    async fn from_request(request: axum::extract::Request, state: &S) -> Result<Self, Problem> {
        let unreadable = |error: MultipartError| Problem::new(ProblemKind::MalformedUpload).detail(error.body_text());
        let mut form = Multipart::from_request(request, state)
            .await
            .map_err(|_| Problem::new(ProblemKind::UnsupportedMediaType).detail("Send the file as multipart/form-data."))?;
        let (mut file, mut params, mut dry_run) = (None, None, None);
        while let Some(field) = form.next_field().await.map_err(unreadable)? {
            match field.name() {
                Some("file") if file.is_none() => file = Some(within_bounds(field.bytes().await.map_err(unreadable)?)?),
                Some("params") if params.is_none() => params = Some(parse_params(&field.bytes().await.map_err(unreadable)?)?),
                Some("dryRun") if dry_run.is_none() => dry_run = Some(parse_flag(&field.bytes().await.map_err(unreadable)?)?),
                other => {
                    return Err(missing(
                        other.unwrap_or_default(),
                        "unknown",
                        "This part is not expected here, or appears twice.",
                    ));
                }
            }
        }
        Ok(Self {
            file: file.ok_or_else(|| missing("file", "required", "Choose a file."))?,
            params: params.ok_or_else(|| missing("params", "required", "Say the term's name and dates."))?,
            dry_run: dry_run.ok_or_else(|| missing("dryRun", "required", "Say whether this is a dry run."))?,
        })
    }
}

fn missing(part: &str, code: &str, detail: &str) -> Problem {
    Problem::new(ProblemKind::InvalidRequest).error(format!("/{part}"), code, detail)
}

fn within_bounds(bytes: Bytes) -> Result<Arc<[u8]>, Problem> {
    if bytes.len() > MAX_FILE_BYTES { Err(ProblemKind::BodyTooLarge.into()) } else { Ok(Arc::from(&bytes[..])) }
}

fn parse_params(bytes: &[u8]) -> Result<ImportParams, Problem> {
    serde_json::from_slice(bytes).map_err(|error| missing("params", "malformed", &error.to_string()))
}

fn parse_flag(bytes: &[u8]) -> Result<bool, Problem> {
    match bytes {
        b"true" => Ok(true),
        b"false" => Ok(false),
        _ => Err(missing("dryRun", "wrong-type", "Say true or false.")),
    }
}

impl From<ImportError> for Problem {
    fn from(error: ImportError) -> Self {
        match error {
            ImportError::Params(error) => missing(pointer(&error), "invalid", &error.to_string()),
            ImportError::Refused(refused) => from_refused(&refused),
            ImportError::Stale => Problem::new(ProblemKind::VersionConflict)
                .detail("The catalog changed during the comparison. Run the import again."),
            ImportError::Db(error) => error.into(),
        }
    }
}

fn pointer(error: &ParamsError) -> &'static str {
    match error {
        ParamsError::TermName => "params/termName",
        ParamsError::TermDates => "params/endsOn",
        ParamsError::TooManyParts | ParamsError::PartCode { .. } | ParamsError::PartDates { .. } => "params/parts",
    }
}

/// Every broken row and field, as `/rows/<row>/<column>`.
fn from_refused(refused: &Refused) -> Problem {
    let problem =
        Problem::new(ProblemKind::ImportRefused).detail(format!("{} fields need mending. Nothing was imported.", refused.total));
    refused.errors.iter().fold(problem, |problem, issue| {
        problem.error(
            format!("/rows/{}/{}", issue.row, issue.field.replace('~', "~0").replace('/', "~1")),
            &issue.code,
            &issue.message,
        )
    })
}
