//! `bare-argon2 THREADS SECONDS`: hashes a second with the parameters of the server's sign-in and nothing around them: the
//! limit that sign-in is measured against. Each thread reuses its memory, as the server's do.

use std::time::{Duration, Instant};

use argon2::{Algorithm, Argon2, Block, Params, Version};

/// OWASP's minimum for Argon2id: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;

fn main() {
    let args: Vec<u64> = std::env::args().skip(1).filter_map(|arg| arg.parse().ok()).collect();
    let [threads, seconds] = args[..] else {
        eprintln!("usage: bare-argon2 THREADS SECONDS");
        std::process::exit(2);
    };
    let period = Duration::from_secs(seconds.clamp(1, 600));
    let since = Instant::now();
    let workers: Vec<_> = (0..threads.clamp(1, 256)).map(|_| std::thread::spawn(move || hash_until(since + period))).collect();
    let hashes: u64 = workers.into_iter().map(|worker| worker.join().expect("hashing does not panic")).sum();
    println!("{:.2}", hashes as f64 / since.elapsed().as_secs_f64());
}

fn hash_until(end: Instant) -> u64 {
    let params = Params::new(MEMORY_KIB, PASSES, 1, Some(32)).expect("OWASP's parameters are valid");
    let mut memory = vec![Block::new(); params.block_count()];
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let mut hashes = 0;
    while Instant::now() < end {
        let mut output = [0; 32];
        argon2
            .hash_password_into_with_memory(b"correct horse battery", &[7; 16], &mut output, memory.as_mut_slice())
            .expect("the memory has the size that the parameters ask for");
        std::hint::black_box(output);
        hashes += 1;
    }
    hashes
}
