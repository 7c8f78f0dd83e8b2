/// The domain modules that use a tenant's connections. Each has its own share of them, so that one that hangs can't take the
/// others' (see [`super::TenantDb`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Module {
    Auth,
    Users,
    Departments,
    Timetable,
    Courses,
    Enrollment,
    Dashboards,
    Interop,
}

pub const MODULES: [Module; 8] = [
    Module::Auth,
    Module::Users,
    Module::Departments,
    Module::Timetable,
    Module::Courses,
    Module::Enrollment,
    Module::Dashboards,
    Module::Interop,
];

impl Module {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Auth => "auth",
            Self::Users => "users",
            Self::Departments => "departments",
            Self::Timetable => "timetable",
            Self::Courses => "courses",
            Self::Enrollment => "enrollment",
            Self::Dashboards => "dashboards",
            Self::Interop => "interop",
        }
    }
}
