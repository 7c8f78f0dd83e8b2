//! Every operation of the API, module by module.

use std::{fmt::Write as _, sync::Arc};

use crate::{
    api::{self, Api, Assembled},
    app::App,
    auth, courses, dashboards, departments, edge, enrollment, institution, interop, timetable, users,
};

/// All modules' operations.
pub fn all() -> Vec<Api<App>> {
    vec![
        auth::routes(),
        institution::routes(),
        users::routes(),
        departments::routes(),
        timetable::routes(),
        courses::routes(),
        enrollment::routes(),
        dashboards::routes(),
        interop::routes(),
    ]
}

/// The router with the token check in front of each operation.
pub fn assemble(apis: Vec<Api<App>>, app: &App) -> Assembled<App> {
    let app = app.clone();
    api::router(apis, move |op, route| edge::guard(app.clone(), op, route))
}

/// The contract alone: needs no database.
pub fn document() -> String {
    let assembled = api::router(all(), |_, route| route);
    let mut text = api::openapi_json(&assembled.document);
    if !text.ends_with('\n') {
        text.write_char('\n').expect("a string takes any character");
    }
    text
}

/// What the edge and the tests know of all operations.
pub fn operations() -> Vec<Arc<api::OpInfo>> {
    api::router(all(), |_, route| route).operations
}
