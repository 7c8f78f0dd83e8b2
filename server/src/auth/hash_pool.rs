//! Where passwords are hashed: a few threads of their own, at low priority, behind a short queue.
//!
//! Hashing is the most expensive thing a stranger can make this server do. So: no request thread ever
//! hashes; who finds no place in the queue is refused at once, before any other work; a task whose client has
//! gone is skipped; each thread reuses one buffer and returns it to the system when sign-ins pause.

use std::{
    num::NonZeroUsize,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
        mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel},
    },
    thread,
    time::{Duration, Instant},
};

use argon2::Block;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

use super::password::{HashError, Hasher, Password, Verdict};

/// How much lower than everything else the hash threads run (`nice`).
const NICE: i32 = 10;
/// A thread without work for this long gives its buffer back.
const IDLE: Duration = Duration::from_secs(5);
/// Space for this many blocks is reserved, though only those that are used ever become resident: from
/// 32 MiB on, glibc always maps an allocation by itself and unmaps it when it is freed, while a smaller one
/// could stay in the thread's arena for good.
const RESERVED_BLOCKS: usize = 40 * 1024;

#[derive(Clone, Copy, Debug)]
pub struct PoolSize {
    pub threads: NonZeroUsize,
    /// Tasks that may wait; about a second's worth keeps the wait below what a person notices as broken.
    pub queue: usize,
}

impl PoolSize {
    pub fn of(threads: NonZeroUsize) -> Self {
        PoolSize { threads, queue: threads.get() * 24 }
    }
}

impl Default for PoolSize {
    fn default() -> Self {
        let cores = thread::available_parallelism().map_or(2, NonZeroUsize::get);
        Self::of(NonZeroUsize::new(cores.max(2)).expect("at least 2"))
    }
}

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum PoolError {
    /// The queue is full: nothing was hashed.
    #[error("too many sign-ins at the moment; retry in {retry_after_s} s")]
    Busy { retry_after_s: u32 },
    #[error(transparent)]
    Hash(#[from] HashError),
    #[error("the hash threads have stopped")]
    Stopped,
}

#[derive(Debug, thiserror::Error)]
#[error("can't start a hash thread: {0}")]
pub struct StartError(#[from] std::io::Error);

enum Task {
    Hash {
        /// Given back when the task leaves the pool, whatever became of who asked.
        place: OwnedSemaphorePermit,
        password: Password,
        reply: oneshot::Sender<Result<String, HashError>>,
    },
    Verify {
        place: OwnedSemaphorePermit,
        password: Password,
        stored: Option<String>,
        reply: oneshot::Sender<Result<Verdict, HashError>>,
    },
}

impl Task {
    fn is_abandoned(&self) -> bool {
        match self {
            Task::Hash { reply, .. } => reply.is_closed(),
            Task::Verify { reply, .. } => reply.is_closed(),
        }
    }

    /// `done` is called when the work is over and nobody has the answer yet. A receiver that is gone needs
    /// no answer, so a failed `send` is not an error.
    fn run(self, hasher: &Hasher, memory: &mut Vec<Block>, done: impl FnOnce()) {
        match self {
            Task::Hash { place, password, reply } => {
                let answer = hasher.hash(&password, memory);
                drop(place);
                done();
                let _ = reply.send(answer);
            }
            Task::Verify { place, password, stored, reply } => {
                let answer = hasher.verify(&password, stored.as_deref(), memory);
                drop(place);
                done();
                let _ = reply.send(answer);
            }
        }
    }
}

/// What the pool has done since it started.
#[derive(Default)]
struct Counters {
    done: AtomicU64,
    refused: AtomicU64,
    abandoned: AtomicU64,
    /// Moving average of one hash.
    mean_us: AtomicU64,
}

impl Counters {
    fn note_done(&self, took: Duration) {
        let took_us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        let mean_us = self.mean_us.load(Ordering::Relaxed);
        let next_us = if mean_us == 0 { took_us } else { (mean_us * 7 + took_us) / 8 };
        self.mean_us.store(next_us, Ordering::Relaxed);
        self.done.fetch_add(1, Ordering::Relaxed);
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PoolStats {
    /// Tasks queued or running.
    pub taken: usize,
    pub done: u64,
    pub refused: u64,
    pub abandoned: u64,
}

/// Dropping the pool lets its threads finish what is queued and end.
pub struct HashPool {
    tasks: SyncSender<Task>,
    /// One permit for each task that may be queued or running.
    places: Arc<Semaphore>,
    counters: Arc<Counters>,
    capacity: usize,
    threads: usize,
}

/// A place in the pool, taken before anything else is done for a sign-in: who gets none is refused before
/// any work. Dropped unused, it is free again.
pub struct Place<'a> {
    pool: &'a HashPool,
    permit: OwnedSemaphorePermit,
}

impl HashPool {
    pub fn start(hasher: Hasher, size: PoolSize) -> Result<Self, StartError> {
        let capacity = size.threads.get() + size.queue;
        let (tasks, queue) = sync_channel(capacity);
        let queue = Arc::new(Mutex::new(queue));
        let hasher = Arc::new(hasher);
        let counters = Arc::new(Counters::default());
        for number in 0..size.threads.get() {
            let worker = Worker { queue: Arc::clone(&queue), hasher: Arc::clone(&hasher), counters: Arc::clone(&counters) };
            thread::Builder::new().name(format!("pec-hash-{number}")).spawn(move || worker.run())?;
        }
        Ok(HashPool { tasks, places: Arc::new(Semaphore::new(capacity)), counters, capacity, threads: size.threads.get() })
    }

    /// A place for one task, or `Busy` at once.
    pub fn admit(&self) -> Result<Place<'_>, PoolError> {
        match Arc::clone(&self.places).try_acquire_owned() {
            Ok(permit) => Ok(Place { pool: self, permit }),
            Err(_) => {
                self.counters.refused.fetch_add(1, Ordering::Relaxed);
                metrics::counter!("pec_hash_refused_total").increment(1);
                Err(PoolError::Busy { retry_after_s: self.retry_after_s() })
            }
        }
    }

    pub fn stats(&self) -> PoolStats {
        let c = &self.counters;
        PoolStats {
            taken: self.capacity - self.places.available_permits(),
            done: c.done.load(Ordering::Relaxed),
            refused: c.refused.load(Ordering::Relaxed),
            abandoned: c.abandoned.load(Ordering::Relaxed),
        }
    }

    /// When a full pool will have been worked off.
    fn retry_after_s(&self) -> u32 {
        let queue_us = self.capacity as u64 * self.counters.mean_us.load(Ordering::Relaxed);
        let wait_s = (queue_us / self.threads as u64).div_ceil(1_000_000);
        u32::try_from(wait_s.clamp(1, 60)).expect("at most 60")
    }
}

impl Place<'_> {
    /// The PHC string of a new password.
    pub async fn hash(self, password: Password) -> Result<String, PoolError> {
        let (reply, answer) = oneshot::channel();
        self.pool.tasks.try_send(Task::Hash { place: self.permit, password, reply }).map_err(|_| PoolError::Stopped)?;
        Ok(answer.await.map_err(|_| PoolError::Stopped)??)
    }

    /// Whether the password is right. `None` (no such account, no password set) costs the same and is `Wrong`.
    pub async fn verify(self, password: Password, stored: Option<String>) -> Result<Verdict, PoolError> {
        let (reply, answer) = oneshot::channel();
        let task = Task::Verify { place: self.permit, password, stored, reply };
        self.pool.tasks.try_send(task).map_err(|_| PoolError::Stopped)?;
        Ok(answer.await.map_err(|_| PoolError::Stopped)??)
    }
}

struct Worker {
    queue: Arc<Mutex<Receiver<Task>>>,
    hasher: Arc<Hasher>,
    counters: Arc<Counters>,
}

impl Worker {
    fn run(self) {
        // On Linux this concerns the calling thread alone. Where it is not allowed, hashing runs at normal priority.
        #[cfg(target_os = "linux")]
        if let Err(error) = rustix::process::setpriority_process(None, NICE) {
            tracing::warn!(%error, "hash threads keep normal priority");
        }
        let mut memory: Vec<Block> = Vec::new();
        loop {
            let next = self.queue.lock().unwrap_or_else(PoisonError::into_inner).recv_timeout(IDLE);
            match next {
                Ok(task) => self.work(task, &mut memory),
                Err(RecvTimeoutError::Timeout) => memory = Vec::new(),
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    fn work(&self, task: Task, memory: &mut Vec<Block>) {
        if task.is_abandoned() {
            self.counters.abandoned.fetch_add(1, Ordering::Relaxed);
            return;
        }
        memory.reserve_exact(RESERVED_BLOCKS.saturating_sub(memory.len()));
        let started = Instant::now();
        let done = || self.counters.note_done(started.elapsed());
        // A panic must cost one answer, not one of the few threads.
        if catch_unwind(AssertUnwindSafe(|| task.run(&self.hasher, memory, done))).is_err() {
            tracing::error!("a hash task panicked");
        }
    }
}

#[cfg(test)]
#[path = "hash_pool_tests.rs"]
mod tests;
