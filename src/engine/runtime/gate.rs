//! Holds messages back until what they promise is on disk, and keeps their order.

use super::super::effect::{FaceId, To};
use super::super::lessons::{Asked, Sought};
use super::super::ratings::Said;
use crate::protocol::{Answer, Event, Refusal, ServerFrame, TurnId};
use std::collections::VecDeque;

/// A message on its way to faces.
#[derive(Debug)]
pub enum Outgoing {
    Reply {
        face: FaceId,
        id: u64,
        result: Result<Answer, Refusal>,
    },
    Tell {
        to: To,
        event: Event,
    },
}

/// One message for one face, as it goes over the wire.
pub fn frame(message: &Outgoing) -> ServerFrame {
    match message {
        Outgoing::Reply { id, result, .. } => ServerFrame::Reply {
            id: *id,
            result: result.clone(),
        },
        Outgoing::Tell { event, .. } => ServerFrame::Event(event.clone()),
    }
}

/// What is done once something is on disk.
#[derive(Debug)]
pub enum Due {
    Message(Outgoing),
    /// Look into the store.
    Seek {
        asked: Asked,
        sought: Sought,
    },
    /// Look there for a turn of which something was said.
    FindTurn {
        face: FaceId,
        id: u64,
        turn: TurnId,
        said: Said,
    },
}

#[derive(Default)]
pub struct Gate {
    next: u64,
    /// In order: the batch that must be on disk first, if any is still missing, and the messages.
    held: VecDeque<(Option<u64>, Vec<Due>)>,
}

impl Gate {
    /// Holds `messages` until the batch, whose number is returned, is on disk.
    pub fn close(&mut self, messages: Vec<Due>) -> u64 {
        self.next += 1;
        self.held.push_back((Some(self.next), messages));
        self.next
    }

    /// Lets `messages` through at once, or behind those that are held.
    pub fn pass(&mut self, messages: Vec<Due>) -> Vec<Due> {
        if self.held.is_empty() {
            return messages;
        }
        self.held.push_back((None, messages));
        Vec::new()
    }

    /// Whether nothing is held back.
    pub fn is_empty(&self) -> bool {
        self.held.is_empty()
    }

    /// A batch is on disk, or could not be written: then nothing of it is acknowledged.
    pub fn opened(&mut self, batch: u64, result: Result<(), String>) -> Vec<Due> {
        for (waiting, messages) in &mut self.held {
            if *waiting != Some(batch) {
                continue;
            }
            *waiting = None;
            if let Err(why) = &result {
                for message in messages {
                    if let Due::Message(Outgoing::Reply { result, .. }) = message {
                        *result = Err(Refusal::new(
                            format!("could not be stored: {why}"),
                            "free some space on the disk that holds the store, then try again",
                        ));
                    }
                }
            }
        }
        let mut free = Vec::new();
        while let Some((None, _)) = self.held.front() {
            if let Some((_, messages)) = self.held.pop_front() {
                free.extend(messages);
            }
        }
        free
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reply(id: u64) -> Due {
        Due::Message(Outgoing::Reply {
            face: FaceId(1),
            id,
            result: Ok(Answer::Done),
        })
    }

    fn ids(messages: &[Due]) -> Vec<(u64, bool)> {
        messages
            .iter()
            .filter_map(|message| match message {
                Due::Message(Outgoing::Reply { id, result, .. }) => Some((*id, result.is_ok())),
                _ => None,
            })
            .collect()
    }

    #[test]
    fn nothing_overtakes_what_is_not_yet_stored() {
        let mut gate = Gate::default();
        assert_eq!(ids(&gate.pass(vec![reply(1)])), [(1, true)]);
        let first = gate.close(vec![reply(2)]);
        let second = gate.close(vec![reply(3)]);
        assert!(gate.pass(vec![reply(4)]).is_empty());
        assert!(gate.opened(second, Ok(())).is_empty());
        let freed = gate.opened(first, Ok(()));
        assert_eq!(ids(&freed), [(2, true), (3, true), (4, true)]);
    }

    #[test]
    fn what_could_not_be_stored_is_not_acknowledged() {
        let mut gate = Gate::default();
        let batch = gate.close(vec![reply(1)]);
        let freed = gate.opened(batch, Err("disk full".into()));
        assert_eq!(ids(&freed), [(1, false)]);
    }
}
