-- Credentials, sessions and refresh tokens. Only hashes are stored: a dump signs nobody in.

create table credential (
    user_id uuid primary key references app_user (id) on delete cascade,
    -- PHC string of Argon2id, keyed with a pepper that lives outside PostgreSQL.
    password_hash text not null,
    changed_at timestamptz not null default now()
);

-- A one-time link to set a password: what `pec tenant create` prints for the first admin.
create table password_link (
    token_sha256 bytea primary key check (octet_length(token_sha256) = 32),
    user_id uuid not null references app_user (id) on delete cascade,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    used_at timestamptz
);
create index password_link_user_id on password_link (user_id);

-- One signed-in device: a family of refresh tokens.
create table session (
    id uuid primary key,
    user_id uuid not null references app_user (id) on delete cascade,
    role text not null check (role in ('student', 'faculty', 'admin')),
    user_agent text not null default '' check (length(user_agent) <= 300),
    auth_time timestamptz not null,
    last_used_at timestamptz not null,
    idle_timeout_s int not null check (idle_timeout_s > 0),
    expires_at timestamptz not null,
    ended_at timestamptz,
    ended_reason text check (ended_reason in ('signed-out', 'signed-out-everywhere', 'replayed', 'suspended', 'password-changed')),
    check ((ended_at is null) = (ended_reason is null))
);
create index session_user_id on session (user_id) where ended_at is null;
create index session_user_all on session (user_id);

create table refresh_token (
    sha256 bytea primary key check (octet_length(sha256) = 32),
    session_id uuid not null references session (id) on delete cascade,
    issued_at timestamptz not null,
    -- Set by the one atomic UPDATE that rotates the token.
    used_at timestamptz,
    successor_sha256 bytea references refresh_token (sha256) on delete set null deferrable initially deferred,
    -- The successor, sealed under a key derived from this token: useless to whoever only has the database.
    successor_sealed bytea,
    revoked_at timestamptz
);
create index refresh_token_session_id on refresh_token (session_id);
create index refresh_token_successor on refresh_token (successor_sha256);

-- What every node polls each 500 ms: sessions that ended and accounts whose older tokens no longer count.
-- Rows outlive the longest access token and are then swept.
create table revocation (
    subject_id uuid not null,
    kind text not null check (kind in ('session', 'account')),
    -- account: tokens with a smaller epoch are refused; session: unused (0)
    min_epoch int not null default 0,
    at timestamptz not null default clock_timestamp(),
    primary key (subject_id, kind)
);
create index revocation_at on revocation (at);
