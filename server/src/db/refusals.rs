//! Refused attempts: counted in memory, and written to the audit trail once a minute as one row an actor and action. A script that
//! tries ten thousand times leaves one line that says so.

use std::{collections::HashMap, sync::Mutex};

use sqlx::PgConnection;
use uuid::Uuid;

use super::{Action, Actor, AuditClass, DbError, Module, TenantDb, Verdict};
use crate::audit::Change;

/// Who was refused what: the nil id stands for the system, and for everybody past [`PAIRS_MAX`].
type Pair = (Uuid, &'static str);

#[derive(Default)]
pub(super) struct Refusals(Mutex<HashMap<Pair, u32>>);

/// Past this many distinct pairs in a minute further ones are counted under the nil actor.
const PAIRS_MAX: usize = 4_096;
const HELD: &str = "no code panics while it holds the refusal counts";

impl Refusals {
    fn note(&self, actor: &Actor, action: &'static str) {
        metrics::counter!("pec_refusals_total", "action" => action).increment(1);
        self.add((actor.user_id().map_or(Uuid::nil(), Uuid::from), action), 1);
    }

    fn add(&self, (id, action): Pair, times: u32) {
        let mut pairs = self.0.lock().expect(HELD);
        let known = pairs.len() < PAIRS_MAX || pairs.contains_key(&(id, action));
        let count = pairs.entry((if known { id } else { Uuid::nil() }, action)).or_default();
        *count = count.saturating_add(times);
    }

    fn take(&self) -> Taken<'_> {
        let left = std::mem::take(&mut *self.0.lock().expect(HELD)).into_iter().collect();
        Taken { refusals: self, left }
    }
}

/// What is being written. Whatever is left when this is dropped (a write failed, or the task was ended) counts on: a refusal may be
/// written twice if its commit was cut off, and none is lost.
struct Taken<'a> {
    refusals: &'a Refusals,
    left: Vec<(Pair, u32)>,
}

impl Drop for Taken<'_> {
    fn drop(&mut self) {
        for (pair, count) in self.left.drain(..) {
            self.refusals.add(pair, count);
        }
    }
}

/// Writes down the refusals of the last minute.
struct NoteRefusals;

impl Action for NoteRefusals {
    const NAME: &'static str = "access.refused";
    const MODULE: Module = Module::Auth;
    const CLASS: AuditClass = AuditClass::Security;
    const TARGET: &'static str = "user";
    type Key = ();
    type Target = ();

    async fn load(_: &mut PgConnection, (): &()) -> Result<Option<()>, sqlx::Error> {
        Ok(Some(()))
    }

    fn allows(actor: &Actor, (): &()) -> Verdict {
        if actor.is_system() { Verdict::Allow } else { Verdict::Invisible }
    }
}

impl TenantDb {
    /// What a verdict answers. A refusal is counted, at whichever door it was met; `action` is the action's name, or for what is only
    /// read the name of the view or the operation.
    pub fn allow(&self, verdict: Verdict, actor: &Actor, action: &'static str) -> Result<(), DbError> {
        let error = match verdict {
            Verdict::Allow => return Ok(()),
            Verdict::Forbid(reason) => DbError::Forbidden(reason),
            Verdict::Invisible => DbError::NotFound,
        };
        self.note_refusal(actor, action);
        Err(error)
    }

    /// For a refusal that needs no verdict: a role that an operation does not admit. Memory only.
    pub fn note_refusal(&self, actor: &Actor, action: &'static str) {
        self.refusals().note(actor, action);
    }

    /// Called once a minute and at shutdown. Stops at the first failure and keeps what is not written for the next time.
    pub async fn flush_refusals(&self) -> Result<(), DbError> {
        let mut taken = self.refusals().take();
        while let Some(&((actor, action), count)) = taken.left.last() {
            let tx = self.write::<NoteRefusals>(&Actor::system("refusals"), &()).await?;
            let change = Change::of(actor).field("action", None::<&str>, action).field("count", None::<i64>, i64::from(count));
            tx.commit(change).await?;
            taken.left.pop();
        }
        Ok(())
    }
}
