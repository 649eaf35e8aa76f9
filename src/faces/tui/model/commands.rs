//! What is typed into a composer and meant for us, not for a model.

/// A command: its word, what follows it, what it does.
pub struct Command {
    pub word: &'static str,
    pub takes: &'static str,
    pub does: &'static str,
}

/// All of them.
pub const COMMANDS: [Command; 2] = [
    Command {
        word: "/feedback",
        takes: "good|bad|1..5 [TURN]",
        does: "rates the newest answer, or that turn; no model sees it",
    },
    Command {
        word: "/attach",
        takes: "PATH",
        does: "sends an image along with the prompt",
    },
];

/// From so many letters on, the beginning of a command is taken for one that was not finished.
const MEANT: usize = "/feed".len();

/// The commands that a draft may become: one that is whole, or those that begin so. None where it is a prompt.
pub fn begun(draft: &str) -> Vec<&'static Command> {
    let draft = draft.trim_start();
    let (word, whole) = match draft.split_once(char::is_whitespace) {
        Some((word, _)) => (word, true),
        None => (draft, false),
    };
    let fits = |command: &&Command| match whole {
        true => command.word == word,
        false => !word.is_empty() && command.word.starts_with(word),
    };
    COMMANDS.iter().filter(fits).collect()
}

/// The command whose beginning a draft begins with, though it is not that command: it was most likely meant.
pub fn misspelt(draft: &str) -> Option<&'static Command> {
    let word = draft.split_whitespace().next()?;
    let begins = |command: &&Command| {
        word.len() >= MEANT && command.word != word && command.word.starts_with(word)
    };
    COMMANDS.iter().find(begins)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draft_is_a_command_a_beginning_of_one_or_a_prompt() {
        for (draft, words) in [
            ("/", &["/feedback", "/attach"][..]),
            ("/f", &["/feedback"]),
            ("  /feedback", &["/feedback"]),
            ("/feedback 4 t3", &["/feedback"]),
            ("/att", &["/attach"]),
            ("/feed good", &[]),
            ("/etc/passwd is readable", &[]),
            ("/feedbacks", &[]),
            ("what is /feedback", &[]),
            ("", &[]),
        ] {
            let found: Vec<&str> = begun(draft).iter().map(|c| c.word).collect();
            assert_eq!(found, words, "{draft}");
        }
    }

    #[test]
    fn the_beginning_of_a_command_was_meant_to_be_one() {
        for (draft, word) in [
            ("/feedbac good", Some("/feedback")),
            ("/feed", Some("/feedback")),
            ("/attac x.png", Some("/attach")),
            ("/feedback good", None),
            ("/fee good", None),
            ("/feedbacks are what?", None),
            ("/model opus", None),
            ("", None),
        ] {
            assert_eq!(misspelt(draft).map(|c| c.word), word, "{draft}");
        }
    }
}
