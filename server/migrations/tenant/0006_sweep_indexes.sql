-- What the sweep looks for: sessions by when they ended or ran out, refresh tokens by when they were used.
create index session_over on session (coalesce(ended_at, expires_at));
create index refresh_token_used_at on refresh_token (used_at) where used_at is not null;
