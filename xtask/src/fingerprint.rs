//! "Did anything change since?": a hash of files, kept in a stamp.
//!
//! Contents are hashed, not times: a checkout or a copy changes times and nothing else.

use std::collections::BTreeMap;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// Every file below `paths` (files or folders, those that exist), with what is in it.
pub fn contents(root: &Path, paths: &[&str]) -> Result<BTreeMap<PathBuf, Vec<u8>>> {
    let mut found = BTreeMap::new();
    let mut waiting: Vec<PathBuf> = paths.iter().map(|path| root.join(path)).collect();
    while let Some(path) = waiting.pop() {
        if path.is_dir() {
            for entry in fs::read_dir(&path).with_context(|| format!("list {}", path.display()))? {
                waiting.push(entry?.path());
            }
        } else if path.is_file() {
            let bytes = fs::read(&path).with_context(|| format!("read {}", path.display()))?;
            let name = path.strip_prefix(root).unwrap_or(&path).to_path_buf();
            found.insert(name, bytes);
        }
    }
    Ok(found)
}

pub struct Stamp {
    file: PathBuf,
    wanted: String,
}

impl Stamp {
    /// `extra` is whatever else the result depends on, such as a tool's version.
    pub fn of(root: &Path, file: PathBuf, paths: &[&str], extra: &str) -> Result<Self> {
        let mut hasher = DefaultHasher::new();
        contents(root, paths)?.hash(&mut hasher);
        extra.hash(&mut hasher);
        Ok(Self { file, wanted: format!("{:016x}\n", hasher.finish()) })
    }

    pub fn is_current(&self) -> bool {
        fs::read_to_string(&self.file).is_ok_and(|found| found == self.wanted)
    }

    /// To be called before the work starts, so that an interrupted build is not taken for a finished one.
    pub fn clear(&self) -> Result<()> {
        match fs::remove_file(&self.file) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(error).with_context(|| format!("remove {}", self.file.display()))
            }
            _ => Ok(()),
        }
    }

    pub fn set(&self) -> Result<()> {
        fs::write(&self.file, &self.wanted).with_context(|| format!("write {}", self.file.display()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_follows_contents_and_names() {
        let dir = tempfile::tempdir().expect("temporary directory");
        fs::create_dir_all(dir.path().join("app/x")).expect("create");
        fs::write(dir.path().join("app/x/page.tsx"), "one").expect("write");
        let stamp = || Stamp::of(dir.path(), dir.path().join("stamp"), &["app", "missing"], "").expect("hashed");
        assert!(!stamp().is_current());
        stamp().set().expect("set");
        assert!(stamp().is_current());
        fs::write(dir.path().join("app/x/page.tsx"), "two").expect("write");
        assert!(!stamp().is_current(), "other contents");
        fs::write(dir.path().join("app/x/page.tsx"), "one").expect("write");
        assert!(stamp().is_current());
        fs::rename(dir.path().join("app/x/page.tsx"), dir.path().join("app/x/route.tsx")).expect("rename");
        assert!(!stamp().is_current(), "another name");
    }
}
