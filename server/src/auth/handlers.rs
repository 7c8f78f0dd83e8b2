//! The operations of sign-in. Browsers get their tokens as cookies, which scripts can't read; API clients get them in the
//! body. A session that came with cookies never leaves in a body, so that a script in a page can't carry it away.

use axum::extract::State;
use http::{HeaderMap, header};
use zeroize::Zeroizing;

use super::{
    actions::{SetPassword, SignIn, SignOut, SignOutEverywhere, SwitchRole},
    cookies,
    error::AuthError,
    links::LinkToken,
    model::{RefreshRequest, SetPasswordRequest, SignInRequest, SignedIn, SwitchRoleRequest},
    password::Password,
    refresh::RefreshToken,
    sessions::{Issued, Sessions},
};
use crate::{
    api::{Access, Api, Audit, Json, NoContent, Op, OptionalJson, Problem, ProblemKind, Reply},
    app::{App, Caller, Visitor},
    db::{Action, Module, TenantDb},
};

pub fn routes() -> Api<App> {
    Api::new(Module::Auth)
        .op(
            Op::post("/auth/sign-in", "signIn", Access::Public, Audit::Action(SignIn::NAME))
                .summary("Start a session. `Accept-Tokens: body` asks for the tokens in the answer instead of cookies")
                .problems(&[ProblemKind::WrongCredentials, ProblemKind::Busy]),
            sign_in,
        )
        .op(
            Op::post("/auth/refresh", "refreshSession", Access::Public, Audit::Exempt("the session and its role stay the same"))
                .summary("Exchange the refresh token for new tokens")
                .problems(&[ProblemKind::Unauthenticated, ProblemKind::Busy]),
            refresh,
        )
        .op(
            Op::post("/auth/set-password", "setPassword", Access::Public, Audit::Action(SetPassword::NAME))
                .summary("Set a password with a one-time link; every session of the account ends")
                .problems(&[ProblemKind::LinkExpired, ProblemKind::Busy]),
            set_password,
        )
        .op(
            Op::post("/auth/sign-out", "signOut", Access::Signed, Audit::Action(SignOut::NAME)).summary("End this session"),
            sign_out,
        )
        .op(
            Op::post("/auth/sign-out-everywhere", "signOutEverywhere", Access::Signed, Audit::Action(SignOutEverywhere::NAME))
                .summary("End all sessions of this account, on every device"),
            sign_out_everywhere,
        )
        .op(
            Op::post("/auth/switch-role", "switchRole", Access::Signed, Audit::Action(SwitchRole::NAME))
                .summary("Go on in another role the account holds"),
            switch_role,
        )
}

/// Where the tokens of an answer go.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Delivery {
    Cookies,
    Body,
}

async fn sign_in(
    State(app): State<App>,
    visitor: Visitor,
    headers: HeaderMap,
    Json(body): Json<SignInRequest>,
) -> Result<Reply<SignedIn>, Problem> {
    let password = Password::new(&Zeroizing::new(body.password));
    let user_agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let delivery = match headers.get("accept-tokens") {
        Some(value) if value == "body" => Delivery::Body,
        _ => Delivery::Cookies,
    };
    let issued =
        with(&app, &visitor.db, async |sessions| sessions.sign_in(&body.email, password, user_agent, visitor.request).await)
            .await?;
    Ok(signed_in(issued, delivery))
}

async fn refresh(
    State(app): State<App>,
    visitor: Visitor,
    headers: HeaderMap,
    OptionalJson(body): OptionalJson<RefreshRequest>,
) -> Result<Reply<SignedIn>, Problem> {
    let presented =
        cookies::read(&headers).map_err(|error| Problem::new(ProblemKind::Unauthenticated).detail(error.to_string()))?;
    let (text, delivery) = match (&body, presented.refresh) {
        (Some(body), None) => (body.refresh_token.as_str(), Delivery::Body),
        (None, Some(cookie)) => (cookie, Delivery::Cookies),
        (None, None) => return Err(ProblemKind::Unauthenticated.into()),
        (Some(_), Some(_)) => {
            return Err(Problem::new(ProblemKind::InvalidRequest).error(
                "/refreshToken",
                "conflict",
                "Send the token in the body or in the cookie, not both.",
            ));
        }
    };
    let token = RefreshToken::parse(text).ok_or(ProblemKind::Unauthenticated)?;
    let issued = with(&app, &visitor.db, async |sessions| sessions.renew(&token, visitor.request).await).await?;
    Ok(signed_in(issued, delivery))
}

async fn set_password(
    State(app): State<App>,
    visitor: Visitor,
    Json(body): Json<SetPasswordRequest>,
) -> Result<NoContent, Problem> {
    let password = Password::new(&Zeroizing::new(body.password));
    let link = LinkToken::parse(&Zeroizing::new(body.token)).ok_or(ProblemKind::LinkExpired)?;
    with(&app, &visitor.db, async |sessions| sessions.set_password(&link, password, visitor.request).await).await?;
    Ok(NoContent::new())
}

async fn sign_out(State(app): State<App>, caller: Caller) -> Result<NoContent, Problem> {
    with(&app, &caller.db, async |sessions| sessions.sign_out(&caller.actor, caller.session).await).await?;
    Ok(without_cookies())
}

async fn sign_out_everywhere(State(app): State<App>, caller: Caller) -> Result<NoContent, Problem> {
    with(&app, &caller.db, async |sessions| sessions.sign_out_everywhere(&caller.actor).await).await?;
    Ok(without_cookies())
}

async fn switch_role(
    State(app): State<App>,
    caller: Caller,
    headers: HeaderMap,
    Json(body): Json<SwitchRoleRequest>,
) -> Result<Reply<SignedIn>, Problem> {
    let delivery = if headers.contains_key(header::AUTHORIZATION) { Delivery::Body } else { Delivery::Cookies };
    let issued =
        with(&app, &caller.db, async |sessions| sessions.switch_role(&caller.actor, caller.session, body.role).await).await?;
    Ok(signed_in(issued, delivery))
}

/// Runs `work` with the sessions of one institution.
pub(super) async fn with<T>(
    app: &App,
    db: &TenantDb,
    work: impl AsyncFnOnce(Sessions<'_>) -> Result<T, AuthError>,
) -> Result<T, AuthError> {
    let revocations = app.revocations(db);
    let sessions =
        Sessions { keyring: app.keyring(), hash_pool: app.hash_pool(), issuer: app.issuer(), revocations: &revocations, db };
    work(sessions).await
}

/// Sets the password of the account a link is for, as the command line does for whoever it made.
pub async fn set_password_by_link(app: &App, db: &TenantDb, link: &LinkToken, password: &str) -> Result<(), AuthError> {
    with(app, db, async |sessions| sessions.set_password(link, Password::new(password), crate::db::ids::RequestId::new()).await)
        .await
}

fn signed_in(issued: Issued, delivery: Delivery) -> Reply<SignedIn> {
    let in_body = delivery == Delivery::Body;
    let body = SignedIn {
        role: issued.claims.role,
        roles: issued.claims.roles.into(),
        access_expires_at: chrono::DateTime::from_timestamp(issued.claims.expires_at, 0).expect("tokens expire in this century"),
        access_token: in_body.then(|| issued.access.clone()),
        refresh_token: issued.refresh.as_ref().filter(|_| in_body).map(|token| token.to_string()),
    };
    let reply = Reply::new(body);
    if in_body {
        return reply;
    }
    issued.cookies().into_iter().fold(reply, |reply, cookie| reply.header(header::SET_COOKIE, cookie))
}

fn without_cookies() -> NoContent {
    cookies::clear().into_iter().fold(NoContent::new(), |reply, cookie| reply.header(header::SET_COOKIE, cookie))
}

impl From<AuthError> for Problem {
    fn from(error: AuthError) -> Self {
        match error {
            AuthError::WrongCredentials => ProblemKind::WrongCredentials.into(),
            AuthError::SessionOver => ProblemKind::Unauthenticated.into(),
            AuthError::RoleNotHeld => Problem::new(ProblemKind::Forbidden).detail("Your account does not hold this role."),
            AuthError::LinkExpired => ProblemKind::LinkExpired.into(),
            AuthError::Password(problem) => {
                Problem::new(ProblemKind::InvalidRequest).error("/password", problem.code(), problem.to_string())
            }
            AuthError::Busy { retry_after_s } => Problem::new(ProblemKind::Busy).retry_after(retry_after_s),
            AuthError::Hashing(cause) => Problem::internal(cause),
            AuthError::Db(error) => error.into(),
        }
    }
}
