//! The server's settings: `postgresql.conf` is written before every start, so a new release brings its own.
//!
//! Order, the later wins: what `initdb` found out about this machine, ours, the caller's, the operator's `local.conf`.

use std::fmt::Write;

use crate::error::Error;
use crate::layout::Layout;
use crate::options::ClusterOptions;

pub(crate) fn write(layout: &Layout, options: &ClusterOptions, port: u16) -> Result<(), Error> {
    let path = layout.config();
    std::fs::write(&path, text(layout, options, port)).map_err(Error::io("write", &path))
}

fn text(layout: &Layout, options: &ClusterOptions, port: u16) -> String {
    let cluster = layout.cluster();
    let at = |name: &str| quoted(&cluster.join(name).display().to_string());
    let mut text = format!(
        "# Written on every start. Put your own settings into local.conf beside this file.\n\
         include_if_exists = {initdb}\n\
         hba_file = {hba}\n\
         ident_file = {ident}\n\
         listen_addresses = '127.0.0.1'\n\
         port = {port}\n\
         unix_socket_directories = ''\n\
         max_connections = {max_connections}\n\
         shared_buffers = '{shared_buffers}MB'\n\
         max_wal_size = '1GB'\n\
         min_wal_size = '80MB'\n\
         fsync = on\n\
         synchronous_commit = on\n\
         full_page_writes = on\n\
         jit = off\n\
         password_encryption = 'scram-sha-256'\n\
         idle_in_transaction_session_timeout = '60s'\n\
         timezone = 'UTC'\n",
        initdb = at("postgresql.conf"),
        hba = at("pg_hba.conf"),
        ident = at("pg_ident.conf"),
        max_connections = options.max_connections,
        shared_buffers = options.shared_buffers_mb,
    );
    // Seven files at most; the same weekday overwrites last week's.
    let logging = format!(
        "logging_collector = on\n\
         log_directory = {logs}\n\
         log_filename = 'server-%a.log'\n\
         log_rotation_age = '1d'\n\
         log_rotation_size = 0\n\
         log_truncate_on_rotation = on\n\
         log_min_messages = warning\n\
         log_min_error_statement = panic\n\
         log_line_prefix = '%m [%p] %u@%d '\n\
         log_timezone = 'UTC'\n",
        logs = quoted(&layout.logs().display().to_string()),
    );
    text.push_str(&logging);
    for (name, value) in &options.settings {
        writeln!(text, "{name} = {}", quoted(value)).expect("writing to a string cannot fail");
    }
    text.push_str("include_if_exists = 'local.conf'\n");
    text
}

fn quoted(value: &str) -> String {
    format!("'{}'", value.replace('\\', "\\\\").replace('\'', "''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_callers_settings_come_after_ours_and_are_quoted() {
        let dir = tempfile::tempdir().expect("temporary directory");
        let layout = Layout::open(&dir.path().join("it's")).expect("layout");
        let options = ClusterOptions::new(dir.path()).setting("fsync", "off");
        let text = text(&layout, &options, 5433);
        let place = |line: &str| text.find(line).unwrap_or_else(|| panic!("no {line}: {text}"));
        assert!(place("fsync = on\n") < place("fsync = 'off'\n"));
        assert!(place("fsync = 'off'\n") < place("local.conf'\n"));
        assert!(text.contains("port = 5433\n"));
        assert!(text.contains("it''s/postgres/cluster/pg_hba.conf'"), "{text}");
    }
}
