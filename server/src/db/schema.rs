//! A schema in words: tables, columns, constraints, indexes, triggers, functions, in one order and one format, so that two
//! institutions, or a database and the repository, can be compared line by line.

use sqlx::PgConnection;

/// Every line describes one object; lines are sorted within their kind. `schema` itself does not occur in the text.
pub async fn describe(connection: &mut PgConnection, schema: &str) -> Result<String, sqlx::Error> {
    let lines = sqlx::query_scalar!(
        r#"with ns as (select oid from pg_namespace where nspname = $1),
        rel as (select c.* from pg_class c join ns on c.relnamespace = ns.oid where c.relname <> '_sqlx_migrations'),
        line as (
            select 1 as kind, c.relname || '.' || lpad(a.attnum::text, 3, '0') as place,
                'table ' || c.relname || ': ' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
                || case when a.attnotnull then ' not null' else '' end
                || case when a.attidentity <> '' then ' identity' else '' end
                || coalesce(case when a.attgenerated <> '' then ' generated ' else ' default ' end || pg_get_expr(d.adbin, d.adrelid), '') as text
            from rel c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
                left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
            where c.relkind = 'r'
            union all
            select 2, c.relname || '.' || k.conname, 'constraint ' || c.relname || ': ' || k.conname || ' ' || pg_get_constraintdef(k.oid)
            from rel c join pg_constraint k on k.conrelid = c.oid
            union all
            select 3, c.relname || '.' || i.relname, 'index ' || pg_get_indexdef(x.indexrelid)
            from rel c join pg_index x on x.indrelid = c.oid join pg_class i on i.oid = x.indexrelid
            where not exists (select 1 from pg_constraint k where k.conindid = x.indexrelid)
            union all
            select 4, c.relname || '.' || t.tgname, 'trigger ' || pg_get_triggerdef(t.oid) || ' [' || t.tgenabled::text || ']'
            from rel c join pg_trigger t on t.tgrelid = c.oid where not t.tgisinternal
            union all
            select 5, p.proname, 'function ' || pg_get_functiondef(p.oid) from pg_proc p join ns on p.pronamespace = ns.oid
            union all
            select 6, c.relname, 'view ' || c.relname || ': ' || pg_get_viewdef(c.oid) from rel c where c.relkind in ('v', 'm')
        )
        select replace(text, $1 || '.', '') as "text!" from line order by kind, place collate "C""#,
        schema
    )
    .fetch_all(connection)
    .await?;
    let mut text = lines.join("\n");
    text.push('\n');
    Ok(text)
}
