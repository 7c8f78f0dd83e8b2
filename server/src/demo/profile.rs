//! The two demo institutions: what is typical of each and not a matter of chance.

use super::world::RoomKind;

/// A building: its name, what its rooms are for, and its share of them.
pub struct Building {
    pub name: &'static str,
    pub kinds: &'static [RoomKind],
}

pub struct Profile {
    pub name: &'static str,
    pub short_name: &'static str,
    pub locale: &'static str,
    pub time_zone: &'static str,
    pub accent_hue: i16,
    /// Reserved for documentation: no mail ever leaves for it.
    pub email_domain: &'static str,
    pub autumn: &'static str,
    pub spring: &'static str,
    /// Departments and their courses; see `courses.rs` for the form.
    pub courses: &'static [&'static str],
    /// Students per department, in proportion; in the order of `courses`.
    pub weights: &'static [u32],
    pub names: &'static str,
    pub buildings: &'static [Building],
    pub offices: &'static [&'static str],
}

use RoomKind::{Laboratory, Lecture, Studio};

/// An engineering institution in northern India.
pub const CHANDIGARH: Profile = Profile {
    name: "Chandigarh Institute of Technology",
    short_name: "Chandigarh Tech",
    locale: "en-GB",
    time_zone: "Asia/Kolkata",
    accent_hue: 188,
    email_domain: "demo.example",
    autumn: "Autumn",
    spring: "Spring",
    courses: &[
        include_str!("chandigarh/cs.txt"),
        include_str!("chandigarh/ece.txt"),
        include_str!("chandigarh/ee.txt"),
        include_str!("chandigarh/me.txt"),
        include_str!("chandigarh/ce.txt"),
        include_str!("chandigarh/ae.txt"),
        include_str!("chandigarh/che.txt"),
        include_str!("chandigarh/mse.txt"),
        include_str!("chandigarh/phys.txt"),
        include_str!("chandigarh/math.txt"),
        include_str!("chandigarh/hum.txt"),
        include_str!("chandigarh/des.txt"),
    ],
    weights: &[17, 12, 11, 12, 10, 6, 7, 6, 5, 5, 5, 4],
    names: include_str!("chandigarh/names.txt"),
    buildings: &[
        Building { name: "Lecture Hall Complex", kinds: &[Lecture] },
        Building { name: "Bhabha Block", kinds: &[Lecture, Laboratory] },
        Building { name: "Raman Laboratories", kinds: &[Laboratory, Lecture] },
        Building { name: "Visvesvaraya Block", kinds: &[Lecture, Laboratory] },
        Building { name: "Kalam Aerospace Center", kinds: &[Laboratory, Lecture] },
        Building { name: "Ramanujan Hall", kinds: &[Lecture] },
        Building { name: "Workshops", kinds: &[Laboratory, Studio] },
        Building { name: "Computer Center", kinds: &[Laboratory, Lecture] },
        Building { name: "Ray Chemistry Block", kinds: &[Laboratory, Lecture] },
        Building { name: "Corbusier Design Studio", kinds: &[Studio] },
        Building { name: "Tagore House", kinds: &[Lecture] },
        Building { name: "Sarabhai Block", kinds: &[Lecture, Laboratory] },
    ],
    offices: &[
        "Registrar's Office",
        "Academic Affairs",
        "Examination Branch",
        "Admissions Office",
        "Student Affairs",
        "Computer Center",
    ],
};

/// A small college of arts and sciences on a cold coast.
pub const NORTHGATE: Profile = Profile {
    name: "Northgate College of Arts and Sciences",
    short_name: "Northgate",
    locale: "en-US",
    time_zone: "America/Halifax",
    accent_hue: 28,
    email_domain: "second.example",
    autumn: "Fall",
    spring: "Winter",
    courses: &[include_str!("northgate/courses.txt")],
    weights: &[20, 14, 13, 10, 15, 16, 12],
    names: include_str!("northgate/names.txt"),
    buildings: &[
        Building { name: "Old Main", kinds: &[Lecture] },
        Building { name: "Harbor Science Center", kinds: &[Laboratory, Lecture] },
        Building { name: "Fraser Library", kinds: &[Lecture] },
        Building { name: "Chapel Music Hall", kinds: &[Studio, Laboratory] },
        Building { name: "Lighthouse Annex", kinds: &[Lecture, Laboratory] },
    ],
    offices: &["Registrar", "Dean of Students", "Admissions", "Advising"],
};
