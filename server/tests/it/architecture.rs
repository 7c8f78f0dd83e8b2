//! The shape of the server, read off its own source and migrations. Needs no database.
//!
//! The lists below are the design: a line that is no longer used fails like one that is missing.

mod rules;
mod source;
mod sql;

/// Every module of the crate and the modules it may name. A module may name only what stands above it, so there are no cycles.
/// `x/http` is the part of `x` that speaks HTTP: it may use the shared state, which the rest of a domain doesn't know.
pub const MODULES: &[(&str, &[&str])] = &[
    ("crypto", &[]),
    ("audit", &["crypto"]),
    ("db", &["audit", "crypto"]),
    ("api", &["db"]),
    ("config", &[]),
    ("data_dir", &[]),
    ("signals", &[]),
    ("telemetry", &[]),
    ("database", &["config", "db", "signals"]),
    ("auth", &["api", "audit", "crypto", "db"]),
    // What each domain knows of the others, below what it says over HTTP.
    ("institution", &[]),
    ("departments", &["api", "db"]),
    ("timetable", &["api", "db"]),
    ("courses", &["api", "db", "departments", "timetable"]),
    ("users", &["api", "audit", "crypto", "db", "departments", "institution", "timetable"]),
    ("verify", &["crypto", "db", "users"]),
    ("enrollment", &["api", "courses", "db", "timetable"]),
    ("dashboards", &["api", "db", "timetable"]),
    ("interop", &["api", "audit", "crypto", "db"]),
    ("demo", &["audit", "db"]),
    ("app", &["api", "audit", "auth", "db"]),
    ("auth/http", &["api", "app", "db"]),
    ("institution/http", &["api", "app", "db"]),
    ("departments/http", &["api", "app", "audit", "db", "institution"]),
    ("timetable/http", &["api", "app", "db"]),
    ("courses/http", &["api", "app", "audit", "db", "institution"]),
    ("users/http", &["api", "app", "audit", "courses", "crypto", "db", "institution", "timetable"]),
    ("enrollment/http", &["api", "app", "audit", "courses", "db", "institution", "timetable"]),
    ("dashboards/http", &["api", "app", "db"]),
    ("interop/http", &["api", "app", "db"]),
    ("tasks", &["app", "auth", "db"]),
    ("edge", &["api", "app", "auth", "config", "crypto", "db", "telemetry"]),
    (
        "routes",
        &[
            "api",
            "app",
            "auth",
            "courses",
            "dashboards",
            "departments",
            "edge",
            "enrollment",
            "institution",
            "interop",
            "timetable",
            "users",
        ],
    ),
    ("serve", &["api", "app", "auth", "config", "db", "edge", "institution", "routes", "tasks"]),
    (
        "cli",
        &[
            "api",
            "app",
            "auth",
            "config",
            "crypto",
            "data_dir",
            "database",
            "db",
            "demo",
            "edge",
            "interop",
            "routes",
            "serve",
            "signals",
            "telemetry",
            "users",
            "verify",
        ],
    ),
];

/// Tables: who owns them (nobody else writes them), and what else a module reads or, with a reason, writes.
pub struct Tables {
    pub module: &'static str,
    pub owns: &'static [&'static str],
    pub reads: &'static [&'static str],
    pub writes: &'static [&'static str],
}

pub const TABLES: &[Tables] = &[
    Tables {
        module: "db",
        owns: &["installation", "tenant", "tenant_host", "audit_event", "audit_diff", "outbox", "idempotency"],
        reads: &[],
        // A new institution gets its one row together with its schema.
        writes: &["institution"],
    },
    Tables { module: "institution", owns: &["institution"], reads: &[], writes: &[] },
    Tables {
        module: "auth",
        owns: &["credential", "password_link", "session", "refresh_token", "revocation"],
        reads: &["app_user", "institution", "user_role"],
        // The epoch alone: access tokens of an older one are refused.
        writes: &["app_user"],
    },
    Tables {
        module: "users",
        owns: &["app_user", "user_role", "user_contact", "student_profile", "faculty_profile", "admin_profile"],
        reads: &["credential", "department", "enrollment", "institution", "meeting", "meeting_instructor", "section", "term"],
        writes: &[],
    },
    Tables {
        module: "departments",
        owns: &["department"],
        reads: &["course", "faculty_profile", "student_profile"],
        writes: &[],
    },
    Tables {
        module: "timetable",
        owns: &["term", "part_of_term", "room", "meeting", "meeting_instructor"],
        reads: &["app_user", "institution"],
        writes: &[],
    },
    Tables {
        module: "courses",
        owns: &["course", "section"],
        reads: &["department", "part_of_term", "section_seat", "term"],
        writes: &[],
    },
    Tables {
        module: "enrollment",
        owns: &["enrollment", "enrollment_event", "section_seat", "course_result"],
        reads: &[
            "app_user",
            "course",
            "institution",
            "meeting",
            "meeting_instructor",
            "part_of_term",
            "room",
            "section",
            "student_profile",
            "term",
        ],
        writes: &[],
    },
    Tables {
        module: "dashboards",
        owns: &[],
        reads: &[
            "app_user",
            "audit_event",
            "course",
            "credential",
            "department",
            "enrollment_event",
            "faculty_profile",
            "institution",
            "meeting",
            "meeting_instructor",
            "section",
            "section_seat",
            "term",
            "user_role",
        ],
        writes: &[],
    },
    Tables {
        module: "interop",
        owns: &[],
        reads: &[
            "app_user",
            "course",
            "department",
            "meeting",
            "meeting_instructor",
            "part_of_term",
            "room",
            "section",
            "section_seat",
            "term",
        ],
        // An import brings a whole catalog at once, in one audited action.
        writes: &[
            "app_user",
            "course",
            "department",
            "faculty_profile",
            "meeting",
            "meeting_instructor",
            "part_of_term",
            "room",
            "section",
            "section_seat",
            "term",
            "user_role",
        ],
    },
    Tables {
        module: "demo",
        owns: &[],
        reads: &[
            "admin_profile",
            "app_user",
            "audit_event",
            "department",
            "enrollment",
            "faculty_profile",
            "institution",
            "meeting",
            "meeting_instructor",
            "section",
            "section_seat",
            "student_profile",
            "term",
        ],
        // It fills an institution that has no records yet, and only such a one.
        writes: &[
            "admin_profile",
            "app_user",
            "course",
            "course_result",
            "department",
            "enrollment",
            "faculty_profile",
            "institution",
            "meeting",
            "meeting_instructor",
            "part_of_term",
            "room",
            "section",
            "section_seat",
            "student_profile",
            "term",
            "user_role",
        ],
    },
    Tables {
        module: "tasks",
        owns: &[],
        reads: &["idempotency", "outbox"],
        // Sweeping: answers and announcements that nobody waits for any more.
        writes: &["idempotency", "outbox"],
    },
    Tables { module: "verify", owns: &[], reads: &["app_user", "enrollment", "enrollment_event", "section_seat"], writes: &[] },
];

/// Where SQL stands besides `store.rs`, `store/` and `db/`.
pub const SQL_ELSEWHERE: &[&str] = &[
    "demo/fill.rs",
    "demo/load.rs",
    "tasks/sweep.rs",
    "verify.rs",
    "verify/access.rs",
    "verify/installation.rs",
    "verify/keys.rs",
];

/// Where statements stand that the compiler can't check against the schema.
pub const UNCHECKED_SQL: &[&str] = &[
    // Names of schemas and roles, which no statement takes as parameters.
    "db/migrate.rs",
    "db/registry.rs",
    // Transaction control: constant but for the UUID of whoever acts.
    "db/pool.rs",
    "db/write.rs",
    // COPY, which no macro checks; its columns are checked by loading them.
    "demo/load.rs",
];

/// Actions without an audit row. This list only shrinks.
pub const EXEMPT_ACTIONS: &[&str] = &[
    // Every few minutes on every device; the session's start and end are audited.
    "session.renew",
    // Rows that have no meaning any more.
    "session.sweep",
    "system.sweep",
];

/// Words the product doesn't have. Background work is a task.
pub const PURGED: &[&str] = &[
    "placement",
    "placements",
    "recruiter",
    "recruiters",
    "recruiting",
    "recruitment",
    "job",
    "jobs",
    "finance",
    "finances",
    "financial",
];

pub const LINES_MAX: usize = 400;
