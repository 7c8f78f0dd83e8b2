//! How large a world is.

/// Counts that drive the rest; sections, rooms and enrollments follow from them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DemoSize {
    pub students: usize,
    pub faculty: usize,
    /// A course has 1 to this many sections in a term.
    pub max_sections: usize,
}

impl DemoSize {
    /// A middle-sized institution: 3,000 students, 200 faculty.
    pub const DEFAULT: Self = Self { students: 3_000, faculty: 200, max_sections: 4 };
    /// The second, small institution.
    pub const SMALL: Self = Self { students: 600, faculty: 48, max_sections: 3 };

    /// In proportion to the default, as benchmarks use it; between 50 and 200,000 students.
    pub fn of_students(students: usize) -> Self {
        let students = students.clamp(50, 200_000);
        Self { students, faculty: (students / 15).max(24), max_sections: (4 * students).div_ceil(3_000).max(3) }
    }
}

impl Default for DemoSize {
    fn default() -> Self {
        Self::DEFAULT
    }
}
