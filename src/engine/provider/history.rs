//! From the turn tree to the messages a chat API wants.

use super::{Message, Role};
use crate::protocol::{Turn, TurnState, response_text};

/// The conversation along `turns` (one path of the tree, oldest first), then `prompt`.
///
/// A turn counts when it is done or was interrupted, and when both its prompt and its answer (text only: thinking,
/// tool calls and notices are left out) say something. All others are left out with prompt and answer, so that user
/// and assistant always alternate and no message is empty, which APIs refuse. What is kept is kept byte for byte:
/// forks share their beginning, and a provider's cache finds it only if it never changes.
pub fn messages(turns: &[&Turn], prompt: &str) -> Vec<Message> {
    let mut all = Vec::with_capacity(turns.len() * 2 + 1);
    for turn in turns {
        let over = matches!(turn.state, TurnState::Done | TurnState::Interrupted);
        let answer = response_text(&turn.blocks);
        if !over || answer.trim().is_empty() || turn.prompt.trim().is_empty() {
            continue;
        }
        all.push(Message {
            attached: turn.attached.clone(),
            ..Message::new(Role::User, turn.prompt.clone())
        });
        all.push(Message::new(Role::Assistant, answer));
    }
    all.push(Message::new(Role::User, prompt));
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{Category, Failure, testing::turn};

    #[test]
    fn turns_become_alternating_messages_that_say_something() {
        let with = |state: TurnState, prompt: &str, answer: &str| {
            let mut turn = turn(1, None, prompt, answer);
            turn.state = state;
            turn
        };
        let failed = TurnState::Failed(Failure::new(Category::CutOff, "cut", ""));
        let turns = [
            with(TurnState::Done, "one ", "1\n"),
            with(TurnState::Done, "silent", " \n"),
            with(failed, "failed", "half"),
            with(TurnState::Interrupted, "two", "2, and"),
            with(TurnState::Waiting, "later", ""),
            with(TurnState::Streaming, "now", "abc"),
            with(TurnState::Done, "", "of nothing"),
        ];
        let seen: Vec<_> = messages(&turns.each_ref(), "three")
            .into_iter()
            .map(|m| (m.role, m.text))
            .collect();
        let expected = [
            (Role::User, "one "),
            (Role::Assistant, "1\n"),
            (Role::User, "two"),
            (Role::Assistant, "2, and"),
            (Role::User, "three"),
        ];
        assert_eq!(seen, expected.map(|(r, t)| (r, t.to_string())));
        assert_eq!(messages(&[], "hi").len(), 1);
    }
}
