-- Counters are locked in one order, also when a statement takes seats here and gives them back there: two people who swap sections
-- crosswise then wait for each other's turn instead of for each other. `no key`: the foreign key of a row that came has its counter
-- locked for key share by then, which a full lock of somebody else's would wait for.
create or replace function enrollment_track() returns trigger language plpgsql as $$
declare
    who uuid := nullif(current_setting('pec.actor', true), '')::uuid;
begin
    if tg_op = 'UPDATE' then
        perform 1 from section_seat s
            where (s.section_id, s.pool) in (select section_id, pool from gone union select section_id, pool from come)
            order by s.section_id, s.pool for no key update;
    end if;
    if tg_op in ('DELETE', 'UPDATE') then
        perform 1 from section_seat s
            where (s.section_id, s.pool) in (select section_id, pool from gone)
            order by s.section_id, s.pool for no key update;
        update section_seat s set enrolled = s.enrolled - g.n
            from (select section_id, pool, count(*)::int as n from gone group by 1, 2) g
            where s.section_id = g.section_id and s.pool = g.pool;
        insert into enrollment_event (student_id, section_id, pool, kind, actor_id)
            select student_id, section_id, pool, 'dropped', who from gone;
    end if;
    if tg_op in ('INSERT', 'UPDATE') then
        perform 1 from section_seat s
            where (s.section_id, s.pool) in (select section_id, pool from come)
            order by s.section_id, s.pool for no key update;
        update section_seat s set enrolled = s.enrolled + c.n
            from (select section_id, pool, count(*)::int as n from come group by 1, 2) c
            where s.section_id = c.section_id and s.pool = c.pool;
        insert into enrollment_event (student_id, section_id, pool, kind, actor_id)
            select student_id, section_id, pool, 'enrolled', who from come;
    end if;
    return null;
end $$;

-- The list of people of one status, in the order it is shown: most are active, so whoever is not would be looked for among all.
create index app_user_status on app_user (status, sort_name, id);
