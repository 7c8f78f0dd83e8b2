//! What is measured, and what is expected of it.

use anyhow::Result;

use super::limit::{Statement, bare_argon2};
use super::node::Node;
use super::report::{Bound, Line, Report};
use super::wrk::{self, As, Outcome, Request};
use super::{Args, ROUNDS};
use crate::workspace::Workspace;

pub const NAMES: [&str; 7] = ["courses", "enrollments", "me", "sign-in", "flood", "page", "page-data"];

/// Sign-ins a second that are offered in the flood.
const OFFERED: u32 = 200;
/// More than the hash queue holds, so that there is always one free to send the next.
const FLOOD_CONNECTIONS: u32 = 200;
/// People who sign in at the same time, without ever filling the queue.
const SIGNING_IN: u32 = 8;

/// One GET beside the statement that it runs.
struct Query {
    name: &'static str,
    path: &'static str,
    statement: Statement,
    share: Option<f64>,
    cpu_us: Option<f64>,
}

static QUERIES: [Query; 3] = [
    Query {
        name: "courses",
        path: "/api/v1/courses?limit=50",
        statement: Statement { file: "courses/store/list.rs", function: "first_page", parameters: &[] },
        share: Some(0.5),
        cpu_us: Some(150.0),
    },
    Query {
        name: "enrollments",
        path: "/api/v1/me/enrollments",
        statement: Statement {
            file: "enrollment/store.rs",
            function: "enrollments",
            parameters: &[":student", "null::uuid", ":now"],
        },
        share: Some(0.25),
        cpu_us: Some(100.0),
    },
    Query {
        name: "me",
        path: "/api/v1/me",
        statement: Statement { file: "users/store/records.rs", function: "own", parameters: &[":student", ":now"] },
        share: None,
        cpu_us: None,
    },
];

/// Everything a case needs.
pub struct Bench<'a> {
    pub workspace: &'a Workspace,
    pub args: &'a Args,
    pub node: &'a Node,
}

pub async fn all(workspace: &Workspace, args: &Args, node: &Node, report: &mut Report) -> Result<()> {
    let bench = Bench { workspace, args, node };
    report.start(node);
    for query in QUERIES.iter().filter(|query| args.wants(query.name)) {
        bench.query(query, report).await?;
    }
    if args.wants("page") {
        bench.page(report).await?;
    }
    if args.wants("page-data") {
        bench.page_with_data(report).await?;
    }
    if args.wants("sign-in") {
        bench.sign_in(report).await?;
    }
    if args.wants("flood") {
        bench.flood(report).await?;
    }
    report.end();
    Ok(())
}

impl Bench<'_> {
    async fn get(&self, request: Request) -> Result<Outcome> {
        wrk::get(self.workspace, self.node, request, self.args.connections, self.args.turn()).await
    }

    async fn query(&self, query: &Query, report: &mut Report) -> Result<()> {
        let request = Request { path: query.path, by: As::Program };
        self.get(request).await?;
        let (mut outcome, mut limit) = (Outcome::default(), 0.0);
        for _ in 0..ROUNDS {
            outcome.add(self.get(request).await?);
            let (connections, seconds) = (self.args.connections, self.args.turn());
            limit += report.pgbench.rate(self.workspace, &query.statement, connections, seconds).await? / ROUNDS as f64;
        }
        let mut bounds = vec![Bound::share("of pgbench", outcome.rate() / limit, query.share)];
        bounds.extend(query.cpu_us.map(|most| Bound::at_most("server CPU", outcome.cpu_us(), most, "µs")));
        report.case(self.node, Line { name: query.name, what: query.path, outcome, limit: Some(("pgbench", limit)), bounds })
    }

    /// The payload that following a link asks for: no data in it, so nothing but the edge is at work.
    async fn page(&self, report: &mut Report) -> Result<()> {
        let request = Request { path: "/en/courses", by: As::Link };
        self.get(request).await?;
        let mut outcome = Outcome::default();
        for _ in 0..ROUNDS {
            outcome.add(self.get(request).await?);
        }
        let bounds = vec![
            Bound::at_least("requests/s", outcome.rate(), 5_000.0, ""),
            Bound::at_most("server CPU", outcome.cpu_us(), 60.0, "µs"),
        ];
        report.case(self.node, Line { name: "page", what: "/en/courses, payload without data", outcome, limit: None, bounds })
    }

    /// A page with one GET, beside that GET; and the Courses page, beside its two in turn.
    async fn page_with_data(&self, report: &mut Report) -> Result<()> {
        let requests = ["/api/v1/me", "/api/v1/courses?limit=50", "/en/imports/catalog", "/en/courses"];
        let mut outcomes = [const { Vec::new() }; 4];
        for round in 0..=ROUNDS {
            for (path, outcomes) in requests.into_iter().zip(&mut outcomes) {
                let outcome = self.get(Request { path, by: As::Browser }).await?;
                // The first round warms up.
                if round > 0 {
                    outcomes.push(outcome);
                }
            }
        }
        let [me, courses, form, catalog] = outcomes.map(|turns| {
            let mut sum = Outcome::default();
            turns.into_iter().for_each(|turn| sum.add(turn));
            sum
        });
        let own = me.rate();
        let both = 1.0 / (1.0 / me.rate() + 1.0 / courses.rate());
        let bounds = vec![Bound::share("of its own GET", form.rate() / own, Some(0.7))];
        let what = "/en/imports/catalog, whose data is GET /api/v1/me";
        report.case(self.node, Line { name: "page-data", what, outcome: form, limit: Some(("its own GET", own)), bounds })?;
        let bounds = vec![
            Bound::share("of its two GETs in turn", catalog.rate() / both, Some(0.7)),
            Bound::share("of GET courses alone", catalog.rate() / courses.rate(), None),
        ];
        let what = "/en/courses, whose data is GET me and GET courses";
        let limit = Some(("its two GETs", both));
        report.case(self.node, Line { name: "page-data", what, outcome: catalog, limit, bounds })
    }

    async fn sign_in(&self, report: &mut Report) -> Result<()> {
        // As many as the server starts by itself.
        let threads = std::thread::available_parallelism().map_or(2, |cores| cores.get().max(2));
        let (mut outcome, mut limit) = (Outcome::default(), 0.0);
        for _ in 0..ROUNDS {
            outcome.add(wrk::sign_in(self.workspace, self.node, None, SIGNING_IN, self.args.turn()).await?);
            limit += bare_argon2(self.workspace, report.profile, threads, self.args.turn()).await? / ROUNDS as f64;
        }
        let bounds = vec![
            Bound::share("of bare Argon2id", outcome.rate() / limit, Some(0.8)),
            Bound::at_most("not accepted", (outcome.requests - outcome.accepted) as f64, 0.0, ""),
        ];
        let what = "POST /api/v1/auth/sign-in";
        report.case(self.node, Line { name: "sign-in", what, outcome, limit: Some(("bare Argon2id", limit)), bounds })
    }

    async fn flood(&self, report: &mut Report) -> Result<()> {
        let request = Request { path: "/api/v1/me", by: As::Program };
        self.get(request).await?;
        let (mut calm, mut during, mut flood) = (Outcome::default(), Outcome::default(), Outcome::default());
        for _ in 0..ROUNDS {
            calm.add(self.get(request).await?);
            let turn = self.args.turn();
            let offering = wrk::sign_in(self.workspace, self.node, Some(OFFERED), FLOOD_CONNECTIONS, turn + 2);
            let asking = async {
                // The queue fills first.
                tokio::time::sleep(std::time::Duration::from_secs(1)).await;
                self.get(request).await
            };
            let (offered, asked) = tokio::try_join!(offering, asking)?;
            flood.add(offered);
            during.add(asked);
        }
        // Both wrks read the same process's time: it belongs to neither alone.
        during.cpu = std::time::Duration::ZERO;
        let bounds = vec![
            Bound::share("of its rate without", during.rate() / calm.rate(), Some(0.7)),
            Bound::at_most("neither accepted nor refused 503", flood.broken as f64, 0.0, ""),
            Bound::note(format!("offered {:.0}/s: {} accepted, {} refused 503", flood.rate(), flood.accepted, flood.refused)),
        ];
        let what = "GET /api/v1/me while 200 sign-ins/s are offered";
        report.case(self.node, Line { name: "flood", what, outcome: during, limit: Some(("without", calm.rate())), bounds })
    }
}
