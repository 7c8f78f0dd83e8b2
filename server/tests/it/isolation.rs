//! A module that hangs or crashes keeps its own share busy, and nobody else's.

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use futures_util::future::{join, join_all};
use pec::{
    api::{Access, Api, Op, Problem, Reply},
    app::{App, Caller},
    db::Module,
};
use tokio::{sync::OnceCell, time::Instant};

use crate::support::{
    http::{Persona, World, answer, make},
    owner, run,
};

/// How long the table stays locked: ten times as long as a statement may wait for a lock, so that requests pile up.
const LOCKED: Duration = Duration::from_secs(30);
/// Asked for while a module hangs or crashes: they depend on none of the tables that are locked.
const OTHERS: [&str; 4] = ["/api/v1/me", "/api/v1/terms", "/api/v1/users?limit=5", "/api/v1/institution"];

/// A node of its own, since it is disturbed as a whole, with an operation that always panics.
async fn disturbed() -> &'static World {
    static WORLD: OnceCell<World> = OnceCell::const_new();
    WORLD
        .get_or_init(async || {
            let mut apis = pec::routes::all();
            let op = Op::get("/test/panic", "testPanic", Access::Signed).summary("Panics");
            apis.push(Api::<App>::new(Module::Interop).op(op, panics));
            make(apis).await
        })
        .await
}

async fn panics(caller: Caller) -> Result<Reply<bool>, Problem> {
    // With a connection in hand, as a handler would.
    let _reader = caller.db.reader(Module::Interop).await?;
    panic!("a handler that always panics")
}

/// Asks four at a time until `until`; every answer must be 200.
async fn others_answer(world: &World, until: Instant) -> usize {
    let answered = AtomicUsize::new(0);
    join_all((0..4).map(|at| {
        let answered = &answered;
        async move {
            while Instant::now() < until {
                for path in OTHERS.iter().cycle().skip(at).take(OTHERS.len()) {
                    let answer = world.get(Persona::Admin, path).await;
                    assert_eq!(answer.status, 200, "{path}: {}", String::from_utf8_lossy(&answer.bytes));
                    answered.fetch_add(1, Ordering::Relaxed);
                }
            }
        }
    }))
    .await;
    answered.into_inner()
}

#[test]
fn locked_tables_of_some_modules_stop_no_other() {
    run(async {
        let world = disturbed().await;
        let mut locker = owner(&world.ours).await;
        sqlx::raw_sql("begin; lock table course, course_result in access exclusive mode").execute(&mut locker).await.unwrap();
        let until = Instant::now() + LOCKED;
        // Over HTTP/1.1: a client that resets as many HTTP/2 streams is shown the door.
        let fickle = world.client_over_http1();
        // Four modules depend on these tables. Some of their requests wait, and others are given up midway, as pages give up their
        // first data and people close their tabs.
        let stuck = async {
            let mut refused = 0;
            while Instant::now() < until {
                let waiting = ["/api/v1/courses", "/api/v1/me/results", "/api/v1/departments", "/api/v1/overview"];
                let asked = waiting.iter().cycle().take(40).map(|path| world.get(Persona::Admin, path));
                let given_up = waiting.iter().cycle().take(40).map(|path| {
                    let request = fickle.get(world.url(&world.ours, path)).bearer_auth(&world.person(Persona::Admin).access);
                    tokio::time::timeout(Duration::from_millis(50), answer(request))
                });
                let (asked, _) = join(join_all(asked), join_all(given_up)).await;
                for answer in asked {
                    assert!([403, 503].contains(&answer.status.as_u16()), "{}", answer.status);
                    if answer.status == 503 {
                        assert!(answer.headers.contains_key("retry-after"));
                        refused += 1;
                    }
                }
            }
            refused
        };
        let (answered, refused) = join(others_answer(world, until), stuck).await;
        sqlx::raw_sql("rollback").execute(&mut locker).await.unwrap();
        println!("{answered} requests of other modules answered while {refused} of the locked ones were refused");
        assert!(answered > 200 && refused > 20, "{answered} {refused}");
        // What was given up has come to rest: the locked modules answer again.
        tokio::time::sleep(Duration::from_secs(1)).await;
        for path in ["/api/v1/courses", "/api/v1/departments", "/api/v1/overview"] {
            assert_eq!(world.get(Persona::Admin, path).await.status, 200, "{path}");
        }
    });
}

#[test]
fn a_handler_that_panics_in_a_loop_stops_no_other() {
    run(async {
        let world = disturbed().await;
        let until = Instant::now() + Duration::from_secs(3);
        let panicking = join_all((0..16).map(|_| async {
            let mut panicked = 0;
            while Instant::now() < until {
                let there = world.get_there("/api/v1/test/panic").await;
                // Its own share may be full for a moment.
                assert!([500, 503].contains(&there.status.as_u16()), "{}", there.status);
                panicked += usize::from(there.status == 500);
            }
            panicked
        }));
        let others = async {
            let mut answered = 0;
            while Instant::now() < until {
                for path in OTHERS.iter().chain(&["/api/v1/courses", "/api/v1/departments"]) {
                    let answer = world.get_there(path).await;
                    assert_eq!(answer.status, 200, "{path}: {}", String::from_utf8_lossy(&answer.bytes));
                    answered += 1;
                }
            }
            answered
        };
        let (panicked, answered): (Vec<usize>, usize) = join(panicking, others).await;
        let panicked: usize = panicked.iter().sum();
        println!("{answered} requests answered while {panicked} handlers panicked");
        assert!(answered > 20 && panicked > 100, "{answered} {panicked}");
    });
}
