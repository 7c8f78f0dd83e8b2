//! Lists of people: their order, and where they go on.

use sqlx::PgConnection;

use super::{
    model::Narrowing,
    store::{self, Listed},
};
use crate::{
    api::{sort, text},
    db::ids::UserId,
};

sort! {
    /// The order somebody chose, by column; `-` turns it around. Who has no e-mail or number comes last.
    UserSort {
        Name, NameDown: "name", "-name";
        Email, EmailDown: "email", "-email";
        Number, NumberDown: "number", "-number";
    }
}

/// Where a list of people goes on: after this person. `rank` is 0 in a list and rises as matches get worse in a search; `key` is what the
/// chosen column says of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub rank: i32,
    pub key: Option<String>,
    pub sort_key: String,
    pub id: UserId,
}

impl Place {
    /// Before everybody: sort keys are never empty.
    pub fn start() -> Self {
        Self { rank: -1, key: None, sort_key: String::new(), id: UserId(uuid::Uuid::nil()) }
    }
}

/// A cursor's content: the order and whether it searches, so that the place in another list is refused; then the place.
pub type Position = (Option<UserSort>, bool, i32, Option<String>, String, UserId);

/// One list: by name, by the chosen column, or (searching, and nothing chosen) by best match.
#[derive(Clone, Debug)]
pub struct UserList {
    pub text: Option<String>,
    pub only: Narrowing,
    pub sort: Option<UserSort>,
}

impl UserList {
    pub fn new(typed: Option<&str>, only: Narrowing, sort: Option<UserSort>) -> Self {
        Self { text: text::typed(typed).map(str::to_owned), only, sort }
    }

    /// `None`: a place in a list of another order.
    pub fn place(&self, (sort, searched, rank, key, sort_key, id): Position) -> Option<Place> {
        let fits = sort == self.sort && searched == self.text.is_some();
        fits.then_some(Place { rank, key, sort_key, id })
    }

    pub fn position(&self, listed: &Listed) -> Position {
        let Place { rank, key, sort_key, id } = listed.place.clone();
        (self.sort, self.text.is_some(), rank, key, sort_key, id)
    }

    pub async fn rows(
        &self,
        connection: &mut PgConnection,
        after: Option<&Place>,
        rows: i64,
    ) -> Result<Vec<Listed>, sqlx::Error> {
        let start = Place::start();
        let from = after.unwrap_or(&start);
        match (&self.text, self.sort) {
            (None, None | Some(UserSort::Name)) => store::list(connection, self.only, from, rows).await,
            (None, Some(sort)) => store::sorted(connection, self.only, sort, after, rows).await,
            (Some(text), None) => store::search(connection, text, self.only, from, rows).await,
            (Some(text), Some(sort)) => store::search_sorted(connection, text, self.only, sort, after, rows).await,
        }
    }
}
