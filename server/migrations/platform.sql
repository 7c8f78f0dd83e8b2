-- Generated from the migrations: the schema of the registry. `PEC_WRITE_SCHEMA=1` writes it again.

create table installation (
    singleton boolean not null default true,
    id text not null,
    root_key_check bytea not null,
    created_at timestamp with time zone not null default now()
);
create table tenant (
    id uuid not null,
    slug text not null,
    schema_name text not null,
    owner_role text not null,
    app_role text not null,
    database_url text,
    max_connections integer not null default 24,
    status text not null default 'active'::text,
    created_at timestamp with time zone not null default now()
);
create table tenant_host (
    host text not null,
    tenant_id uuid not null
);
alter table installation add constraint installation_id_check CHECK ((id ~ '^[0-9a-f]{8}$'::text));
alter table installation add constraint installation_pkey PRIMARY KEY (singleton);
alter table installation add constraint installation_root_key_check_check CHECK ((octet_length(root_key_check) = 32));
alter table installation add constraint installation_singleton_check CHECK (singleton);
alter table tenant add constraint tenant_app_role_key UNIQUE (app_role);
alter table tenant add constraint tenant_max_connections_check CHECK (((max_connections >= 4) AND (max_connections <= 500)));
alter table tenant add constraint tenant_owner_role_key UNIQUE (owner_role);
alter table tenant add constraint tenant_pkey PRIMARY KEY (id);
alter table tenant add constraint tenant_schema_name_check CHECK ((schema_name ~ '^[a-z][a-z0-9_]{1,40}$'::text));
alter table tenant add constraint tenant_schema_name_key UNIQUE (schema_name);
alter table tenant add constraint tenant_slug_check CHECK ((slug ~ '^[a-z][a-z0-9-]{1,30}$'::text));
alter table tenant add constraint tenant_slug_key UNIQUE (slug);
alter table tenant add constraint tenant_status_check CHECK ((status = ANY (ARRAY['creating'::text, 'active'::text, 'suspended'::text])));
alter table tenant_host add constraint tenant_host_host_check CHECK ((host = lower(host)));
alter table tenant_host add constraint tenant_host_pkey PRIMARY KEY (host);
alter table tenant_host add constraint tenant_host_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(id) ON DELETE CASCADE;
CREATE INDEX tenant_host_tenant_id ON tenant_host USING btree (tenant_id);
