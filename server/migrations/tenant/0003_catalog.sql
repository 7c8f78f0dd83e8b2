-- Terms and rooms (timetable module), courses and sections (courses module), meetings (timetable module).

create table term (
    id uuid primary key,
    code text not null constraint term_code_unique unique check (length(code) between 1 and 20),
    name text not null check (length(name) between 1 and 60),
    starts_on date not null,
    ends_on date not null,
    version int not null default 1,
    constraint term_dates check (starts_on <= ends_on)
);
create index term_starts_on on term (starts_on desc, id);

-- A half-term or other shorter span inside a term ("S2").
create table part_of_term (
    id uuid primary key,
    term_id uuid not null references term (id) on delete cascade,
    code text not null check (length(code) between 1 and 10),
    starts_on date not null,
    ends_on date not null,
    constraint part_of_term_code_unique unique (term_id, code),
    constraint part_of_term_dates check (starts_on <= ends_on)
);

create table room (
    id uuid primary key,
    building text not null check (length(building) between 1 and 80),
    number text not null check (length(number) between 1 and 40),
    -- null: not known
    seats int check (seats > 0),
    constraint room_unique unique (building, number)
);

create table course (
    id uuid primary key,
    department_id uuid not null references department (id) on delete restrict,
    -- Department code and number, "CS 301"; kept by trigger from its two parts.
    code text not null constraint course_code_unique unique,
    number text not null constraint course_number_form check (number ~ '^[0-9A-Z][0-9A-Z.-]{0,9}$'),
    title text not null constraint course_title_length check (length(title) between 1 and 200),
    description text not null default '' constraint course_description_length check (length(description) <= 8000),
    -- Credit hours: fixed (min = max), any value of a range, or one of two values. Quarter credits at the finest.
    credits_min numeric(5, 2) not null,
    credits_max numeric(5, 2) not null,
    credits_kind text not null constraint course_credits_kind check (credits_kind in ('fixed', 'range', 'choice')),
    -- General-education and degree attributes, in the catalog's own words.
    attributes text not null default '' check (length(attributes) <= 2000),
    search text not null generated always as (search_form(code || ' ' || title)) stored,
    archived_at timestamptz,
    version int not null default 1,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint course_credits check (credits_min >= 0 and credits_min <= credits_max and credits_max <= 100
        and (credits_kind <> 'fixed' or credits_min = credits_max)
        and credits_min % 0.25 = 0 and credits_max % 0.25 = 0)
);
create index course_department_id on course (department_id, code);
create index course_search on course using gin (search ext.gin_trgm_ops);
create trigger course_updated before update on course for each row execute function set_updated_at();

create function course_code_from_parts() returns trigger language plpgsql as $$
begin
    select d.code || ' ' || new.number into strict new.code from department d where d.id = new.department_id;
    return new;
end $$;
create trigger course_code before insert or update of department_id, number, code on course
    for each row execute function course_code_from_parts();

create table section (
    id uuid primary key,
    course_id uuid not null references course (id) on delete restrict,
    term_id uuid not null references term (id) on delete restrict,
    part_of_term_id uuid references part_of_term (id) on delete restrict,
    -- The registrar's number of this section, unique in its term.
    crn text not null check (length(crn) between 1 and 12),
    -- "A", "BL1"; the catalog leaves it empty for some.
    code text not null default '' check (length(code) <= 10),
    title text not null default '' check (length(title) <= 200),
    info text not null default '' check (length(info) <= 8000),
    -- null: the course's credits
    credits numeric(5, 2) check (credits >= 0 and credits <= 100),
    status text not null default 'active' check (status in ('active', 'cancelled')),
    version int not null default 1,
    updated_at timestamptz not null default now(),
    constraint section_crn_unique unique (term_id, crn)
);
create index section_course_id on section (course_id, term_id);
create index section_part_of_term_id on section (part_of_term_id);
create trigger section_updated before update on section for each row execute function set_updated_at();

-- One weekly pattern of a section: civil times in the institution's zone. Arranged: no days, no times.
create table meeting (
    id uuid primary key,
    section_id uuid not null references section (id) on delete cascade,
    position smallint not null check (position >= 0),
    -- "Lecture", "Laboratory-Discussion", in the catalog's own words
    kind text not null check (length(kind) between 1 and 60),
    -- bit 0 is Monday, bit 6 is Sunday
    days smallint not null default 0 check (days between 0 and 127),
    starts_at time,
    ends_at time,
    room_id uuid references room (id) on delete set null,
    constraint meeting_position_unique unique (section_id, position),
    constraint meeting_times check ((starts_at is null) = (ends_at is null) and (starts_at is null or starts_at < ends_at)
        and (days = 0) = (starts_at is null))
);
create index meeting_room_id on meeting (room_id);

create table meeting_instructor (
    meeting_id uuid not null references meeting (id) on delete cascade,
    user_id uuid not null references app_user (id) on delete restrict,
    primary key (meeting_id, user_id)
);
create index meeting_instructor_user_id on meeting_instructor (user_id, meeting_id);
