-- The audit trail, announcements to other modules, and answers kept for retries.

-- One row per audited action, written in the action's own transaction. `canonical` is what proofs will be made of:
-- every other column is a projection of it, for search. No foreign key leads in or out: evidence outlives what it speaks of.
create table audit_event (
    id uuid primary key,
    at timestamptz not null,
    txid xid8 not null,
    action text not null check (length(action) between 1 and 80),
    class text not null check (class in ('sensitive', 'record', 'access', 'security')),
    -- null: the system; then `actor_role` names the task
    actor_id uuid,
    actor_role text not null,
    target_kind text not null,
    target_id uuid,
    -- the person the row is about, whose key seals the personal values inside
    subject_id uuid,
    request_id uuid,
    canonical bytea not null
);
create index audit_event_at on audit_event (at desc, id desc);
-- The newest of one class, however many of another lie between them.
create index audit_event_class on audit_event (class, at desc, id desc);
create index audit_event_target on audit_event (target_id, at desc);
create index audit_event_actor on audit_event (actor_id, at desc);

-- The whole difference a bulk action made; its audit row carries this row's digest.
create table audit_diff (
    audit_id uuid primary key,
    sha256 bytea not null check (octet_length(sha256) = 32),
    body bytea not null
);

create trigger audit_event_append_only before update or delete on audit_event
    for each row execute function refuse_change();
create trigger audit_event_no_truncate before truncate on audit_event
    for each statement execute function refuse_change();
alter table audit_event enable always trigger audit_event_append_only;
alter table audit_event enable always trigger audit_event_no_truncate;
create trigger audit_diff_append_only before update or delete on audit_diff
    for each row execute function refuse_change();
create trigger audit_diff_no_truncate before truncate on audit_diff
    for each statement execute function refuse_change();
alter table audit_diff enable always trigger audit_diff_append_only;
alter table audit_diff enable always trigger audit_diff_no_truncate;

-- Claimed by DELETE ... RETURNING ... SKIP LOCKED once a relay listens; swept after a day until then.
create table outbox (
    id uuid primary key,
    stream text not null check (length(stream) between 1 and 120),
    kind text not null check (length(kind) between 1 and 80),
    body jsonb not null,
    at timestamptz not null default now()
);
create index outbox_at on outbox (at);

-- The stored answer of a decided mutation: a retry with the same key and body gets it again.
create table idempotency (
    actor_id uuid not null,
    key text not null check (length(key) between 8 and 80),
    operation text not null,
    request_sha256 bytea not null check (octet_length(request_sha256) = 32),
    status smallint not null,
    response jsonb not null,
    at timestamptz not null default now(),
    primary key (actor_id, key)
);
create index idempotency_at on idempotency (at);
