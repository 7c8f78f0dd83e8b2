use super::*;

const DIRECT: Visit = Visit { prefetch: false, from_elsewhere: false };
const PREFETCH: Visit = Visit { prefetch: true, from_elsewhere: false };
const ELSEWHERE: Visit = Visit { prefetch: false, from_elsewhere: true };
const ADMINS: &[Role] = &[Role::Admin];

#[test]
fn the_whole_table() {
    use Decision::*;
    use Standing::*;
    let protected = Target::Protected(None);
    let admins = Target::Protected(Some(ADMINS));
    let student = Signed(Role::Student);
    let admin = Signed(Role::Admin);
    #[rustfmt::skip]
    let rows = [
        // target         standing   direct               prefetch  from elsewhere
        (Target::Public,  Nobody,    Serve,               Serve,    Serve),
        (Target::Public,  Renewable, Serve,               Serve,    Serve),
        (Target::Public,  student,   Serve,               Serve,    Serve),
        (Target::SignIn,  Nobody,    Serve,               Serve,    Bounce),
        (Target::SignIn,  Renewable, Renew,               Serve,    Renew),
        (Target::SignIn,  student,   Home(Role::Student), Serve,    Home(Role::Student)),
        (Target::Root,    Nobody,    SignIn,              Refuse,   Bounce),
        (Target::Root,    Renewable, Renew,               Refuse,   Renew),
        (Target::Root,    admin,     Home(Role::Admin),   Refuse,   Home(Role::Admin)),
        (protected,       Nobody,    SignIn,              Refuse,   Bounce),
        (protected,       Renewable, Renew,               Refuse,   Renew),
        (protected,       student,   Serve,               Serve,    Serve),
        (admins,          Nobody,    SignIn,              Refuse,   Bounce),
        (admins,          Renewable, Renew,               Refuse,   Renew),
        (admins,          student,   Home(Role::Student), Refuse,   Home(Role::Student)),
        (admins,          admin,     Serve,               Serve,    Serve),
    ];
    for (target, standing, direct, prefetch, elsewhere) in rows {
        assert_eq!(decide(target, standing, DIRECT), direct, "{target:?} {standing:?} direct");
        assert_eq!(decide(target, standing, PREFETCH), prefetch, "{target:?} {standing:?} prefetch");
        assert_eq!(decide(target, standing, ELSEWHERE), elsewhere, "{target:?} {standing:?} from elsewhere");
    }
}

#[test]
fn nobody_ever_gets_a_protected_page() {
    for target in [Target::Protected(None), Target::Protected(Some(ADMINS))] {
        for standing in [Standing::Nobody, Standing::Renewable] {
            for (prefetch, from_elsewhere) in [(false, false), (false, true), (true, false), (true, true)] {
                let visit = Visit { prefetch, from_elsewhere };
                assert_ne!(decide(target, standing, visit), Decision::Serve);
                assert!(!prefetch || decide(target, standing, visit) != Decision::Renew);
            }
        }
    }
}

fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
    pairs.iter().map(|(name, value)| (http::HeaderName::from_static(name), HeaderValue::from_static(value))).collect()
}

#[test]
fn a_visit_is_read_from_the_headers() {
    let cross = [("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "document")];
    assert_eq!(visit(&headers(&cross)), ELSEWHERE);
    let mut with_cookie = cross.to_vec();
    with_cookie.push(("cookie", "a=b"));
    assert_eq!(visit(&headers(&with_cookie)), DIRECT);
    let own = [("sec-fetch-site", "same-origin"), ("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "document")];
    assert_eq!(visit(&headers(&own)), DIRECT);
    assert_eq!(visit(&headers(&[("next-router-prefetch", "2")])), PREFETCH);
    assert_eq!(visit(&headers(&[("sec-purpose", "prefetch;prerender")])), PREFETCH);
    assert_eq!(visit(&headers(&[])), DIRECT);
}

#[test]
fn addresses_come_back_encoded() {
    assert_eq!(sign_in("en", Some("/en/courses?q=a&b=c d")), "/en/sign-in?next=%2Fen%2Fcourses%3Fq%3Da%26b%3Dc%20d");
    assert_eq!(sign_in("en", None), "/en/sign-in");
}

#[test]
fn a_bounce_cannot_be_turned_into_markup() {
    let page = bounce("/en/courses?q='\"><script>x</script>&y='");
    assert!(!page.contains("<script"), "{page}");
    assert_eq!(page.matches('\'').count(), 2, "{page}");
    assert!(page.contains("url='/en/courses?q=%27&quot;"), "{page}");
}
