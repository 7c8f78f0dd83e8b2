//! Whom PostgreSQL runs as: ourselves, or an unprivileged user when we are root (it refuses root).

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use tokio::process::Command;

use crate::error::Error;
use crate::layout::give;

/// In order of preference. `postgres` exists where Debian's package is installed, `_postgres` on macOS.
const UNPRIVILEGED: [&str; 3] = ["postgres", "_postgres", "nobody"];

#[derive(Debug, Clone)]
pub(crate) struct RunAs {
    other: Option<Other>,
}

#[derive(Debug, Clone)]
struct Other {
    name: String,
    uid: u32,
    gid: u32,
}

impl RunAs {
    /// An existing cluster keeps its owner: a `postgres` user that appears later could not read it.
    pub fn resolve(cluster: &Path) -> Result<Self, Error> {
        if !rustix::process::geteuid().is_root() {
            return Ok(Self { other: None });
        }
        let users = fs::read_to_string("/etc/passwd").unwrap_or_default();
        if let Ok(meta) = fs::metadata(cluster)
            && meta.uid() != 0
        {
            let name = name_of(&users, meta.uid()).unwrap_or_else(|| format!("the user with id {}", meta.uid()));
            let (uid, gid) = (meta.uid(), meta.gid());
            return Ok(Self { other: Some(Other { name, uid, gid }) });
        }
        let found = UNPRIVILEGED.iter().find_map(|name| lookup(&users, name));
        match found {
            Some(other) => Ok(Self { other: Some(other) }),
            None => Err(Error::NoUnprivilegedUser),
        }
    }

    pub fn own(&self, path: &Path) -> Result<(), Error> {
        match &self.other {
            Some(other) => give(path, other.uid, other.gid),
            None => Ok(()),
        }
    }

    pub fn apply(&self, command: &mut Command) {
        if let Some(other) = &self.other {
            command.uid(other.uid).gid(other.gid);
        }
    }

    /// Names the first directory on the way to `path` that keeps the other user out.
    pub fn check_reach(&self, path: &Path) -> Result<(), Error> {
        let Some(other) = &self.other else {
            return Ok(());
        };
        let mut on_the_way: Vec<PathBuf> = path.ancestors().map(Path::to_path_buf).collect();
        on_the_way.reverse();
        for dir in on_the_way {
            let meta = fs::metadata(&dir).map_err(Error::io("look at", &dir))?;
            let needed = if meta.uid() == other.uid {
                0o100
            } else if meta.gid() == other.gid {
                0o010
            } else {
                0o001
            };
            if meta.mode() & needed == 0 {
                return Err(Error::NotTraversable { user: other.name.clone(), blocked: dir });
            }
        }
        Ok(())
    }
}

fn lookup(users: &str, name: &str) -> Option<Other> {
    users.lines().find_map(|line| {
        let mut fields = line.split(':');
        if fields.next() != Some(name) {
            return None;
        }
        let uid = fields.nth(1)?.parse().ok()?;
        let gid = fields.next()?.parse().ok()?;
        (uid != 0).then(|| Other { name: name.to_owned(), uid, gid })
    })
}

fn name_of(users: &str, uid: u32) -> Option<String> {
    users.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        (fields.nth(1)?.parse() == Ok(uid)).then(|| name.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    const USERS: &str = "root:x:0:0:root:/root:/bin/bash\nbad\nnobody:x:65534:65533:n:/:/usr/sbin/nologin\n\
                         postgres:x:101:104:P:/var/lib/postgresql:/bin/bash\n";

    #[test]
    fn users_are_found_by_name_and_by_id() {
        let found = lookup(USERS, "nobody").expect("listed");
        assert_eq!((found.uid, found.gid), (65534, 65533));
        assert!(lookup(USERS, "root").is_none(), "never root");
        assert!(lookup(USERS, "post").is_none());
        assert_eq!(name_of(USERS, 101).as_deref(), Some("postgres"));
        assert_eq!(name_of(USERS, 7), None);
    }

    #[test]
    fn the_closed_directory_is_named() {
        let dir = tempfile::tempdir().expect("temporary directory");
        let inside = dir.path().join("a");
        fs::create_dir(&inside).expect("create");
        fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o700)).expect("mode");
        let run_as = RunAs { other: Some(Other { name: "nobody".into(), uid: 65534, gid: 65534 }) };
        match run_as.check_reach(&inside) {
            Err(Error::NotTraversable { blocked, .. }) => assert_eq!(blocked, dir.path()),
            other => panic!("{other:?}"),
        }
    }
}
