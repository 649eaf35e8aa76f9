//! The ways in which a program in a terminal can be started: back on its conversation, on a copy of another's, anew.

use crate::config::agents::{Agent, Conversation};

/// A way to start a program: on a conversation, or anew.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Way {
    /// Put behind the command.
    pub args: Vec<String>,
    /// The conversation it is then in; `None`: one that it names itself.
    pub conversation: Option<String>,
    /// One of these files must be there; empty: nothing must.
    pub kept: Vec<String>,
    /// And must hold this text.
    pub holds: String,
}

/// How its conversations are named, unless the user's words choose one themselves.
pub fn own_conversation<'a>(agent: &'a Agent, command: &[String]) -> Option<&'a Conversation> {
    let conversation = agent.conversation.as_ref()?;
    let chooses = |word: &String| {
        let name = word.split_once('=').map_or(word.as_str(), |(name, _)| name);
        conversation.unless.iter().any(|known| known == name)
    };
    let chosen = command.iter().skip(1).any(chooses);
    (!chosen).then_some(conversation)
}

/// A command's program and options, and the prompts among its words. `valued`: the options that take a value, with
/// `...` behind those that take several.
pub fn split(command: &[String], valued: &[String]) -> (Vec<String>, Vec<String>) {
    let mut words = command.iter().peekable();
    let mut options: Vec<String> = words.next().into_iter().cloned().collect();
    let mut prompts = Vec::new();
    while let Some(word) = words.next() {
        if word == "--" {
            prompts.extend(words.by_ref().cloned());
        } else if word.starts_with('-') {
            options.push(word.clone());
            if valued.contains(word) {
                options.extend(words.next().cloned());
            } else if valued
                .iter()
                .any(|known| known.strip_suffix("...") == Some(word))
            {
                while let Some(value) = words.next_if(|next| !next.starts_with('-')) {
                    options.push(value.clone());
                }
            }
        } else {
            prompts.push(word.clone());
        }
    }
    (options, prompts)
}

/// Back into its own conversation, else into a copy of its parent's, else into a new one.
pub fn ways(
    conversation: &Conversation,
    own: Option<&str>,
    parent: Option<&str>,
    prompts: Vec<String>,
) -> Vec<Way> {
    let new = uuid::Uuid::new_v4().to_string();
    let named = !conversation.new.is_empty();
    let fill = |args: &[String], id: &str| -> Vec<String> {
        let filled = args.iter().map(|arg| {
            arg.replace("{id8}", id.get(..8).unwrap_or(id))
                .replace("{id}", id)
                .replace("{new}", &new)
        });
        filled.collect()
    };
    let on = |args: &[String], id: &str, becomes: Option<String>| Way {
        args: fill(args, id),
        conversation: becomes,
        kept: fill(&conversation.kept, id),
        holds: conversation.holds.clone(),
    };
    let names_copy = conversation.fork.iter().any(|arg| arg.contains("{new}"));
    let resume = own.map(|id| on(&conversation.resume, id, Some(id.to_owned())));
    let fork = parent
        .filter(|_| !conversation.fork.is_empty())
        .map(|id| on(&conversation.fork, id, names_copy.then(|| new.clone())));
    let mut args = fill(&conversation.new, &new);
    args.extend(prompts);
    let begin = Way {
        args,
        conversation: named.then(|| new.clone()),
        ..Way::default()
    };
    resume.into_iter().chain(fork).chain([begin]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::agents::shipped;

    fn words(text: &str) -> Vec<String> {
        text.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn a_prompt_is_said_once_and_options_each_time() {
        let agents = shipped();
        let claude = agents["claude"].conversation.clone().unwrap();
        let (options, prompts) = split(
            &words("claude --model opus fix --add-dir a b --verbose -- -x"),
            &claude.valued,
        );
        assert_eq!(
            options.join(" "),
            "claude --model opus --add-dir a b --verbose"
        );
        assert_eq!(prompts, ["fix", "-x"]);
        let ways = ways(&claude, Some("own"), Some("parent"), prompts);
        let args: Vec<String> = ways.iter().map(|way| way.args.join(" ")).collect();
        let new = ways[2].conversation.clone().unwrap();
        assert_eq!(args[0], "--resume own");
        assert_eq!(ways[0].conversation.as_deref(), Some("own"));
        assert_eq!(
            args[1],
            format!("--resume parent --fork-session --session-id {new}")
        );
        assert_eq!(args[2], format!("--session-id {new} fix -x"));
        assert!(ways[0].kept[1].ends_with("/own.jsonl") && ways[2].kept.is_empty());
    }

    #[test]
    fn a_name_that_the_agent_chooses_itself_is_waited_for() {
        let agents = shipped();
        let codex = agents["codex"].conversation.clone().unwrap();
        let ways = ways(&codex, None, Some("parent"), vec!["hi".into()]);
        assert_eq!(ways[0].args, ["fork", "parent"]);
        assert_eq!(ways[0].conversation, None, "told by its transcript");
        assert_eq!(
            (ways[1].args.as_slice(), &ways[1].conversation),
            (&["hi".to_owned()][..], &None)
        );
    }

    #[test]
    fn words_that_choose_a_conversation_are_left_as_they_are() {
        let agents = shipped();
        for (agent, command, ours) in [
            ("claude", "claude --model x", true),
            ("claude", "claude -c", false),
            ("claude", "claude --session-id=5", false),
            ("claude", "claude mcp list", false),
            ("codex", "codex resume --last", false),
            ("gemini-cli", "gemini", true),
            ("opencode", "opencode", false),
        ] {
            let known = own_conversation(&agents[agent], &words(command));
            assert_eq!(known.is_some(), ours, "{command}");
        }
    }
}
