-- People in the order readers expect, as titles and programs already are: "Bélanger" before "Boudreau", "MacDonald" before "Mackay".
-- The column is small and derived, so every list, index and cursor has the one rule.

alter table app_user add column sort_key text not null generated always as (search_form(sort_name)) stored;
create index app_user_order on app_user (sort_key, id);
create index app_user_status_order on app_user (status, sort_key, id);
create index app_user_no_email_order on app_user (sort_key, id) where email is null;

-- No statement orders by these any more; to the version before they are only speed.
drop index app_user_sort;
drop index app_user_status;
drop index app_user_no_email;
