#![allow(clippy::unwrap_used)]

use std::fs;

use super::*;
use crate::edge::pages::fixture;

const OTHER: &str = "0198c0de-1234-7abc-8def-0123456789ab";

#[test]
fn the_build_says_what_exists_and_who_may_see_it() {
    let web = fixture::web();
    let set = PageSet::load(web.path()).unwrap();
    assert_eq!(set.build_id(), fixture::BUILD_ID);
    assert_eq!(set.locales(), ["en".into()]);
    let access = |path: &str| set.find(path).map(|(page, _)| page.access);
    assert_eq!(access("/en/sign-in"), Some(Access::Public));
    assert_eq!(access("/en/courses"), Some(Access::Protected));
    let (users, _) = set.find("/en/users").unwrap();
    assert_eq!(users.roles.as_deref(), Some(&[Role::Admin][..]));
    let path = format!("/en/courses/{OTHER}");
    let (course, id) = set.find(&path).unwrap();
    assert_eq!((&*course.route, id), ("/[locale]/courses/[id]", OTHER));
    assert_eq!(course.locale.as_deref(), Some("en"));
    assert_eq!(course.segments.len(), 2);
}

#[test]
fn hostile_paths_are_no_pages() {
    let web = fixture::web();
    let set = PageSet::load(web.path()).unwrap();
    let upper = OTHER.to_ascii_uppercase();
    for path in [
        "",
        "/",
        "/en",
        "//en/courses",
        "/en//courses",
        "/en/courses/",
        "/en/courses/x",
        "/xx/courses",
        "/EN/courses",
        "/en/courses/..",
        "/en/../en/courses",
        "/en/%63ourses",
        "/en/courses/%2e%2e",
        "/_not-found",
        "/_global-error",
        "/en/courses.html",
        "/en/courses.rsc",
        "/en/courses/5e471e1d",
        "\\en\\courses",
        "/en/courses\0",
        "/en/courses/0198c0de-1234-7abc-8def-0123456789ag",
        "/en/courses/0198c0de-1234-7abc-8def-0123456789ab0",
        "/en/courses/'\"><script>alert(1)</script>xxxxxx",
        "/[locale]/courses/[id]",
        &format!("/en/courses/{upper}"),
        &format!("/en/courses/{OTHER}/{OTHER}"),
        &format!("/en/{OTHER}"),
        &format!("/en/courses/{OTHER}/../x"),
        &format!("/en/courses/{OTHER}%00"),
    ] {
        assert!(set.find(path).is_none(), "{path:?}");
    }
}

#[test]
fn the_policy_of_an_id_is_that_of_its_own_bytes() {
    let web = fixture::web();
    let set = PageSet::load(web.path()).unwrap();
    let (page, id) = set.find("/en/courses/0198c0de-1234-7abc-8def-0123456789ab").unwrap();
    let html = String::from_utf8(page.html.identity(id, &[]).to_vec()).unwrap();
    let expected = Policy::new(&html, &scan::scan(&html).unwrap().inline_scripts).header("");
    assert_eq!(set.policy(page, id), expected);
    assert_eq!(set.policy(page, id), expected, "the kept one too");
}

#[test]
fn what_cannot_be_served_safely_is_refused_at_start() {
    type Damage = fn(&Path);
    let cases: [(Damage, &str); 8] = [
        (
            |web| {
                fixture::edit(
                    web,
                    ".next/app-path-routes-manifest.json",
                    "(protected)/[locale]/courses/page",
                    "[locale]/courses/page",
                )
            },
            "neither (public) nor (protected)",
        ),
        (
            |web| {
                fixture::edit(
                    web,
                    ".next/prerender-manifest.json",
                    "\"initialRevalidateSeconds\":false",
                    "\"initialRevalidateSeconds\":60",
                )
            },
            "expires",
        ),
        (
            |web| {
                fixture::edit(
                    web,
                    ".next/server/app/en/courses/5e471e1d-0000-7000-8000-000000000001.html",
                    "Course 5e471e1d-0000-7000-8000-000000000001",
                    "Course 5e471e1d",
                )
            },
            "altered form",
        ),
        (|web| fixture::edit(web, ".next/server/app/en/courses.html", "<h1>", "<h1 onclick=\"x()\">"), "event handler"),
        (|web| fixture::edit(web, ".next/first-data.json", "/[locale]/users", "/[locale]/nobody"), "is no page"),
        (|web| fixture::edit(web, ".next/first-data.json", "/api/v1/me", "https://elsewhere/me"), "does not start with /api/"),
        (|web| fs::remove_file(web.join(".next/server/app/en/courses.rsc")).unwrap(), "build the front end first"),
        (|web| fs::remove_file(web.join(".next/BUILD_ID")).unwrap(), "build the front end first"),
    ];
    for (damage, expected) in cases {
        let web = fixture::web();
        damage(web.path());
        let error = PageSet::load(web.path()).unwrap_err().to_string();
        assert!(error.contains(expected), "{error:?} should contain {expected:?}");
    }
}
