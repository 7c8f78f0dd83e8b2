//! Every operation of the API: the one list that the server serves, the document describes and the tests walk.

use crate::{api::Api, app::App, departments, interop};

/// The operations of all domains, in the order of the document.
pub fn all() -> Vec<Api<App>> {
    vec![departments::routes(), interop::routes()]
}
