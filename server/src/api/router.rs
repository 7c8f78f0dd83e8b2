//! Assembles the operations of all domains into one router, one document and one list.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use axum::routing::MethodRouter;
use serde_json::Value;

use super::boundary::catch_panic;
use super::document::Document;
use super::operation::{Api, Bound, OpInfo, SharedOp};
use super::problem::{Problem, ProblemKind};

/// Where the API lives; the version is part of every operation's address.
pub const PREFIX: &str = "/api/v1";

/// Everything that follows from the declarations.
pub struct Assembled<S> {
    /// Serves `/api/v1/**`; anything else under it is a 404 or 405 problem.
    pub router: Router<S>,
    /// The OpenAPI 3.1 document; `openapi_json` prints it.
    pub document: Value,
    /// All operations, in the order they were declared.
    pub operations: Vec<SharedOp>,
}

/// Builds the router. `guard` wraps each operation, knowing what it is: the place for the token check, the
/// module's permits and time limits. It runs before anything of the request's body, path or query is read,
/// and inside the panic boundary.
///
/// # Panics
/// When two declarations contradict each other (a path and method twice, a type with two shapes): a mistake
/// in the program that every test of the API meets first.
pub fn router<S>(apis: Vec<Api<S>>, guard: impl Fn(&SharedOp, MethodRouter<S>) -> MethodRouter<S>) -> Assembled<S>
where
    S: Clone + Send + Sync + 'static,
{
    let mut document = Document::new();
    let mut operations = Vec::new();
    // One route per path: axum wants the methods of a path merged before they are added.
    let mut routes: BTreeMap<String, MethodRouter<S>> = BTreeMap::new();
    for Bound { op, module, route, describe } in apis.into_iter().flat_map(|api| api.operations) {
        let path = format!("{PREFIX}{}", op.path);
        let body = document.add(&op, module, &path, describe);
        let info = Arc::new(OpInfo {
            method: op.method,
            path: path.clone(),
            id: op.id,
            module,
            access: op.access,
            audit: op.audit,
            upload: op.upload,
            body,
        });
        let wrapped = within_boundary(Arc::clone(&info), guard(&info, route));
        let merged = routes.remove(&path).unwrap_or_default().merge(wrapped);
        routes.insert(path, merged);
        operations.push(info);
    }
    let router = routes
        .into_iter()
        .fold(Router::new(), |router, (path, route)| router.route(&path, route))
        .fallback(async || Problem::new(ProblemKind::NotFound))
        .method_not_allowed_fallback(async || Problem::new(ProblemKind::MethodNotAllowed));
    Assembled { router, document: document.finish(), operations }
}

fn within_boundary<S>(op: SharedOp, route: MethodRouter<S>) -> MethodRouter<S>
where
    S: Clone + Send + Sync + 'static,
{
    route.route_layer(from_fn(move |request: Request, next: Next| catch_panic(Arc::clone(&op), request, next)))
}
