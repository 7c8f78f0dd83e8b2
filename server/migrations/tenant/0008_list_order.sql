-- Lists in the order of a column. Each index ends in what makes the order total, so that a page starts where the one before ended and
-- nothing is sorted. Columns that already are unique (a course's code, an e-mail, a student number) have their index.

create index course_title on course (search_form(title), code) where archived_at is null;
create index course_credits on course (credits_min, credits_max, code) where archived_at is null;
-- People who have no e-mail come last in that order, by name.
create index app_user_no_email on app_user (sort_name, id) where email is null;
