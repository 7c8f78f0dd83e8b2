//! Compresses static files once per content, in a thread of its own, and keeps the results on disk.
//!
//! The cache is only a cache: a file is named by the digest of what it was made from, a damaged or missing one
//! is made again, and failing to write one costs nothing but the time to make it again.

use std::collections::HashSet;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;

use super::Asset;
use crate::edge::pages::gzip_whole;

/// The best quality takes a second per megabyte, and minutes in a build without optimization.
const BROTLI_QUALITY: u32 = if cfg!(debug_assertions) { 3 } else { 11 };
const BROTLI_WINDOW: u32 = 22;
/// Below this, headers weigh more than what compression saves.
const WORTH_BYTES: usize = 512;

/// Starts compressing; each file gets its codings as soon as they exist.
pub(super) fn in_background(assets: Vec<Arc<Asset>>, cache: PathBuf) {
    let work = move || {
        if let Err(error) = fs::create_dir_all(&cache) {
            tracing::warn!(%error, "compressed assets are not kept on disk");
        }
        let mut used = HashSet::new();
        for asset in assets.iter().filter(|asset| asset.kind.compresses && asset.identity.len() >= WORTH_BYTES) {
            // Gzip is ready early; brotli takes its time.
            for (suffix, make, slot) in [
                ("gz".to_owned(), gzip as fn(&[u8]) -> Option<Bytes>, &asset.gzip),
                (format!("br{BROTLI_QUALITY}"), brotli, &asset.brotli),
            ] {
                let name = format!("{}.{suffix}", asset.digest);
                if let Some(coded) = cached(&cache, &name, &asset.identity, make)
                    && coded.len() < asset.identity.len()
                {
                    slot.get_or_init(|| coded);
                }
                used.insert(name);
            }
        }
        forget_others(&cache, &used);
    };
    if let Err(error) = std::thread::Builder::new().name("compress-assets".to_owned()).spawn(work) {
        tracing::warn!(%error, "static files are served uncompressed");
    }
}

fn cached(cache: &Path, name: &str, text: &[u8], make: fn(&[u8]) -> Option<Bytes>) -> Option<Bytes> {
    let file = cache.join(name);
    if let Ok(bytes) = fs::read(&file)
        && let Some((coded, sum)) = bytes.split_last_chunk::<4>()
        && u32::from_le_bytes(*sum) == crc32fast::hash(coded)
    {
        return Some(Bytes::copy_from_slice(coded));
    }
    let coded = make(text)?;
    let partial = cache.join(format!("{name}.{}", std::process::id()));
    let sum = crc32fast::hash(&coded).to_le_bytes();
    let written = fs::write(&partial, [&coded[..], &sum].concat()).and_then(|()| fs::rename(&partial, &file));
    if let Err(error) = written {
        tracing::debug!(%error, name, "not kept");
    }
    Some(coded)
}

fn gzip(text: &[u8]) -> Option<Bytes> {
    Some(gzip_whole(text))
}

fn brotli(text: &[u8]) -> Option<Bytes> {
    let mut out = brotli::CompressorWriter::new(Vec::new(), 64 * 1024, BROTLI_QUALITY, BROTLI_WINDOW);
    out.write_all(text).and_then(|()| out.flush()).ok()?;
    Some(out.into_inner().into())
}

/// Removes what no file of the kept builds was made of.
fn forget_others(cache: &Path, used: &HashSet<String>) {
    for entry in fs::read_dir(cache).into_iter().flatten().flatten() {
        if entry.file_name().to_str().is_some_and(|name| !used.contains(name)) {
            let _ = fs::remove_file(entry.path());
        }
    }
}
