-- Who the institution is, its departments and its people.
-- Functions of pg_trgm and unaccent live in schema `ext`, which is on every role's search_path.

create function set_updated_at() returns trigger language plpgsql as $$
begin
    new.updated_at := now();
    return new;
end $$;

-- unaccent() is only STABLE because its dictionary can be replaced; ours never is, so an index may rely on it.
create function search_form(value text) returns text
    language sql immutable parallel safe strict
    as $$ select lower(ext.unaccent('ext.unaccent'::regdictionary, value)) $$;

create table institution (
    singleton boolean primary key default true check (singleton),
    tenant_id uuid not null,
    name text not null check (length(name) between 1 and 120),
    short_name text not null check (length(short_name) between 1 and 40),
    time_zone text not null default 'UTC',
    locale text not null default 'en',
    accent_hue smallint not null default 188 check (accent_hue between 0 and 359),
    version int not null default 1,
    updated_at timestamptz not null default now()
);

create table department (
    id uuid primary key,
    -- The prefix of every course code ("CS" in "CS 301"). Printed on transcripts, so it never changes.
    code text not null constraint department_code_unique unique
        constraint department_code_form check (code ~ '^[A-Z][A-Z0-9&]{0,7}$'),
    name text not null constraint department_name_length check (length(name) between 1 and 120),
    search text not null generated always as (search_form(code || ' ' || name)) stored,
    archived_at timestamptz,
    version int not null default 1,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);
create index department_search on department using gin (search ext.gin_trgm_ops);
create trigger department_updated before update on department for each row execute function set_updated_at();

-- "user" is a reserved word of SQL. A person without credentials (an instructor known from an import) is a row here too.
create table app_user (
    id uuid primary key,
    email text constraint app_user_email_form check (email = lower(email) and email ~ '^[^@\s]+@[^@\s]+$' and length(email) <= 254),
    name text not null constraint app_user_name_length check (length(name) between 1 and 120),
    -- Family name first, for sorting and rosters.
    sort_name text not null check (length(sort_name) between 1 and 120),
    status text not null default 'active' check (status in ('active', 'suspended')),
    -- "SUBJECT|Fisher, M": how a catalog import recognizes an instructor it has seen before.
    catalog_key text constraint app_user_catalog_key_unique unique,
    -- Raised whenever roles, status or password change: access tokens of an older epoch are refused.
    epoch int not null default 1,
    search text not null generated always as (search_form(name || ' ' || coalesce(email, ''))) stored,
    version int not null default 1,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint app_user_email_unique unique (email)
);
create index app_user_search on app_user using gin (search ext.gin_trgm_ops);
create index app_user_sort on app_user (sort_name, id);
create trigger app_user_updated before update on app_user for each row execute function set_updated_at();

create table user_role (
    user_id uuid not null references app_user (id) on delete cascade,
    role text not null constraint user_role_kind check (role in ('student', 'faculty', 'admin')),
    granted_at timestamptz not null default now(),
    primary key (user_id, role)
);
create index user_role_role on user_role (role, user_id);

-- Personal values are sealed under keys that live outside PostgreSQL (see crypto/): AES-256-GCM bound to table, column and row.
create table user_contact (
    user_id uuid primary key references app_user (id) on delete cascade,
    phone_sealed bytea,
    personal_email_sealed bytea,
    version int not null default 1,
    updated_at timestamptz not null default now()
);
create trigger user_contact_updated before update on user_contact for each row execute function set_updated_at();

create table student_profile (
    user_id uuid primary key references app_user (id) on delete cascade,
    student_number text not null constraint student_number_unique unique check (length(student_number) between 1 and 32),
    department_id uuid not null references department (id) on delete restrict,
    program text not null check (length(program) between 1 and 120),
    semester smallint not null check (semester between 1 and 20),
    admitted_on date not null
);
create index student_profile_department_id on student_profile (department_id);

create table faculty_profile (
    user_id uuid primary key references app_user (id) on delete cascade,
    department_id uuid not null references department (id) on delete restrict,
    title text check (length(title) between 1 and 80)
);
create index faculty_profile_department_id on faculty_profile (department_id);

create table admin_profile (
    user_id uuid primary key references app_user (id) on delete cascade,
    office text not null check (length(office) between 1 and 80)
);
