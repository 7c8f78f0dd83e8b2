//! Statements are counted for whoever scoped the task.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use pec::telemetry::statements::counted;

use crate::support::{owner, run, tenant};

#[test]
fn statements_are_counted_once_each() {
    run(async {
        let mut connection = owner(&tenant().await).await;
        let count = Arc::new(AtomicU32::new(0));
        counted(Arc::clone(&count), async {
            for _ in 0..3 {
                sqlx::query!("select count(*) from department").fetch_one(&mut connection).await.unwrap();
            }
        })
        .await;
        sqlx::query!("select count(*) from department").fetch_one(&mut connection).await.unwrap();
        assert_eq!(count.load(Ordering::Relaxed), 3);
    });
}
