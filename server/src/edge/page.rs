//! A request for a page: who may see it, what it shows first, and where it leads otherwise.

use axum::body::Body;
use bytes::Bytes;
use http::header::{ACCEPT, HOST, SET_COOKIE};
use http::request::Parts as Head;
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode};

use super::access::{self, Decision, Identity, Presented, Renewal, Signed, Standing, Target};
use super::answers::{Opened, USUAL_LOCALE, elsewhere, here, locale, plain, redirect};
use super::pages::{Access, Page, PageSet, Variant, first_data, not_found, page_response};
use super::{Exchange, Inner};

/// What the gate found, and the cookies it wants to set.
struct Admission {
    decision: Decision,
    signed: Option<Signed>,
    set_cookies: Vec<HeaderValue>,
}

impl Inner {
    pub(super) async fn page(&self, exchange: &Exchange<'_>, request: Request<Body>) -> Response<Body> {
        let Some(set) = &self.parts.pages else {
            return self.development(exchange, request).await;
        };
        // A body is not `Sync`, so what outlives an await borrows the head alone.
        let (request, body) = request.into_parts();
        let Some(opened) = open(set, request.uri.path()) else {
            return self.no_page(exchange, set, request, body).await;
        };
        if !matches!(request.method, Method::GET | Method::HEAD) {
            return plain(StatusCode::METHOD_NOT_ALLOWED, String::new());
        }
        let Some(tenant) = (self.parts.tenant_of)(exchange.arrival.host()) else {
            return self.no_tenant(exchange, set, &request);
        };
        exchange.facts.set_tenant(tenant);
        let target = match &opened {
            Opened::Root(_) => Target::Root,
            Opened::Page(page, _) => target(page),
        };
        exchange.facts.set_route(match &opened {
            Opened::Root(_) => "/",
            Opened::Page(page, _) => &page.route,
        });
        if let (Target::Public, Opened::Page(page, id)) = (target, &opened) {
            return self.serve(exchange, set, page, id, &request, None).await;
        }
        let admission = self.admit(exchange, target, &request.headers).await;
        let mut response = match (admission.decision, &opened) {
            (Decision::Serve, Opened::Page(page, id)) => {
                self.serve(exchange, set, page, id, &request, admission.signed.as_ref()).await
            }
            (decision, opened) => elsewhere(decision, set, opened, &request),
        };
        for cookie in admission.set_cookies {
            response.headers_mut().append(SET_COOKIE, cookie);
        }
        response
    }

    /// Asks the gate as often as the decision needs it: at most once to verify and once to renew.
    async fn admit(&self, exchange: &Exchange<'_>, target: Target<'_>, headers: &HeaderMap) -> Admission {
        let visit = access::visit(headers);
        let host = exchange.arrival.host();
        let presented = self.parts.gate.identify(host, headers).await;
        let (standing, mut signed) = standing(presented);
        let mut decision = access::decide(target, standing, visit);
        let mut set_cookies = Vec::new();
        if decision == Decision::Renew {
            decision = match self.parts.gate.renew(host, headers).await {
                Renewal::Renewed { signed: renewed, set_cookies: cookies } => {
                    set_cookies = cookies;
                    let decision = access::decide(target, Standing::Signed(renewed.role), visit);
                    signed = Some(renewed);
                    decision
                }
                Renewal::Refused { set_cookies: cookies } => {
                    set_cookies = cookies;
                    access::decide(target, Standing::Nobody, visit)
                }
                // Whoever can't be renewed now may well be signed in: say so instead of signing them out.
                Renewal::Unavailable => Decision::Renew,
            };
        }
        if let Some(signed) = &signed {
            exchange.facts.set_actor(signed.actor);
        }
        Admission { decision, signed, set_cookies }
    }

    async fn serve(
        &self,
        exchange: &Exchange<'_>,
        set: &PageSet,
        page: &Page,
        id: &str,
        request: &Head,
        signed: Option<&Signed>,
    ) -> Response<Body> {
        let data = if request.method == Method::GET && Variant::of(&request.headers) == Variant::Html {
            self.first_data(exchange, page, id, request, signed).await
        } else {
            Vec::new()
        };
        page_response(set, page, id, &request.headers, &data)
    }

    async fn first_data(
        &self,
        exchange: &Exchange<'_>,
        page: &Page,
        id: &str,
        request: &Head,
        signed: Option<&Signed>,
    ) -> Vec<Bytes> {
        if page.first_data.is_empty() {
            return Vec::new();
        }
        // Under overload the page goes out without data, and its requests queue up like all others.
        let Ok(_slot) = self.api_slots.try_acquire() else { return Vec::new() };
        let query = request.uri.query().unwrap_or_default();
        let urls = page.first_data.iter().map(|template| template.resolve(id, query)).collect();
        let Some(host) = request.headers.get(HOST) else { return Vec::new() };
        first_data::gather(&self.parts.api, urls, |url| {
            let mut get = Request::builder().uri(url).body(Body::empty()).ok()?;
            get.headers_mut().insert(HOST, host.clone());
            get.headers_mut().insert(ACCEPT, HeaderValue::from_static("application/json"));
            let extensions = get.extensions_mut();
            if let Some(signed) = signed {
                extensions.extend(signed.extensions.clone());
            }
            extensions.insert(exchange.arrival.clone());
            extensions.insert(exchange.facts.clone());
            Some(get)
        })
        .await
    }

    /// What is no prerendered page: a spelling of one, a file of the `public` folder, a page of the page server's,
    /// or nothing.
    async fn no_page(&self, exchange: &Exchange<'_>, set: &PageSet, request: Head, body: Body) -> Response<Body> {
        let path = request.uri.path();
        let reads = matches!(request.method, Method::GET | Method::HEAD);
        if let Some(response) = self.parts.assets.answer(path, &request.headers) {
            return if reads { response } else { plain(StatusCode::METHOD_NOT_ALLOWED, String::new()) };
        }
        // Only a path that names a page is redirected, so the target can't be another host (`//evil/`).
        let stripped =
            path.strip_suffix('/').filter(|stripped| set.find(stripped).is_some() || root_locale(set, stripped).is_some());
        if let Some(stripped) = stripped {
            let query = request.uri.query().map_or(String::new(), |query| format!("?{query}"));
            return redirect(StatusCode::PERMANENT_REDIRECT, &format!("{stripped}{query}"));
        }
        if self.parts.proxy.is_some() {
            // A page that is not prerendered states no access class here: it is treated as protected.
            let admission = self.admit(exchange, Target::Protected(None), &request.headers).await;
            let mut response = match admission.decision {
                Decision::Serve => self.pass(exchange, Request::from_parts(request, body)).await,
                decision => elsewhere(decision, set, &Opened::Root(locale(set)), &request),
            };
            for cookie in admission.set_cookies {
                response.headers_mut().append(SET_COOKIE, cookie);
            }
            return response;
        }
        not_found(set, &request.headers)
    }

    /// Nothing is built: everything comes from the page server, but whoever is signed in is led home from `/`, `/{locale}` and
    /// sign-in. The page server states no access class for the others, and their pages hold nobody's data: the API refuses, and
    /// the screen then leads to sign-in.
    async fn development(&self, exchange: &Exchange<'_>, request: Request<Body>) -> Response<Body> {
        let (request, body) = request.into_parts();
        let host = exchange.arrival.host();
        if (self.parts.tenant_of)(host).is_none() && is_bare(host) {
            return self.to_local_host(exchange, &request);
        }
        let Some((locale, target)) = entrance(request.uri.path()) else {
            return self.pass(exchange, Request::from_parts(request, body)).await;
        };
        let admission = self.admit(exchange, target, &request.headers).await;
        let location = match admission.decision {
            Decision::Home(role) => format!("/{locale}/{}", role.as_str()),
            _ if target == Target::SignIn => {
                let mut response = self.pass(exchange, Request::from_parts(request, body)).await;
                for cookie in admission.set_cookies {
                    response.headers_mut().append(SET_COOKIE, cookie);
                }
                return response;
            }
            _ => access::sign_in(locale, None),
        };
        let mut response = redirect(StatusCode::SEE_OTHER, &location);
        for cookie in admission.set_cookies {
            response.headers_mut().append(SET_COOKIE, cookie);
        }
        response
    }

    fn no_tenant(&self, exchange: &Exchange<'_>, set: &PageSet, request: &Head) -> Response<Body> {
        if is_bare(exchange.arrival.host()) {
            return self.to_local_host(exchange, request);
        }
        not_found(set, &request.headers)
    }

    fn to_local_host(&self, exchange: &Exchange<'_>, request: &Head) -> Response<Body> {
        let scheme = if exchange.secure { "https" } else { "http" };
        let (host, port) = (self.parts.local_host, exchange.arrival.port());
        redirect(StatusCode::SEE_OTHER, &format!("{scheme}://{host}{port}{}", here(request)))
    }
}

/// What leads into the product, and in which language, as far as a path alone tells it.
fn entrance(path: &str) -> Option<(&str, Target<'static>)> {
    if path == "/" {
        return Some((USUAL_LOCALE, Target::Root));
    }
    let (locale, rest) = path.strip_prefix('/')?.split_once('/').unwrap_or((&path[1..], ""));
    let bytes = locale.as_bytes();
    let is_locale = matches!(bytes.len(), 2 | 5)
        && bytes.iter().enumerate().all(|(at, b)| if at == 2 { *b == b'-' } else { b.is_ascii_alphabetic() });
    match rest {
        "" if is_locale => Some((locale, Target::Root)),
        "sign-in" if is_locale => Some((locale, Target::SignIn)),
        _ => None,
    }
}

fn is_bare(host: &str) -> bool {
    matches!(host, "localhost" | "127.0.0.1" | "[::1]")
}

fn open<'a>(set: &'a PageSet, path: &'a str) -> Option<Opened<'a>> {
    if let Some((page, id)) = set.find(path) {
        return Some(Opened::Page(page, id));
    }
    root_locale(set, path).map(Opened::Root)
}

/// The locale that `/` or `/{locale}` stands for.
fn root_locale<'a>(set: &'a PageSet, path: &str) -> Option<&'a str> {
    if path == "/" {
        return Some(locale(set));
    }
    let name = path.strip_prefix('/')?;
    set.locales().iter().find(|known| ***known == *name).map(|known| &**known)
}

fn target(page: &Page) -> Target<'_> {
    match page.access {
        Access::Public if page.route.ends_with("/sign-in") => Target::SignIn,
        Access::Public => Target::Public,
        Access::Protected => Target::Protected(page.roles.as_deref()),
    }
}

fn standing(presented: Presented) -> (Standing, Option<Signed>) {
    match presented.identity {
        Identity::Valid(signed) => (Standing::Signed(signed.role), Some(signed)),
        Identity::Expired | Identity::Invalid | Identity::Anonymous if presented.has_refresh => (Standing::Renewable, None),
        Identity::Expired | Identity::Invalid | Identity::Anonymous => (Standing::Nobody, None),
    }
}
