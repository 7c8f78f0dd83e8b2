use garde::Validate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{api::sort, db::ids::DepartmentId};

/// A department as other records name it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DepartmentRef {
    pub id: DepartmentId,
    /// The prefix of its course codes, "CS".
    pub code: String,
    pub name: String,
}

/// A department in a list, with how many courses and faculty members it has.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DepartmentSummary {
    pub id: DepartmentId,
    pub code: String,
    pub name: String,
    pub courses: i64,
    pub faculty: i64,
    /// Raised by every edit; an edit names the version it was made from.
    pub version: i32,
}

sort! {
    /// The order somebody chose, by column; `-` turns it around.
    DepartmentSort {
        Code, CodeDown: "code", "-code";
        Name, NameDown: "name", "-name";
        Courses, CoursesDown: "courses", "-courses";
        Faculty, FacultyDown: "faculty", "-faculty";
    }
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DepartmentDetail {
    #[serde(flatten)]
    pub summary: DepartmentSummary,
    pub students: i64,
    pub can: DepartmentCan,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct DepartmentCan {
    pub edit: bool,
}

#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CreateDepartment {
    /// 1 to 8 capital letters, digits or "&", starting with a letter. It can't be changed later.
    #[garde(length(chars, max = 8), pattern("^[A-Z][A-Z0-9&]{0,7}$"))]
    pub code: String,
    #[garde(length(chars, min = 1, max = 120), pattern("^[^\\x00-\\x1f\\x7f]*[^\\x00-\\x20\\x7f][^\\x00-\\x1f\\x7f]*$"))]
    pub name: String,
}

#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EditDepartment {
    #[garde(length(chars, min = 1, max = 120), pattern("^[^\\x00-\\x1f\\x7f]*[^\\x00-\\x20\\x7f][^\\x00-\\x1f\\x7f]*$"))]
    pub name: String,
    /// The version the edit was made from.
    #[garde(range(min = 1, max = 2_147_483_647))]
    pub version: i32,
}
