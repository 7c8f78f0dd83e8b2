//! Which stored meeting a meeting of the file is: what refers to a class should survive its being moved.

use uuid::Uuid;

use super::model::Meeting;
use super::state::StoredMeeting;

/// A section's meetings after the import, by position, and the ids of those that end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MeetingPlan {
    pub keep: Vec<Placed>,
    pub remove: Vec<Uuid>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    pub id: Uuid,
    pub is_new: bool,
    pub meeting: Meeting,
}

/// Equal meetings first, then those of the same kind in week order, then whatever is left in week order.
pub fn plan(stored: &[StoredMeeting], wanted: &[Meeting], new_id: &mut dyn FnMut() -> Uuid) -> MeetingPlan {
    let mut free: Vec<&StoredMeeting> = stored.iter().collect();
    free.sort_by(|a, b| a.meeting.order(&b.meeting).then(a.id.cmp(&b.id)));
    let mut ids: Vec<Option<Uuid>> = vec![None; wanted.len()];
    let fits: [fn(&Meeting, &Meeting) -> bool; 3] = [|a, b| a == b, |a, b| a.kind == b.kind, |_, _| true];
    for fit in fits {
        for (slot, meeting) in ids.iter_mut().zip(wanted).filter(|(slot, _)| slot.is_none()) {
            if let Some(index) = free.iter().position(|stored| fit(&stored.meeting, meeting)) {
                *slot = Some(free.remove(index).id);
            }
        }
    }
    let keep = ids.into_iter().zip(wanted).map(|(id, meeting)| Placed {
        is_new: id.is_none(),
        id: id.unwrap_or_else(&mut *new_id),
        meeting: meeting.clone(),
    });
    MeetingPlan { keep: keep.collect(), remove: free.iter().map(|stored| stored.id).collect() }
}

/// Whether a section meets as the file says, whatever the positions.
pub fn same(stored: &[StoredMeeting], wanted: &[Meeting]) -> bool {
    let mut known: Vec<&Meeting> = stored.iter().map(|stored| &stored.meeting).collect();
    known.sort_by(|a, b| a.order(b));
    known.iter().copied().eq(wanted)
}
