//! The token check in front of every operation, and the seam between pages and sign-in.
//!
//! Nothing of a request's path, query or body is read, and no SQL runs, before its token has been verified, unless the
//! operation is declared public. A token of another institution is refused from memory.

use std::{sync::Arc, time::Duration};

use axum::{
    extract::Request,
    middleware::Next,
    response::{IntoResponse, Response},
    routing::MethodRouter,
};
use futures_util::future::BoxFuture;
use http::{HeaderMap, header};

use super::{
    access::{self, Renewal, Signed},
    record::Facts,
    request::Arrival,
};
use crate::{
    api::{Access, Problem, ProblemKind, SharedOp},
    app::{App, Caller, Visitor},
    auth::{self, Claims, Identity, Via, cookies, csrf},
    db::{Actor, TenantDb, ids::RequestId},
};

/// Longer than any statement may take: what is still running then has lost its client's interest.
const OPERATION_TIMEOUT: Duration = Duration::from_secs(15);
/// An import of a large file parses and writes for longer.
const UPLOAD_TIMEOUT: Duration = Duration::from_secs(120);

/// Wraps one operation.
pub fn guard(app: App, op: &SharedOp, route: MethodRouter<App>) -> MethodRouter<App> {
    let op = Arc::clone(op);
    route.route_layer(axum::middleware::from_fn(move |request: Request, next: Next| {
        let (app, op) = (app.clone(), Arc::clone(&op));
        async move {
            match admit(&app, &op, request).await {
                Ok(request) => run(&app, &op, request, next).await,
                Err(problem) => problem.into_response(),
            }
        }
    }))
}

async fn run(app: &App, op: &SharedOp, request: Request, next: Next) -> Response {
    let Some(_place) = app.enter(op.module) else {
        metrics::counter!("pec_module_full_total", "module" => op.module.name()).increment(1);
        return Problem::new(ProblemKind::Busy).retry_after(1).into_response();
    };
    let limit = if op.upload { UPLOAD_TIMEOUT } else { OPERATION_TIMEOUT };
    match tokio::time::timeout(limit, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Problem::new(ProblemKind::Timeout).into_response(),
    }
}

async fn admit(app: &App, op: &SharedOp, mut request: Request) -> Result<Request, Problem> {
    let arrival =
        request.extensions().get::<Arrival>().cloned().ok_or_else(|| Problem::internal("a request without an arrival"))?;
    let facts = request.extensions().get::<Facts>().cloned().unwrap_or_default();
    facts.set_route(&op.path);
    let db = app
        .registry()
        .by_host(arrival.host())
        .ok_or_else(|| Problem::new(ProblemKind::NotFound).detail("No institution is served at this address."))?;
    facts.set_tenant(db.shared_slug());
    let id = RequestId(arrival.id);
    // Pages ask for their first data with an identity that was verified a moment ago. Clients can't set extensions.
    let caller = match request.extensions_mut().remove::<Verified>() {
        Some(Verified(claims)) => Some(caller(&db, claims, id)),
        None => identify(app, op, &db, &arrival, request.headers()).await?.map(|claims| caller(&db, claims, id)),
    };
    if let Some(caller) = &caller {
        facts.set_actor(caller.user_id.0);
    }
    if !op.access.admits(caller.as_ref().map(|caller| caller.role)) {
        if let Some(caller) = &caller {
            db.note_refusal(&caller.actor, op.action());
        }
        return Err(Problem::new(ProblemKind::Forbidden).detail("Your role does not include this."));
    }
    let extensions = request.extensions_mut();
    extensions.insert(Visitor { db, request: id });
    if let Some(caller) = caller {
        extensions.insert(caller);
    }
    Ok(request)
}

/// The verified claims of whoever asks; `None` where an operation is public.
async fn identify(
    app: &App,
    op: &SharedOp,
    db: &TenantDb,
    arrival: &Arrival,
    headers: &HeaderMap,
) -> Result<Option<Arc<Claims>>, Problem> {
    let cross_site = |via| {
        if !op.mutates() || via == Via::Bearer {
            return Ok(());
        }
        csrf::check(headers, &format!("https://{}", arrival.authority)).map_err(|cause| {
            metrics::counter!("pec_cross_site_total", "cause" => cause.label()).increment(1);
            Problem::new(ProblemKind::CrossSite).detail("Send it from the institution's own pages, or with a bearer token.")
        })
    };
    if op.access == Access::Public {
        // A client without cookies (bearer) says so by asking for its tokens in the body.
        let browser = headers.contains_key(header::COOKIE)
            || headers.contains_key("sec-fetch-site")
            || headers.contains_key(header::ORIGIN);
        return cross_site(if browser { Via::Cookie } else { Via::Bearer }).map(|()| None);
    }
    let known = auth::identify(app, db, headers);
    let claims = match known.identity {
        Identity::Valid(claims) => claims,
        Identity::Expired => return Err(ProblemKind::TokenExpired.into()),
        Identity::Anonymous => return Err(ProblemKind::Unauthenticated.into()),
        Identity::Invalid(refusal) => {
            metrics::counter!("pec_refused_tokens_total", "cause" => refusal.label()).increment(1);
            return Err(ProblemKind::Unauthenticated.into());
        }
    };
    cross_site(known.via)?;
    if known.unconfirmed && !auth::confirm(db, &claims).await? {
        return Err(ProblemKind::Unauthenticated.into());
    }
    Ok(Some(claims))
}

fn caller(db: &TenantDb, claims: Arc<Claims>, request: RequestId) -> Caller {
    Caller {
        db: db.clone(),
        actor: Actor::person(claims.user, claims.role, request),
        user_id: claims.user,
        role: claims.role,
        session: claims.session,
        claims,
    }
}

/// An identity that the page gate has verified.
#[derive(Clone)]
struct Verified(Arc<Claims>);

/// Sign-in as the pages see it.
pub struct PageGate {
    app: App,
}

impl PageGate {
    pub fn new(app: App) -> Self {
        Self { app }
    }

    fn signed(&self, db: &TenantDb, claims: Arc<Claims>) -> Signed {
        let mut extensions = http::Extensions::new();
        let (role, actor) = (claims.role, claims.user.0);
        extensions.insert(Verified(claims));
        Signed { role, actor, tenant: db.shared_slug(), extensions }
    }
}

impl access::Gate for PageGate {
    fn identify<'a>(&'a self, host: &'a str, headers: &'a HeaderMap) -> BoxFuture<'a, access::Presented> {
        Box::pin(async move {
            let nobody = |identity| access::Presented { identity, has_refresh: false };
            let Some(db) = self.app.registry().by_host(host) else { return nobody(access::Identity::Anonymous) };
            let known = auth::identify(&self.app, &db, headers);
            let identity = match known.identity {
                // Only cookies open pages: a bearer token belongs to a program.
                Identity::Valid(_) if known.via == Via::Bearer => access::Identity::Invalid,
                Identity::Valid(claims) if known.unconfirmed && !auth::confirm(&db, &claims).await.unwrap_or(false) => {
                    access::Identity::Invalid
                }
                Identity::Valid(claims) => access::Identity::Valid(self.signed(&db, claims)),
                Identity::Expired => access::Identity::Expired,
                Identity::Anonymous => access::Identity::Anonymous,
                Identity::Invalid(refusal) => {
                    metrics::counter!("pec_refused_tokens_total", "cause" => refusal.label()).increment(1);
                    access::Identity::Invalid
                }
            };
            access::Presented { identity, has_refresh: known.has_refresh }
        })
    }

    fn renew<'a>(&'a self, host: &'a str, headers: &'a HeaderMap) -> BoxFuture<'a, Renewal> {
        Box::pin(async move {
            let Some(db) = self.app.registry().by_host(host) else {
                return Renewal::Refused { set_cookies: Vec::new() };
            };
            match auth::renew_page(&self.app, &db, headers).await {
                Ok(Some((claims, set_cookies))) => Renewal::Renewed { signed: self.signed(&db, claims), set_cookies },
                Ok(None) => Renewal::Refused { set_cookies: cookies::clear().to_vec() },
                Err(error) => {
                    tracing::warn!(%error, "a session could not be renewed");
                    Renewal::Unavailable
                }
            }
        })
    }
}
