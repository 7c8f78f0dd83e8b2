use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    dashboards::model::{QueueItem, QueueKind, QueuePlace},
    db::ids::TermId,
};

/// An item with its queue, and how many the queue has from the place asked for on.
pub struct Waiting {
    pub kind: String,
    pub total: i64,
    pub item: QueueItem,
}

struct Row {
    kind: String,
    total: i64,
    id: Uuid,
    label: String,
    detail: Option<String>,
    touches: i64,
    owner: Option<String>,
    since: Option<DateTime<Utc>>,
}

impl Row {
    fn waiting(self, page: &str) -> Waiting {
        let href = format!("/{page}/{}", self.id);
        // An id says when its record was made.
        let made = || DateTime::from_timestamp(i64::try_from(self.id.get_timestamp()?.to_unix().0).ok()?, 0);
        let since = self.since.or_else(made);
        let Row { id, label, detail, touches, owner, .. } = self;
        let item = QueueItem { id, label, detail, touches, since, owner, href };
        Waiting { kind: self.kind, total: self.total, item }
    }
}

/// The queues of sections, all in one pass over the term, or only one of them; up to `rows` of each after `after`.
pub async fn sections_waiting(
    connection: &mut PgConnection,
    term: Option<TermId>,
    only: Option<QueueKind>,
    after: &QueuePlace,
    rows: i64,
) -> Result<Vec<Waiting>, sqlx::Error> {
    let rows = sqlx::query_as!(
        Row,
        r#"with taught as (
            select m.section_id, bool_or(i.meeting_id is not null) as staffed, bool_or(m.days <> 0 and m.room_id is null) as roomless
            from section s join meeting m on m.section_id = s.id left join meeting_instructor i on i.meeting_id = m.id
            where s.term_id = $1 group by m.section_id
        ), seats as (
            select s.id as section_id, coalesce(sum(p.enrolled), 0)::bigint as enrolled, bool_or(p.cap is not null) as open,
                bool_and(p.cap is null or p.enrolled + p.held >= p.cap) as taken
            from section s left join section_seat p on p.section_id = s.id where s.term_id = $1 group by s.id
        ), waits as (
            select q.kind, s.id, rtrim(c.code || ' ' || s.code) as label, c.title as detail, seats.enrolled as touches,
                d.name as owner
            from section s join course c on c.id = s.course_id join department d on d.id = c.department_id join seats on seats.section_id = s.id
                left join taught on taught.section_id = s.id
                cross join lateral (values
                    ('sections-without-instructor', taught.staffed is not true),
                    ('sections-without-room', taught.roomless),
                    ('sections-full', seats.open and seats.taken),
                    ('sections-closed', seats.open is not true)
                ) as q (kind, holds)
            where s.term_id = $1 and s.status = 'active' and q.holds and ($2::text is null or q.kind = $2)
        ), ranked as (
            select w.*, count(*) over (partition by w.kind) as total,
                row_number() over (partition by w.kind order by w.touches desc, w.label, w.id) as position
            from waits w where (-w.touches, w.label, w.id) > (-$3::bigint, $4, $5)
        )
        select kind as "kind!", total as "total!", id, label as "label!", detail, touches as "touches!", owner,
            case kind when 'sections-full' then
                (select max(e.at) from enrollment_event e where e.section_id = ranked.id and e.kind = 'enrolled') end as since
        from ranked where position <= $6 order by kind, position"#,
        term.map(|id| id.0),
        only.map(QueueKind::as_str),
        after.touches,
        after.label,
        after.id,
        rows
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|row| row.waiting("sections")).collect())
}

/// Active faculty members without a credential; those with the most sections in the term come first.
pub async fn faculty_waiting(
    connection: &mut PgConnection,
    term: Option<TermId>,
    after: &QueuePlace,
    rows: i64,
) -> Result<Vec<Waiting>, sqlx::Error> {
    let rows = sqlx::query_as!(
        Row,
        r#"with teaching as (
            select i.user_id, count(distinct m.section_id) as sections
            from section s join meeting m on m.section_id = s.id join meeting_instructor i on i.meeting_id = m.id
            where s.term_id = $1 and s.status = 'active' group by i.user_id
        ), waits as (
            select u.id, u.name as label, d.code as detail, coalesce(t.sections, 0) as touches,
                d.name as owner, u.created_at as since
            from user_role r join app_user u on u.id = r.user_id
                left join faculty_profile f on f.user_id = u.id left join department d on d.id = f.department_id
                left join teaching t on t.user_id = u.id
            where r.role = 'faculty' and u.status = 'active'
                and not exists (select from credential c where c.user_id = u.id)
        )
        select $5::text as "kind!", count(*) over () as "total!", id, label, detail as "detail?", touches as "touches!",
            owner as "owner?", since as "since?"
        from waits where (-touches, label, id) > (-$2::bigint, $3, $4)
        order by touches desc, label, id limit $6"#,
        term.map(|id| id.0),
        after.touches,
        after.label,
        after.id,
        QueueKind::FacultyWithoutSignIn.as_str(),
        rows
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|row| row.waiting("users")).collect())
}
