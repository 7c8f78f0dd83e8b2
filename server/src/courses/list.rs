//! Lists of courses: what they are narrowed to, their order, and where they go on.

use sqlx::PgConnection;

use super::{credits::Hours, model::CourseSummary, search::SearchWords, store};
use crate::{
    api::sort,
    db::ids::{CourseId, DepartmentId, TermId},
};

sort! {
    /// The order somebody chose, by column; `-` turns it around.
    CourseSort {
        Code, CodeDown: "code", "-code";
        Title, TitleDown: "title", "-title";
        Credits, CreditsDown: "credits", "-credits";
        Department, DepartmentDown: "department", "-department";
    }
}

/// What a list of courses is narrowed to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    pub department: Option<DepartmentId>,
    /// With a section in this term that isn't cancelled.
    pub term: Option<TermId>,
    /// Can be taken for so many credit hours.
    pub credits: Option<Hours>,
}

/// Where a list goes on: after the course with this code. `key` is what the chosen column says of it, `rank` how well it fits a search.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    pub rank: Option<i32>,
    pub key: String,
    pub code: String,
}

/// A course in a list, with where the list goes on after it.
pub struct Listed {
    pub course: CourseSummary,
    pub place: Place,
}

/// A cursor's content: the order and whether it searches, so that the place in another list is refused; then the place.
pub type Position = (Option<CourseSort>, Option<i32>, String, String, CourseId);

/// One list: by code, by the chosen column, or (searching, and nothing chosen) by best match.
#[derive(Clone, Debug)]
pub struct CourseList {
    pub words: Option<SearchWords>,
    pub filter: Filter,
    pub sort: Option<CourseSort>,
}

impl CourseList {
    /// `None`: a place in a list of another order.
    pub fn place(&self, (sort, rank, key, code, _): Position) -> Option<Place> {
        let ranked = self.words.is_some() && self.sort.is_none();
        let by_credits = self.words.is_none() && matches!(sort, Some(CourseSort::Credits | CourseSort::CreditsDown));
        let fits = sort == self.sort && rank.is_some() == ranked && (!by_credits || are_hours(&key));
        fits.then_some(Place { rank, key, code })
    }

    pub fn position(&self, listed: &Listed) -> Position {
        let Place { rank, key, code } = listed.place.clone();
        (self.sort, rank, key, code, listed.course.id)
    }

    /// Where the whole catalog in its usual order goes on after this course.
    pub fn position_by_code(course: &CourseSummary) -> Position {
        (None, None, String::new(), course.code.clone(), course.id)
    }

    /// The whole catalog in its usual order.
    pub fn is_plain(&self) -> bool {
        self.words.is_none() && self.filter == Filter::default() && self.sort.is_none()
    }

    pub async fn rows(
        &self,
        connection: &mut PgConnection,
        after: Option<&Place>,
        rows: i64,
    ) -> Result<Vec<Listed>, sqlx::Error> {
        let by_code = |courses: Vec<CourseSummary>| courses.into_iter().map(Listed::by_code).collect();
        match (&self.words, self.sort) {
            (None, None | Some(CourseSort::Code)) => {
                let after = after.map(|place| place.code.as_str());
                store::page(connection, self.filter, after, rows).await.map(by_code)
            }
            (None, Some(sort)) => store::sorted(connection, self.filter, sort, after, rows).await,
            (Some(words), None) => {
                let after = after.and_then(|place| Some((place.rank?, place.code.as_str())));
                store::search(connection, words, self.filter, after, rows).await
            }
            (Some(words), Some(sort)) => store::search_sorted(connection, words, self.filter, sort, after, rows).await,
        }
    }
}

/// Whether a key is what the order by credits made of a course: its smallest and its largest credit hours, "3.00 4.00". The statement
/// reads numbers from it, so nothing else may get there.
fn are_hours(key: &str) -> bool {
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let parts = |whole: &str, rest: &str| (1..=3).contains(&whole.len()) && rest.len() == 2 && digits(whole) && digits(rest);
    let hours = |text: &str| text.split_once('.').is_some_and(|(whole, rest)| parts(whole, rest));
    key.split_once(' ').is_some_and(|(min, max)| hours(min) && hours(max))
}

impl Listed {
    pub fn by_code(course: CourseSummary) -> Self {
        let place = Place { code: course.code.clone(), ..Place::default() };
        Self { course, place }
    }
}
