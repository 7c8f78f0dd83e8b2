//! Reads of a filled institution.

use sqlx::PgConnection;

use super::{DemoAccount, DemoAccounts};

/// Whether this institution's records are a demo's: the audit trail says so, and nothing takes it back.
pub async fn is_demo(conn: &mut PgConnection) -> sqlx::Result<bool> {
    sqlx::query_scalar!(r#"select exists (select from audit_event where action = 'demo.fill') as "filled!""#)
        .fetch_one(conn)
        .await
}

/// `None` only for a world without people.
pub async fn accounts(conn: &mut PgConnection) -> sqlx::Result<Option<DemoAccounts>> {
    let (student, faculty, admin) = (student(conn).await?, lecturer(conn).await?, admin(conn).await?);
    Ok(match (student, faculty, admin) {
        (Some(student), Some(faculty), Some(admin)) => Some(DemoAccounts { student, faculty, admin }),
        _ => None,
    })
}

/// Weekdays of classes first: five if anybody has five, so today is one of them whenever it is a weekday.
async fn student(conn: &mut PgConnection) -> sqlx::Result<Option<DemoAccount>> {
    sqlx::query_as!(
        DemoAccount,
        r#"with newest as (
            select t.id from term t where exists (select from section s join enrollment e on e.section_id = s.id where s.term_id = t.id)
            order by t.starts_on desc, t.id limit 1
        ), week as (
            select e.student_id, count(distinct s.id) as courses, bit_or(m.days)::int as days
            from newest join section s on s.term_id = newest.id
                join enrollment e on e.section_id = s.id join meeting m on m.section_id = s.id
            group by e.student_id
        )
        select u.id as user_id, u.email as "email!", u.name
        from week join app_user u on u.id = week.student_id join student_profile p on p.user_id = u.id
        where u.email is not null and u.status = 'active'
        order by bit_count(week.days::bit(5)) desc, p.semester between 3 and 6 desc, week.courses desc, u.id limit 1"#
    )
    .fetch_optional(conn)
    .await
}

/// Two to four sections, the fullest rosters.
async fn lecturer(conn: &mut PgConnection) -> sqlx::Result<Option<DemoAccount>> {
    sqlx::query_as!(
        DemoAccount,
        r#"with newest as (
            select t.id from term t where exists (select from section s join enrollment e on e.section_id = s.id where s.term_id = t.id)
            order by t.starts_on desc, t.id limit 1
        ), taught as (
            select distinct i.user_id, s.id, c.enrolled, c.cap
            from newest join section s on s.term_id = newest.id join section_seat c on c.section_id = s.id
                join meeting m on m.section_id = s.id join meeting_instructor i on i.meeting_id = m.id
            where m.days <> 0 and c.pool = 'open'
        ), load as (
            select user_id, count(*) as sections, sum(enrolled) as rosters, count(*) filter (where enrolled = cap) as filled
            from taught group by user_id
        )
        select u.id as user_id, u.email as "email!", u.name
        from load join app_user u on u.id = load.user_id join faculty_profile p on p.user_id = u.id
        where u.email is not null and u.status = 'active'
        order by load.sections between 2 and 4 desc, least(load.filled, 2) desc, load.rosters desc, u.id limit 1"#
    )
    .fetch_optional(conn)
    .await
}

async fn admin(conn: &mut PgConnection) -> sqlx::Result<Option<DemoAccount>> {
    sqlx::query_as!(
        DemoAccount,
        r#"select u.id as user_id, u.email as "email!", u.name
        from app_user u join admin_profile p on p.user_id = u.id
        where u.email is not null and u.status = 'active' order by u.id limit 1"#
    )
    .fetch_optional(conn)
    .await
}
