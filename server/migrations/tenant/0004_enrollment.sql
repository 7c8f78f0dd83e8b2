-- Enrollment: live rows, their append-only history, results, and the seat counters the rows keep.

create table section_seat (
    section_id uuid not null references section (id) on delete cascade,
    -- 'open' is everybody's; reserved pools have names of their own
    pool text not null default 'open' check (length(pool) between 1 and 40),
    -- null: capacity unknown, closed for enrollment
    cap int check (cap >= 0),
    enrolled int not null default 0,
    -- Kept back between a drop and the promotion of whoever waits.
    held int not null default 0,
    primary key (section_id, pool),
    constraint section_seat_counts check (enrolled >= 0 and held >= 0),
    constraint section_seat_full check (enrolled + held <= coalesce(cap, 0))
);

create table enrollment (
    id uuid primary key,
    student_id uuid not null references app_user (id) on delete restrict,
    section_id uuid not null references section (id) on delete restrict,
    pool text not null default 'open',
    enrolled_at timestamptz not null default now(),
    constraint enrollment_once unique (student_id, section_id),
    constraint enrollment_pool foreign key (section_id, pool) references section_seat (section_id, pool) on delete restrict
);
create index enrollment_section on enrollment (section_id, pool);

create table enrollment_event (
    id bigint generated always as identity primary key,
    student_id uuid not null references app_user (id) on delete restrict,
    section_id uuid not null references section (id) on delete restrict,
    pool text not null,
    kind text not null check (kind in ('enrolled', 'dropped')),
    at timestamptz not null default now(),
    txid xid8 not null default pg_current_xact_id(),
    -- null: the system itself (an import, the demo)
    actor_id uuid
);
create index enrollment_event_student on enrollment_event (student_id, at desc);
create index enrollment_event_section on enrollment_event (section_id, at desc);

create table course_result (
    id uuid primary key,
    student_id uuid not null references app_user (id) on delete restrict,
    course_id uuid not null references course (id) on delete restrict,
    term_id uuid not null references term (id) on delete restrict,
    outcome text not null check (outcome in ('passed', 'failed', 'withdrawn', 'incomplete')),
    -- earned; 0 unless passed
    credits numeric(5, 2) not null check (credits >= 0 and (outcome = 'passed' or credits = 0)),
    decided_at timestamptz not null default now(),
    constraint course_result_once unique (student_id, course_id, term_id)
);
create index course_result_course_id on course_result (course_id);
create index course_result_term_id on course_result (term_id);

-- Counters and history follow the rows whoever writes them: a handler, an import, or an operator's SQL.
-- Statement level: COPY of a million rows updates each counter once. Counters are locked in one order, so two bulk writes never deadlock.
create function enrollment_track() returns trigger language plpgsql as $$
declare
    who uuid := nullif(current_setting('pec.actor', true), '')::uuid;
begin
    if tg_op in ('DELETE', 'UPDATE') then
        perform 1 from section_seat s
            where (s.section_id, s.pool) in (select section_id, pool from gone)
            order by s.section_id, s.pool for update;
        update section_seat s set enrolled = s.enrolled - g.n
            from (select section_id, pool, count(*)::int as n from gone group by 1, 2) g
            where s.section_id = g.section_id and s.pool = g.pool;
        insert into enrollment_event (student_id, section_id, pool, kind, actor_id)
            select student_id, section_id, pool, 'dropped', who from gone;
    end if;
    if tg_op in ('INSERT', 'UPDATE') then
        perform 1 from section_seat s
            where (s.section_id, s.pool) in (select section_id, pool from come)
            order by s.section_id, s.pool for update;
        update section_seat s set enrolled = s.enrolled + c.n
            from (select section_id, pool, count(*)::int as n from come group by 1, 2) c
            where s.section_id = c.section_id and s.pool = c.pool;
        insert into enrollment_event (student_id, section_id, pool, kind, actor_id)
            select student_id, section_id, pool, 'enrolled', who from come;
    end if;
    return null;
end $$;
create trigger enrollment_insert after insert on enrollment
    referencing new table as come for each statement execute function enrollment_track();
create trigger enrollment_delete after delete on enrollment
    referencing old table as gone for each statement execute function enrollment_track();
create trigger enrollment_update after update on enrollment
    referencing old table as gone new table as come for each statement execute function enrollment_track();

create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'rows of % are evidence: they are appended, never changed', tg_table_name using errcode = '42501';
end $$;
create trigger enrollment_event_append_only before update or delete on enrollment_event
    for each row execute function refuse_change();
create trigger enrollment_event_no_truncate before truncate on enrollment_event
    for each statement execute function refuse_change();
alter table enrollment_event enable always trigger enrollment_event_append_only;
alter table enrollment_event enable always trigger enrollment_event_no_truncate;
