//! Every operation of the API, module by module.

use std::{fmt::Write as _, sync::Arc};

use crate::{
    api::{self, Api, Assembled},
    app::App,
    edge,
};

/// All modules' operations.
fn apis() -> Vec<Api<App>> {
    vec![crate::departments::routes(), crate::users::routes(), crate::interop::routes()]
}

/// The router with the token check in front of each operation.
pub fn assemble(app: &App) -> Assembled<App> {
    let app = app.clone();
    api::router(apis(), move |op, route| edge::guard(app.clone(), op, route))
}

/// The contract alone: needs no database.
pub fn document() -> String {
    let assembled = api::router(apis(), |_, route| route);
    let mut text = api::openapi_json(&assembled.document);
    if !text.ends_with('\n') {
        text.write_char('\n').expect("a string takes any character");
    }
    text
}

/// What the edge and the tests know of all operations.
pub fn operations() -> Vec<Arc<api::OpInfo>> {
    api::router(apis(), |_, route| route).operations
}
