-- An institution is registered under its final id before it is made, and becomes active last: a run that was cut short is
-- resumed instead of leaving a schema, roles and a key that nothing names. Nodes of the version before serve `active` alone,
-- so they leave the new state alone.
--
-- Names of roles are stored in each row. New institutions get `pec_INSTALL_a_SLUG` and `pec_INSTALL_o_SLUG`; rows made
-- before keep the names they have.
alter table tenant drop constraint tenant_status_check,
    add constraint tenant_status_check check (status in ('creating', 'active', 'suspended'));
