//! Who writes files on this node right now. Each file being written keeps a thread and a few pages of rows, so there are few places,
//! no institution has them all, and nobody two.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex},
};

use crate::{
    api::{Problem, ProblemKind},
    db::ids::{TenantId, UserId},
};

/// Files a node writes at once, and how many of them for one institution.
pub(super) const AT_ONCE: usize = 8;
pub(super) const OF_ONE_INSTITUTION: usize = 4;
/// When a place may have become free: most files take less.
const RETRY_AFTER_S: u32 = 5;
const HELD: &str = "no code panics while it holds the places";

/// One node's places. Clones share them.
#[derive(Clone, Default)]
pub struct Places(Arc<Mutex<HashMap<TenantId, HashSet<UserId>>>>);

impl Places {
    /// Before anything is read or written down.
    pub fn take(&self, institution: TenantId, person: UserId) -> Result<Place, Problem> {
        let mut taken = self.0.lock().expect(HELD);
        let all: usize = taken.values().map(HashSet::len).sum();
        let of_this = taken.get(&institution);
        if of_this.is_some_and(|people| people.contains(&person)) {
            let detail = "A file is already being written for you. Ask again when you have it.";
            return Err(Problem::new(ProblemKind::TooManyRequests).detail(detail).retry_after(RETRY_AFTER_S));
        }
        if all >= AT_ONCE || of_this.map_or(0, HashSet::len) >= OF_ONE_INSTITUTION {
            return Err(Problem::new(ProblemKind::Busy).retry_after(RETRY_AFTER_S));
        }
        taken.entry(institution).or_default().insert(person);
        Ok(Place { places: self.clone(), institution, person })
    }
}

/// Held until the file is written, or given up.
pub struct Place {
    places: Places,
    institution: TenantId,
    person: UserId,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.places.0.lock().expect(HELD);
        if let Some(people) = taken.get_mut(&self.institution) {
            people.remove(&self.person);
            if people.is_empty() {
                taken.remove(&self.institution);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_has_two_places_and_no_institution_has_all() {
        let places = Places::default();
        let [ours, theirs, third] = [TenantId::new(), TenantId::new(), TenantId::new()];
        let refused = |institution, person| places.take(institution, person).map(drop).unwrap_err().kind();
        let me = UserId::new();
        let mine = places.take(ours, me).unwrap();
        assert_eq!(refused(ours, me), ProblemKind::TooManyRequests);
        // The same id elsewhere is somebody else.
        let twin = places.take(theirs, me).unwrap();
        let others: Vec<Place> = (1..OF_ONE_INSTITUTION).map(|_| places.take(ours, UserId::new()).unwrap()).collect();
        assert_eq!(refused(ours, UserId::new()), ProblemKind::Busy, "the institution's share");
        let further: Vec<Place> = (1..OF_ONE_INSTITUTION).map(|_| places.take(theirs, UserId::new()).unwrap()).collect();
        assert_eq!(refused(third, UserId::new()), ProblemKind::Busy, "the node's");
        drop(twin);
        drop(places.take(third, UserId::new()).unwrap());
        drop(mine);
        drop(places.take(ours, me).unwrap());
        drop((others, further));
        assert!(places.0.lock().unwrap().is_empty());
    }
}
