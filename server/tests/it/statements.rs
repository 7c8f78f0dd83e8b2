//! Statements are counted for whoever scoped the task, whether or not somebody reads their text.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use pec::telemetry::statements::{count_statements, counted};
use tracing_subscriber::{EnvFilter, Layer as _, fmt, layer::SubscriberExt as _};

use crate::support::{owner, run, tenant};

#[test]
fn statements_are_counted_once_each() {
    run(async {
        let mut connection = owner(&tenant().await).await;
        for filter in ["info", "sqlx=debug"] {
            let lines = fmt::layer().with_writer(std::io::sink).with_filter(EnvFilter::new(filter));
            let subscriber = tracing_subscriber::registry().with(count_statements()).with(lines);
            let _here = tracing::subscriber::set_default(subscriber);
            let count = Arc::new(AtomicU32::new(0));
            counted(Arc::clone(&count), async {
                for _ in 0..3 {
                    sqlx::query!("select count(*) from department").fetch_one(&mut connection).await.unwrap();
                }
            })
            .await;
            sqlx::query!("select count(*) from department").fetch_one(&mut connection).await.unwrap();
            assert_eq!(count.load(Ordering::Relaxed), 3, "{filter}");
        }
    });
}
