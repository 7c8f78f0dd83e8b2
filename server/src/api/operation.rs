//! Declaring operations: route, access, audit and document in one place, so that they cannot diverge.

use std::sync::Arc;

use aide::operation::{OperationHandler, OperationInput, OperationOutput};
use axum::extract::DefaultBodyLimit;
use axum::handler::Handler;
use axum::routing::{MethodFilter, MethodRouter, on};
use http::Method;

use super::document::{self, Describe};
use super::json::Validator;
use super::problem::{Problem, ProblemKind};
pub use crate::db::{Module, Role};

/// Who may call an operation at all. Whose data it then shows is decided by the domain's actions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Anybody, without a token. These operations are a short list that a test spells out.
    Public,
    /// Anybody with a valid access token, in whatever role.
    Signed,
    /// A valid access token whose active role is one of these.
    Roles(&'static [Role]),
}

impl Access {
    /// Whether a caller with this active role (`None`: not signed in) passes.
    pub fn admits(self, role: Option<Role>) -> bool {
        match (self, role) {
            (Access::Public, _) => true,
            (Access::Signed, role) => role.is_some(),
            (Access::Roles(roles), Some(role)) => roles.contains(&role),
            (Access::Roles(_), None) => false,
        }
    }
}

/// What a mutation leaves in the audit trail. Reads that are audited before they answer say `Action` too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audit {
    /// Nothing changes and nothing sensitive is shown.
    Read,
    /// The name of the audited action.
    Action(&'static str),
    /// Changes something that is on the list of exemptions; the text says why.
    Exempt(&'static str),
}

/// The declaration of one operation; `Api::op` binds it to its handler.
#[derive(Clone, Debug)]
pub struct Op {
    pub(super) method: Method,
    pub(super) path: &'static str,
    pub(super) id: &'static str,
    pub(super) access: Access,
    pub(super) audit: Audit,
    pub(super) summary: &'static str,
    pub(super) problems: Vec<ProblemKind>,
    pub(super) upload: bool,
}

impl Op {
    fn new(method: Method, path: &'static str, id: &'static str, access: Access, audit: Audit) -> Self {
        Self { method, path, id, access, audit, summary: "", problems: Vec::new(), upload: false }
    }

    /// A read. `path` is relative to `/api/v1`, `id` is the camelCase name of the generated function.
    pub fn get(path: &'static str, id: &'static str, access: Access) -> Self {
        Self::new(Method::GET, path, id, access, Audit::Read)
    }

    pub fn post(path: &'static str, id: &'static str, access: Access, audit: Audit) -> Self {
        Self::new(Method::POST, path, id, access, audit)
    }

    pub fn put(path: &'static str, id: &'static str, access: Access, audit: Audit) -> Self {
        Self::new(Method::PUT, path, id, access, audit)
    }

    pub fn patch(path: &'static str, id: &'static str, access: Access, audit: Audit) -> Self {
        Self::new(Method::PATCH, path, id, access, audit)
    }

    pub fn delete(path: &'static str, id: &'static str, access: Access, audit: Audit) -> Self {
        Self::new(Method::DELETE, path, id, access, audit)
    }

    /// Makes a read leave an audit row before it answers.
    pub fn audited(mut self, action: &'static str) -> Self {
        self.audit = Audit::Action(action);
        self
    }

    /// One line on what it does, for the document.
    pub fn summary(mut self, summary: &'static str) -> Self {
        self.summary = summary;
        self
    }

    /// Takes a form with a file: what bounds its body are the edge and [`super::Form`], not the framework's own small limit.
    pub fn upload(mut self) -> Self {
        self.upload = true;
        self
    }

    /// Problems the handler itself may answer; those of extractors and of access come by themselves.
    pub fn problems(mut self, problems: &[ProblemKind]) -> Self {
        self.problems.extend_from_slice(problems);
        self
    }
}

/// What the edge and the tests know of an operation.
#[derive(Clone, Debug)]
pub struct OpInfo {
    pub method: Method,
    /// The route template with its prefix: `/api/v1/courses/{id}`, as axum's `MatchedPath` says it.
    pub path: String,
    pub id: &'static str,
    pub module: Module,
    pub access: Access,
    pub audit: Audit,
    /// Takes a file, which may be worked on for longer.
    pub upload: bool,
    /// Checks a JSON body exactly as the operation would; `None` when it takes none.
    pub body: Option<Validator>,
}

impl OpInfo {
    /// Whether the operation changes something: such requests need the cross-site defence.
    pub fn mutates(&self) -> bool {
        self.method != Method::GET
    }

    /// What a refusal is counted under: the audited action, or for what leaves no audit row the operation itself.
    pub fn action(&self) -> &'static str {
        match self.audit {
            Audit::Action(name) => name,
            Audit::Read | Audit::Exempt(_) => self.id,
        }
    }

    /// Checks a JSON body exactly as the operation would.
    pub fn check_body(&self, bytes: &[u8]) -> Option<Result<(), Problem>> {
        self.body.map(|check| check(bytes))
    }
}

/// One operation bound to its handler.
pub(super) struct Bound<S> {
    pub(super) op: Op,
    pub(super) module: Module,
    pub(super) route: MethodRouter<S>,
    pub(super) describe: Describe,
}

/// The operations of one domain: what its `router()` returns.
pub struct Api<S> {
    module: Module,
    pub(super) operations: Vec<Bound<S>>,
}

impl<S: Clone + Send + Sync + 'static> Api<S> {
    pub fn new(module: Module) -> Self {
        Self { module, operations: Vec::new() }
    }

    /// Adds an operation. The document is read off the handler's argument and return types.
    pub fn op<H, I, O, T>(mut self, op: Op, handler: H) -> Self
    where
        H: Handler<T, S> + OperationHandler<I, O>,
        I: OperationInput,
        O: OperationOutput,
        T: 'static,
    {
        let filter = MethodFilter::try_from(op.method.clone()).expect("Op has constructors for usual methods only");
        let route = on(filter, handler);
        let route = if op.upload { route.layer(DefaultBodyLimit::disable()) } else { route };
        self.operations.push(Bound { op, module: self.module, route, describe: document::describe::<I, O> });
        self
    }
}

/// Layers may wrap an operation knowing what it is; see `router`.
pub type SharedOp = Arc<OpInfo>;
