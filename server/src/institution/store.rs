use sqlx::PgConnection;

use super::handlers::Institution;

pub async fn load(connection: &mut PgConnection) -> Result<Institution, sqlx::Error> {
    sqlx::query_as!(Institution, "select name, short_name, locale, time_zone, accent_hue from institution")
        .fetch_one(connection)
        .await
}
