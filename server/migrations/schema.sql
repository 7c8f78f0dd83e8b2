-- Generated from the migrations: what one institution's schema is. `PEC_WRITE_SCHEMA=1` writes it again.

create table admin_profile (
    user_id uuid not null,
    office text not null
);
create table app_user (
    id uuid not null,
    email text,
    name text not null,
    sort_name text not null,
    status text not null default 'active'::text,
    catalog_key text,
    epoch integer not null default 1,
    search text not null generated always as (search_form(((name || ' '::text) || COALESCE(email, ''::text)))) stored,
    version integer not null default 1,
    created_at timestamp with time zone not null default now(),
    updated_at timestamp with time zone not null default now(),
    sort_key text not null generated always as (search_form(sort_name)) stored
);
create table audit_diff (
    audit_id uuid not null,
    sha256 bytea not null,
    body bytea not null
);
create table audit_event (
    id uuid not null,
    at timestamp with time zone not null,
    txid xid8 not null,
    action text not null,
    class text not null,
    actor_id uuid,
    actor_role text not null,
    target_kind text not null,
    target_id uuid,
    subject_id uuid,
    request_id uuid,
    canonical bytea not null
);
create table course (
    id uuid not null,
    department_id uuid not null,
    code text not null,
    number text not null,
    title text not null,
    description text not null default ''::text,
    credits_min numeric(5,2) not null,
    credits_max numeric(5,2) not null,
    credits_kind text not null,
    attributes text not null default ''::text,
    search text not null generated always as (search_form(((code || ' '::text) || title))) stored,
    archived_at timestamp with time zone,
    version integer not null default 1,
    created_at timestamp with time zone not null default now(),
    updated_at timestamp with time zone not null default now()
);
create table course_result (
    id uuid not null,
    student_id uuid not null,
    course_id uuid not null,
    term_id uuid not null,
    outcome text not null,
    credits numeric(5,2) not null,
    decided_at timestamp with time zone not null default now()
);
create table credential (
    user_id uuid not null,
    password_hash text not null,
    changed_at timestamp with time zone not null default now()
);
create table department (
    id uuid not null,
    code text not null,
    name text not null,
    search text not null generated always as (search_form(((code || ' '::text) || name))) stored,
    archived_at timestamp with time zone,
    version integer not null default 1,
    created_at timestamp with time zone not null default now(),
    updated_at timestamp with time zone not null default now()
);
create table enrollment (
    id uuid not null,
    student_id uuid not null,
    section_id uuid not null,
    pool text not null default 'open'::text,
    enrolled_at timestamp with time zone not null default now()
);
create table enrollment_event (
    id bigint not null generated always as identity,
    student_id uuid not null,
    section_id uuid not null,
    pool text not null,
    kind text not null,
    at timestamp with time zone not null default now(),
    txid xid8 not null default pg_current_xact_id(),
    actor_id uuid
);
create table faculty_profile (
    user_id uuid not null,
    department_id uuid not null,
    title text
);
create table idempotency (
    actor_id uuid not null,
    key text not null,
    operation text not null,
    request_sha256 bytea not null,
    status smallint not null,
    response jsonb not null,
    at timestamp with time zone not null default now()
);
create table institution (
    singleton boolean not null default true,
    tenant_id uuid not null,
    name text not null,
    short_name text not null,
    time_zone text not null default 'UTC'::text,
    locale text not null default 'en'::text,
    accent_hue smallint not null default 188,
    version integer not null default 1,
    updated_at timestamp with time zone not null default now()
);
create table meeting (
    id uuid not null,
    section_id uuid not null,
    "position" smallint not null,
    kind text not null,
    days smallint not null default 0,
    starts_at time without time zone,
    ends_at time without time zone,
    room_id uuid
);
create table meeting_instructor (
    meeting_id uuid not null,
    user_id uuid not null
);
create table outbox (
    id uuid not null,
    stream text not null,
    kind text not null,
    body jsonb not null,
    at timestamp with time zone not null default now()
);
create table part_of_term (
    id uuid not null,
    term_id uuid not null,
    code text not null,
    starts_on date not null,
    ends_on date not null
);
create table password_link (
    token_sha256 bytea not null,
    user_id uuid not null,
    created_at timestamp with time zone not null default now(),
    expires_at timestamp with time zone not null,
    used_at timestamp with time zone
);
create table refresh_token (
    sha256 bytea not null,
    session_id uuid not null,
    issued_at timestamp with time zone not null,
    used_at timestamp with time zone,
    successor_sha256 bytea,
    successor_sealed bytea,
    revoked_at timestamp with time zone
);
create table revocation (
    subject_id uuid not null,
    kind text not null,
    min_epoch integer not null default 0,
    at timestamp with time zone not null default clock_timestamp()
);
create table room (
    id uuid not null,
    building text not null,
    number text not null,
    seats integer
);
create table section (
    id uuid not null,
    course_id uuid not null,
    term_id uuid not null,
    part_of_term_id uuid,
    crn text not null,
    code text not null default ''::text,
    title text not null default ''::text,
    info text not null default ''::text,
    credits numeric(5,2),
    status text not null default 'active'::text,
    version integer not null default 1,
    updated_at timestamp with time zone not null default now()
);
create table section_seat (
    section_id uuid not null,
    pool text not null default 'open'::text,
    cap integer,
    enrolled integer not null default 0,
    held integer not null default 0
);
create table session (
    id uuid not null,
    user_id uuid not null,
    role text not null,
    user_agent text not null default ''::text,
    auth_time timestamp with time zone not null,
    last_used_at timestamp with time zone not null,
    idle_timeout_s integer not null,
    expires_at timestamp with time zone not null,
    ended_at timestamp with time zone,
    ended_reason text
);
create table student_profile (
    user_id uuid not null,
    student_number text not null,
    department_id uuid not null,
    program text not null,
    semester smallint not null,
    admitted_on date not null
);
create table term (
    id uuid not null,
    code text not null,
    name text not null,
    starts_on date not null,
    ends_on date not null,
    version integer not null default 1
);
create table user_contact (
    user_id uuid not null,
    phone_sealed bytea,
    personal_email_sealed bytea,
    version integer not null default 1,
    updated_at timestamp with time zone not null default now()
);
create table user_role (
    user_id uuid not null,
    role text not null,
    granted_at timestamp with time zone not null default now()
);
alter table admin_profile add constraint admin_profile_office_check CHECK (((length(office) >= 1) AND (length(office) <= 80)));
alter table admin_profile add constraint admin_profile_pkey PRIMARY KEY (user_id);
alter table admin_profile add constraint admin_profile_user_id_fkey FOREIGN KEY (user_id) REFERENCES app_user(id) ON DELETE CASCADE;
alter table app_user add constraint app_user_catalog_key_unique UNIQUE (catalog_key);
alter table app_user add constraint app_user_email_form CHECK (((email = lower(email)) AND (email ~ '^[^@\s]+@[^@\s]+$'::text) AND (length(email) <= 254)));
alter table app_user add constraint app_user_email_unique UNIQUE (email);
alter table app_user add constraint app_user_name_length CHECK (((length(name) >= 1) AND (length(name) <= 120)));
alter table app_user add constraint app_user_pkey PRIMARY KEY (id);
alter table app_user add constraint app_user_sort_name_check CHECK (((length(sort_name) >= 1) AND (length(sort_name) <= 120)));
alter table app_user add constraint app_user_status_check CHECK ((status = ANY (ARRAY['active'::text, 'suspended'::text])));
alter table audit_diff add constraint audit_diff_pkey PRIMARY KEY (audit_id);
alter table audit_diff add constraint audit_diff_sha256_check CHECK ((octet_length(sha256) = 32));
alter table audit_event add constraint audit_event_action_check CHECK (((length(action) >= 1) AND (length(action) <= 80)));
alter table audit_event add constraint audit_event_class_check CHECK ((class = ANY (ARRAY['sensitive'::text, 'record'::text, 'access'::text, 'security'::text])));
alter table audit_event add constraint audit_event_pkey PRIMARY KEY (id);
alter table course add constraint course_attributes_check CHECK ((length(attributes) <= 2000));
alter table course add constraint course_code_unique UNIQUE (code);
alter table course add constraint course_credits CHECK (((credits_min >= (0)::numeric) AND (credits_min <= credits_max) AND (credits_max <= (100)::numeric) AND ((credits_kind <> 'fixed'::text) OR (credits_min = credits_max)) AND ((credits_min % 0.25) = (0)::numeric) AND ((credits_max % 0.25) = (0)::numeric)));
alter table course add constraint course_credits_kind CHECK ((credits_kind = ANY (ARRAY['fixed'::text, 'range'::text, 'choice'::text])));
alter table course add constraint course_department_id_fkey FOREIGN KEY (department_id) REFERENCES department(id) ON DELETE RESTRICT;
alter table course add constraint course_description_length CHECK ((length(description) <= 8000));
alter table course add constraint course_number_form CHECK ((number ~ '^[0-9A-Z][0-9A-Z.-]{0,9}$'::text));
alter table course add constraint course_pkey PRIMARY KEY (id);
alter table course add constraint course_title_length CHECK (((length(title) >= 1) AND (length(title) <= 200)));
alter table course_result add constraint course_result_check CHECK (((credits >= (0)::numeric) AND ((outcome = 'passed'::text) OR (credits = (0)::numeric))));
alter table course_result add constraint course_result_course_id_fkey FOREIGN KEY (course_id) REFERENCES course(id) ON DELETE RESTRICT;
alter table course_result add constraint course_result_once UNIQUE (student_id, course_id, term_id);
alter table course_result add constraint course_result_outcome_check CHECK ((outcome = ANY (ARRAY['passed'::text, 'failed'::text, 'withdrawn'::text, 'incomplete'::text])));
alter table course_result add constraint course_result_pkey PRIMARY KEY (id);
alter table course_result add constraint course_result_student_id_fkey FOREIGN KEY (student_id) REFERENCES app_user(id) ON DELETE RESTRICT;
alter table course_result add constraint course_result_term_id_fkey FOREIGN KEY (term_id) REFERENCES term(id) ON DELETE RESTRICT;
alter table credential add constraint credential_pkey PRIMARY KEY (user_id);
alter table credential add constraint credential_user_id_fkey FOREIGN KEY (user_id) REFERENCES app_user(id) ON DELETE CASCADE;
alter table department add constraint department_code_form CHECK ((code ~ '^[A-Z][A-Z0-9&]{0,7}$'::text));
alter table department add constraint department_code_unique UNIQUE (code);
alter table department add constraint department_name_length CHECK (((length(name) >= 1) AND (length(name) <= 120)));
alter table department add constraint department_pkey PRIMARY KEY (id);
alter table enrollment add constraint enrollment_once UNIQUE (student_id, section_id);
alter table enrollment add constraint enrollment_pkey PRIMARY KEY (id);
alter table enrollment add constraint enrollment_pool FOREIGN KEY (section_id, pool) REFERENCES section_seat(section_id, pool) ON DELETE RESTRICT;
alter table enrollment add constraint enrollment_section_id_fkey FOREIGN KEY (section_id) REFERENCES section(id) ON DELETE RESTRICT;
alter table enrollment add constraint enrollment_student_id_fkey FOREIGN KEY (student_id) REFERENCES app_user(id) ON DELETE RESTRICT;
alter table enrollment_event add constraint enrollment_event_kind_check CHECK ((kind = ANY (ARRAY['enrolled'::text, 'dropped'::text])));
alter table enrollment_event add constraint enrollment_event_pkey PRIMARY KEY (id);
alter table enrollment_event add constraint enrollment_event_section_id_fkey FOREIGN KEY (section_id) REFERENCES section(id) ON DELETE RESTRICT;
alter table enrollment_event add constraint enrollment_event_student_id_fkey FOREIGN KEY (student_id) REFERENCES app_user(id) ON DELETE RESTRICT;
alter table faculty_profile add constraint faculty_profile_department_id_fkey FOREIGN KEY (department_id) REFERENCES department(id) ON DELETE RESTRICT;
alter table faculty_profile add constraint faculty_profile_pkey PRIMARY KEY (user_id);
alter table faculty_profile add constraint faculty_profile_title_check CHECK (((length(title) >= 1) AND (length(title) <= 80)));
alter table faculty_profile add constraint faculty_profile_user_id_fkey FOREIGN KEY (user_id) REFERENCES app_user(id) ON DELETE CASCADE;
alter table idempotency add constraint idempotency_key_check CHECK (((length(key) >= 8) AND (length(key) <= 80)));
alter table idempotency add constraint idempotency_pkey PRIMARY KEY (actor_id, key);
alter table idempotency add constraint idempotency_request_sha256_check CHECK ((octet_length(request_sha256) = 32));
alter table institution add constraint institution_accent_hue_check CHECK (((accent_hue >= 0) AND (accent_hue <= 359)));
alter table institution add constraint institution_name_check CHECK (((length(name) >= 1) AND (length(name) <= 120)));
alter table institution add constraint institution_pkey PRIMARY KEY (singleton);
alter table institution add constraint institution_short_name_check CHECK (((length(short_name) >= 1) AND (length(short_name) <= 40)));
alter table institution add constraint institution_singleton_check CHECK (singleton);
alter table meeting add constraint meeting_days_check CHECK (((days >= 0) AND (days <= 127)));
alter table meeting add constraint meeting_kind_check CHECK (((length(kind) >= 1) AND (length(kind) <= 60)));
alter table meeting add constraint meeting_pkey PRIMARY KEY (id);
alter table meeting add constraint meeting_position_check CHECK (("position" >= 0));
alter table meeting add constraint meeting_position_unique UNIQUE (section_id, "position");
alter table meeting add constraint meeting_room_id_fkey FOREIGN KEY (room_id) REFERENCES room(id) ON DELETE SET NULL;
alter table meeting add constraint meeting_section_id_fkey FOREIGN KEY (section_id) REFERENCES section(id) ON DELETE CASCADE;
alter table meeting add constraint meeting_times CHECK ((((starts_at IS NULL) = (ends_at IS NULL)) AND ((starts_at IS NULL) OR (starts_at < ends_at)) AND ((days = 0) = (starts_at IS NULL))));
alter table meeting_instructor add constraint meeting_instructor_meeting_id_fkey FOREIGN KEY (meeting_id) REFERENCES meeting(id) ON DELETE CASCADE;
alter table meeting_instructor add constraint meeting_instructor_pkey PRIMARY KEY (meeting_id, user_id);
alter table meeting_instructor add constraint meeting_instructor_user_id_fkey FOREIGN KEY (user_id) REFERENCES app_user(id) ON DELETE RESTRICT;
alter table outbox add constraint outbox_kind_check CHECK (((length(kind) >= 1) AND (length(kind) <= 80)));
alter table outbox add constraint outbox_pkey PRIMARY KEY (id);
alter table outbox add constraint outbox_stream_check CHECK (((length(stream) >= 1) AND (length(stream) <= 120)));
alter table part_of_term add constraint part_of_term_code_check CHECK (((length(code) >= 1) AND (length(code) <= 10)));
alter table part_of_term add constraint part_of_term_code_unique UNIQUE (term_id, code);
alter table part_of_term add constraint part_of_term_dates CHECK ((starts_on <= ends_on));
alter table part_of_term add constraint part_of_term_pkey PRIMARY KEY (id);
alter table part_of_term add constraint part_of_term_term_id_fkey FOREIGN KEY (term_id) REFERENCES term(id) ON DELETE CASCADE;
alter table password_link add constraint password_link_pkey PRIMARY KEY (token_sha256);
alter table password_link add constraint password_link_token_sha256_check CHECK ((octet_length(token_sha256) = 32));
alter table password_link add constraint password_link_user_id_fkey FOREIGN KEY (user_id) REFERENCES app_user(id) ON DELETE CASCADE;
alter table refresh_token add constraint refresh_token_pkey PRIMARY KEY (sha256);
alter table refresh_token add constraint refresh_token_session_id_fkey FOREIGN KEY (session_id) REFERENCES session(id) ON DELETE CASCADE;
alter table refresh_token add constraint refresh_token_sha256_check CHECK ((octet_length(sha256) = 32));
alter table refresh_token add constraint refresh_token_successor_sha256_fkey FOREIGN KEY (successor_sha256) REFERENCES refresh_token(sha256) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
alter table revocation add constraint revocation_kind_check CHECK ((kind = ANY (ARRAY['session'::text, 'account'::text])));
alter table revocation add constraint revocation_pkey PRIMARY KEY (subject_id, kind);
alter table room add constraint room_building_check CHECK (((length(building) >= 1) AND (length(building) <= 80)));
alter table room add constraint room_number_check CHECK (((length(number) >= 1) AND (length(number) <= 40)));
alter table room add constraint room_pkey PRIMARY KEY (id);
alter table room add constraint room_seats_check CHECK ((seats > 0));
alter table room add constraint room_unique UNIQUE (building, number);
alter table section add constraint section_code_check CHECK ((length(code) <= 10));
alter table section add constraint section_course_id_fkey FOREIGN KEY (course_id) REFERENCES course(id) ON DELETE RESTRICT;
alter table section add constraint section_credits_check CHECK (((credits >= (0)::numeric) AND (credits <= (100)::numeric)));
alter table section add constraint section_crn_check CHECK (((length(crn) >= 1) AND (length(crn) <= 12)));
alter table section add constraint section_crn_unique UNIQUE (term_id, crn);
alter table section add constraint section_info_check CHECK ((length(info) <= 8000));
alter table section add constraint section_part_of_term_id_fkey FOREIGN KEY (part_of_term_id) REFERENCES part_of_term(id) ON DELETE RESTRICT;
alter table section add constraint section_pkey PRIMARY KEY (id);
alter table section add constraint section_status_check CHECK ((status = ANY (ARRAY['active'::text, 'cancelled'::text])));
alter table section add constraint section_term_id_fkey FOREIGN KEY (term_id) REFERENCES term(id) ON DELETE RESTRICT;
alter table section add constraint section_title_check CHECK ((length(title) <= 200));
alter table section_seat add constraint section_seat_cap_check CHECK ((cap >= 0));
alter table section_seat add constraint section_seat_counts CHECK (((enrolled >= 0) AND (held >= 0)));
alter table section_seat add constraint section_seat_full CHECK (((enrolled + held) <= COALESCE(cap, 0)));
alter table section_seat add constraint section_seat_pkey PRIMARY KEY (section_id, pool);
alter table section_seat add constraint section_seat_pool_check CHECK (((length(pool) >= 1) AND (length(pool) <= 40)));
alter table section_seat add constraint section_seat_section_id_fkey FOREIGN KEY (section_id) REFERENCES section(id) ON DELETE CASCADE;
alter table session add constraint session_check CHECK (((ended_at IS NULL) = (ended_reason IS NULL)));
alter table session add constraint session_ended_reason_check CHECK ((ended_reason = ANY (ARRAY['signed-out'::text, 'signed-out-everywhere'::text, 'replayed'::text, 'suspended'::text, 'password-changed'::text])));
alter table session add constraint session_idle_timeout_s_check CHECK ((idle_timeout_s > 0));
alter table session add constraint session_pkey PRIMARY KEY (id);
alter table session add constraint session_role_check CHECK ((role = ANY (ARRAY['student'::text, 'faculty'::text, 'admin'::text])));
alter table session add constraint session_user_agent_check CHECK ((length(user_agent) <= 300));
alter table session add constraint session_user_id_fkey FOREIGN KEY (user_id) REFERENCES app_user(id) ON DELETE CASCADE;
alter table student_profile add constraint student_number_unique UNIQUE (student_number);
alter table student_profile add constraint student_profile_department_id_fkey FOREIGN KEY (department_id) REFERENCES department(id) ON DELETE RESTRICT;
alter table student_profile add constraint student_profile_pkey PRIMARY KEY (user_id);
alter table student_profile add constraint student_profile_program_check CHECK (((length(program) >= 1) AND (length(program) <= 120)));
alter table student_profile add constraint student_profile_semester_check CHECK (((semester >= 1) AND (semester <= 20)));
alter table student_profile add constraint student_profile_student_number_check CHECK (((length(student_number) >= 1) AND (length(student_number) <= 32)));
alter table student_profile add constraint student_profile_user_id_fkey FOREIGN KEY (user_id) REFERENCES app_user(id) ON DELETE CASCADE;
alter table term add constraint term_code_check CHECK (((length(code) >= 1) AND (length(code) <= 20)));
alter table term add constraint term_code_unique UNIQUE (code);
alter table term add constraint term_dates CHECK ((starts_on <= ends_on));
alter table term add constraint term_name_check CHECK (((length(name) >= 1) AND (length(name) <= 60)));
alter table term add constraint term_pkey PRIMARY KEY (id);
alter table user_contact add constraint user_contact_pkey PRIMARY KEY (user_id);
alter table user_contact add constraint user_contact_user_id_fkey FOREIGN KEY (user_id) REFERENCES app_user(id) ON DELETE CASCADE;
alter table user_role add constraint user_role_kind CHECK ((role = ANY (ARRAY['student'::text, 'faculty'::text, 'admin'::text])));
alter table user_role add constraint user_role_pkey PRIMARY KEY (user_id, role);
alter table user_role add constraint user_role_user_id_fkey FOREIGN KEY (user_id) REFERENCES app_user(id) ON DELETE CASCADE;
CREATE INDEX app_user_no_email_order ON app_user USING btree (sort_key, id) WHERE (email IS NULL);
CREATE INDEX app_user_order ON app_user USING btree (sort_key, id);
CREATE INDEX app_user_search ON app_user USING gin (search gin_trgm_ops);
CREATE INDEX app_user_status_order ON app_user USING btree (status, sort_key, id);
CREATE INDEX audit_event_actor ON audit_event USING btree (actor_id, at DESC);
CREATE INDEX audit_event_at ON audit_event USING btree (at DESC, id DESC);
CREATE INDEX audit_event_class ON audit_event USING btree (class, at DESC, id DESC);
CREATE INDEX audit_event_target ON audit_event USING btree (target_id, at DESC);
CREATE INDEX course_credits ON course USING btree (credits_min, credits_max, code) WHERE (archived_at IS NULL);
CREATE INDEX course_department_id ON course USING btree (department_id, code);
CREATE INDEX course_search ON course USING gin (search gin_trgm_ops);
CREATE INDEX course_title ON course USING btree (search_form(title), code) WHERE (archived_at IS NULL);
CREATE INDEX course_result_course_id ON course_result USING btree (course_id);
CREATE INDEX course_result_term_id ON course_result USING btree (term_id);
CREATE INDEX department_search ON department USING gin (search gin_trgm_ops);
CREATE INDEX enrollment_section ON enrollment USING btree (section_id, pool);
CREATE INDEX enrollment_event_section ON enrollment_event USING btree (section_id, at DESC);
CREATE INDEX enrollment_event_student ON enrollment_event USING btree (student_id, at DESC);
CREATE INDEX faculty_profile_department_id ON faculty_profile USING btree (department_id);
CREATE INDEX idempotency_at ON idempotency USING btree (at);
CREATE INDEX meeting_room_id ON meeting USING btree (room_id);
CREATE INDEX meeting_instructor_user_id ON meeting_instructor USING btree (user_id, meeting_id);
CREATE INDEX outbox_at ON outbox USING btree (at);
CREATE INDEX password_link_user_id ON password_link USING btree (user_id);
CREATE INDEX refresh_token_session_id ON refresh_token USING btree (session_id);
CREATE INDEX refresh_token_successor ON refresh_token USING btree (successor_sha256);
CREATE INDEX refresh_token_used_at ON refresh_token USING btree (used_at) WHERE (used_at IS NOT NULL);
CREATE INDEX revocation_at ON revocation USING btree (at);
CREATE INDEX section_course_id ON section USING btree (course_id, term_id);
CREATE INDEX section_part_of_term_id ON section USING btree (part_of_term_id);
CREATE INDEX session_over ON session USING btree (COALESCE(ended_at, expires_at));
CREATE INDEX session_user_all ON session USING btree (user_id);
CREATE INDEX session_user_id ON session USING btree (user_id) WHERE (ended_at IS NULL);
CREATE INDEX student_profile_department_id ON student_profile USING btree (department_id);
CREATE INDEX term_starts_on ON term USING btree (starts_on DESC, id);
CREATE INDEX user_role_role ON user_role USING btree (role, user_id);
CREATE OR REPLACE FUNCTION course_code_from_parts()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
    select d.code || ' ' || new.number into strict new.code from department d where d.id = new.department_id;
    return new;
end $function$
;
CREATE OR REPLACE FUNCTION enrollment_track()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
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
end $function$
;
CREATE OR REPLACE FUNCTION refuse_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
    raise exception 'rows of % are evidence: they are appended, never changed', tg_table_name using errcode = '42501';
end $function$
;
CREATE OR REPLACE FUNCTION search_form(value text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
AS $function$ select lower(ext.unaccent('ext.unaccent'::regdictionary, value)) $function$
;
CREATE OR REPLACE FUNCTION set_updated_at()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
    new.updated_at := now();
    return new;
end $function$
;
CREATE TRIGGER app_user_updated BEFORE UPDATE ON app_user FOR EACH ROW EXECUTE FUNCTION set_updated_at();
CREATE TRIGGER audit_diff_append_only BEFORE DELETE OR UPDATE ON audit_diff FOR EACH ROW EXECUTE FUNCTION refuse_change(); alter table audit_diff enable always trigger audit_diff_append_only;
CREATE TRIGGER audit_diff_no_truncate BEFORE TRUNCATE ON audit_diff FOR EACH STATEMENT EXECUTE FUNCTION refuse_change(); alter table audit_diff enable always trigger audit_diff_no_truncate;
CREATE TRIGGER audit_event_append_only BEFORE DELETE OR UPDATE ON audit_event FOR EACH ROW EXECUTE FUNCTION refuse_change(); alter table audit_event enable always trigger audit_event_append_only;
CREATE TRIGGER audit_event_no_truncate BEFORE TRUNCATE ON audit_event FOR EACH STATEMENT EXECUTE FUNCTION refuse_change(); alter table audit_event enable always trigger audit_event_no_truncate;
CREATE TRIGGER course_code BEFORE INSERT OR UPDATE OF department_id, number, code ON course FOR EACH ROW EXECUTE FUNCTION course_code_from_parts();
CREATE TRIGGER course_updated BEFORE UPDATE ON course FOR EACH ROW EXECUTE FUNCTION set_updated_at();
CREATE TRIGGER department_updated BEFORE UPDATE ON department FOR EACH ROW EXECUTE FUNCTION set_updated_at();
CREATE TRIGGER enrollment_delete AFTER DELETE ON enrollment REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION enrollment_track();
CREATE TRIGGER enrollment_insert AFTER INSERT ON enrollment REFERENCING NEW TABLE AS come FOR EACH STATEMENT EXECUTE FUNCTION enrollment_track();
CREATE TRIGGER enrollment_update AFTER UPDATE ON enrollment REFERENCING OLD TABLE AS gone NEW TABLE AS come FOR EACH STATEMENT EXECUTE FUNCTION enrollment_track();
CREATE TRIGGER enrollment_event_append_only BEFORE DELETE OR UPDATE ON enrollment_event FOR EACH ROW EXECUTE FUNCTION refuse_change(); alter table enrollment_event enable always trigger enrollment_event_append_only;
CREATE TRIGGER enrollment_event_no_truncate BEFORE TRUNCATE ON enrollment_event FOR EACH STATEMENT EXECUTE FUNCTION refuse_change(); alter table enrollment_event enable always trigger enrollment_event_no_truncate;
CREATE TRIGGER section_updated BEFORE UPDATE ON section FOR EACH ROW EXECUTE FUNCTION set_updated_at();
CREATE TRIGGER user_contact_updated BEFORE UPDATE ON user_contact FOR EACH ROW EXECUTE FUNCTION set_updated_at();
