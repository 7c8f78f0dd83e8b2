-- The registry: which institutions this installation serves, and where each one lives.
-- It holds no academic record and no credential; keys live in the key store, outside PostgreSQL.

create table installation (
    singleton boolean primary key default true check (singleton),
    id text not null check (id ~ '^[0-9a-f]{8}$'),
    -- HMAC of a constant under the root key: a wrong root key is told from the right one before it is used.
    root_key_check bytea not null check (octet_length(root_key_check) = 32),
    created_at timestamptz not null default now()
);

create table tenant (
    id uuid primary key,
    slug text not null unique check (slug ~ '^[a-z][a-z0-9-]{1,30}$'),
    schema_name text not null unique check (schema_name ~ '^[a-z][a-z0-9_]{1,40}$'),
    owner_role text not null unique,
    app_role text not null unique,
    -- null: the cluster this registry is in
    database_url text,
    max_connections int not null default 24 check (max_connections between 4 and 500),
    status text not null default 'active' check (status in ('active', 'suspended')),
    created_at timestamptz not null default now()
);

create table tenant_host (
    host text primary key check (host = lower(host)),
    tenant_id uuid not null references tenant (id) on delete cascade
);
create index tenant_host_tenant_id on tenant_host (tenant_id);
