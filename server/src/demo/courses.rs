//! Departments and courses, written by hand in plain text files.
//!
//! A department begins with `# CODE Name` and its programs, `> name`, first degrees before the others. A course is a
//! line `number credits pattern [*] title`, its description on the next one, then an empty line; `*` opens it to all.

use super::random::Ids;
use super::world::{Course, Department, Pattern};

/// What a department offers: programs by degree.
pub struct Programs {
    pub first_degree: Vec<String>,
    pub postgraduate: Vec<String>,
}

pub struct Offer {
    pub departments: Vec<Department>,
    pub programs: Vec<Programs>,
    pub courses: Vec<Course>,
}

/// The files are part of the program: a line that does not fit the form is a bug that the tests find.
pub fn read(files: &[&str], ids: &mut Ids) -> Offer {
    let mut offer = Offer { departments: Vec::new(), programs: Vec::new(), courses: Vec::new() };
    for file in files {
        let mut lines = file.lines();
        while let Some(line) = lines.next() {
            if let Some(head) = line.strip_prefix("# ") {
                let (code, name) = head.split_once(' ').expect("a department has a code and a name");
                offer.departments.push(Department { id: ids.next(), code: code.to_owned(), name: name.to_owned() });
                offer.programs.push(Programs { first_degree: Vec::new(), postgraduate: Vec::new() });
            } else if let Some(program) = line.strip_prefix("> ") {
                let programs = offer.programs.last_mut().expect("a program follows its department");
                let beyond = program.starts_with("M.");
                (if beyond { &mut programs.postgraduate } else { &mut programs.first_degree }).push(program.to_owned());
            } else if !line.is_empty() {
                let description = lines.next().expect("a course has a description");
                offer.courses.push(course(line, description, offer.departments.len() - 1, ids));
            }
        }
    }
    offer
}

fn course(line: &str, description: &str, department: usize, ids: &mut Ids) -> Course {
    let mut words = line.splitn(4, ' ');
    let mut word = || words.next().expect("number, credits, pattern and title");
    let (number, credits, pattern, rest) = (word(), word(), word(), word());
    let (common, title) = rest.strip_prefix("* ").map_or((false, rest), |title| (true, title));
    Course {
        id: ids.next(),
        department,
        number: number.to_owned(),
        title: title.to_owned(),
        description: description.to_owned(),
        credits: credits.parse().expect("credits are a number"),
        pattern: match pattern {
            "L" => Pattern::Lecture,
            "LB" => Pattern::LectureLab,
            "S" => Pattern::Seminar,
            "P" => Pattern::Studio,
            "A" => Pattern::Arranged,
            other => unreachable!("pattern {other} in a course file"),
        },
        common,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::demo::{CHANDIGARH, NORTHGATE, Profile};

    fn offer(profile: &Profile) -> Offer {
        let today = chrono::NaiveDate::from_ymd_opt(2026, 11, 23).expect("a day");
        read(profile.courses, &mut Ids::new(1, "courses", today))
    }

    #[test]
    fn both_offers_are_complete() {
        for (profile, departments, least) in [(&CHANDIGARH, 12, 300), (&NORTHGATE, 7, 50)] {
            let offer = offer(profile);
            assert_eq!((offer.departments.len(), profile.weights.len()), (departments, departments));
            assert!(offer.courses.len() >= least, "{}", offer.courses.len());
            assert!(offer.programs.iter().all(|programs| !programs.first_degree.is_empty()));
            let keys: BTreeSet<_> = offer.courses.iter().map(|course| (course.department, &course.number)).collect();
            assert_eq!(keys.len(), offer.courses.len(), "a number appears twice");
            for course in &offer.courses {
                assert!(course.number.len() == 3 && (1..=5).contains(&course.level()), "{}", course.number);
                assert!((1..=12).contains(&course.credits), "{}", course.title);
                assert!(course.description.matches('.').count() >= 1 && course.description.len() > 40, "{}", course.title);
            }
        }
    }

    #[test]
    fn what_visitors_search_for_is_there() {
        let offer = offer(&CHANDIGARH);
        for title in [
            "Calculus I",
            "Operating Systems",
            "Compilers",
            "Probability and Statistics",
            "Technical Writing",
            "Machine Learning",
        ] {
            assert!(offer.courses.iter().any(|course| course.title == title), "{title}");
        }
    }
}
