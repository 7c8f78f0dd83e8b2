//! What nobody asks for any more goes away, however much of it there is.

use pec::tasks::Sweeper;

use crate::support::{http::world, owner, run};

#[test]
fn a_sweep_goes_on_until_nothing_old_is_left_and_keeps_what_is_new() {
    run(async {
        let world = world().await;
        let mut owner = owner(&world.theirs).await;
        // More than one batch of each.
        sqlx::raw_sql(
            "insert into idempotency (actor_id, key, operation, request_sha256, status, response, at)
                select gen_random_uuid(), 'sweep-key-' || n, 'test', sha256('x'), 200, '{}', now() - interval '25 hours' from generate_series(1, 12000) n;
            insert into outbox (id, stream, kind, body, at)
                select gen_random_uuid(), 'sweep', 'test', '{}', now() - interval '25 hours' from generate_series(1, 6000);
            insert into outbox (id, stream, kind, body) values (gen_random_uuid(), 'sweep', 'fresh', '{}');
            insert into session (id, user_id, role, auth_time, last_used_at, idle_timeout_s, expires_at)
                select gen_random_uuid(), (select id from app_user limit 1), 'student', now(), now(), 1, now() - interval '31 days' from generate_series(1, 6000);",
        )
        .execute(&mut owner)
        .await
        .unwrap();
        // Used now, so swept now.
        assert_eq!(world.get_there("/api/v1/departments").await.status.as_u16(), 200);
        Sweeper::default().all(&world.node.app).await;
        let left: (i64, i64, i64, i64) = sqlx::query_as(
            "select (select count(*) from idempotency where key like 'sweep-%'), (select count(*) from outbox where stream = 'sweep' and kind = 'test'),
                (select count(*) from outbox where stream = 'sweep' and kind = 'fresh'), (select count(*) from session where expires_at < now() - interval '30 days')",
        )
        .fetch_one(&mut owner)
        .await
        .unwrap();
        assert_eq!(left, (0, 0, 1, 0));
    });
}
