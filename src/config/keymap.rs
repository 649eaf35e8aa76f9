//! Which chord does what: the embedded keymap, overlaid by the user's.

use crate::config::actions::{ACTIONS, Action, Context};
use crate::config::chords::{Chord, Key};
use crate::config::problem::{SourceFile, did_you_mean, nearest};
use crate::protocol::Problem;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The embedded keymap, in the same form as a user's.
pub const DEFAULT_KEYMAP: &str = include_str!("../../keymaps/default.toml");

/// Chords of every action. An action may have several or none; a chord means one thing in a context.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keymap {
    /// By `Action as usize`.
    chords: Vec<Vec<Chord>>,
}

impl Default for Keymap {
    /// The embedded keymap; a test proves that it has no problems.
    fn default() -> Keymap {
        let mut keymap = Keymap {
            chords: vec![Vec::new(); ACTIONS.len()],
        };
        keymap.overlay_file(
            &SourceFile::new("keymaps/default.toml", DEFAULT_KEYMAP),
            None,
        );
        keymap
    }
}

impl Keymap {
    /// What `chord` does in `context`, if anything.
    pub fn action(&self, context: Context, chord: Chord) -> Option<Action> {
        let row = ACTIONS
            .iter()
            .find(|row| row.context == context && self.chords(row.action).contains(&chord))?;
        Some(row.action)
    }

    /// The chords of `action`, the one to be shown first.
    pub fn chords(&self, action: Action) -> &[Chord] {
        &self.chords[action as usize]
    }

    /// The first chord of `action` as text, for hints; `None`: only the palette has it.
    pub fn hint(&self, action: Action) -> Option<String> {
        self.chords(action).first().map(Chord::to_string)
    }

    /// Puts a keymap file over this map. An action whose line has a problem keeps the chords of `last`, or else
    /// those that it has here.
    pub fn overlay_file(&mut self, file: &SourceFile, last: Option<&Keymap>) -> Vec<Problem> {
        match DeTable::parse(&file.text) {
            Ok(table) => self.overlay(file, table.get_ref(), last),
            Err(error) => vec![file.syntax(&error)],
        }
    }

    /// Puts lines `action = chord or chords` over this map. They take their chords from the actions that had
    /// them below; two lines of one file that claim the same chord are a problem, and the first one has it.
    pub fn overlay(
        &mut self,
        file: &SourceFile,
        table: &DeTable,
        last: Option<&Keymap>,
    ) -> Vec<Problem> {
        let mut problems = Vec::new();
        let mut claimed: Vec<(Context, Chord, Action)> = Vec::new();
        let mut lines: Vec<_> = table.iter().collect();
        lines.sort_by_key(|(name, _)| name.span().start);
        for (name, value) in lines {
            let Some(action) = Action::from_name(name.get_ref()) else {
                problems.push(unknown_action(
                    file,
                    name.span(),
                    name.get_ref(),
                    value.get_ref(),
                ));
                continue;
            };
            let chords = match read_chords(file, value, action) {
                Ok(chords) => chords,
                Err(problem) => {
                    problems.push(problem);
                    let Some(last) = last else { continue };
                    let before = last.chords(action).iter();
                    before.map(|chord| (*chord, value.span())).collect()
                }
            };
            let context = action.row().context;
            let mut kept = Vec::new();
            for (chord, span) in chords {
                let owner = claimed
                    .iter()
                    .find(|(there, taken, _)| *there == context && *taken == chord);
                match owner {
                    Some((_, _, owner)) if *owner == action => {}
                    Some((_, _, owner)) => problems.push(file.problem(
                        span,
                        format!("`{chord}` is bound to `{}` already", owner.name()),
                        "give one of the two another key",
                    )),
                    None => {
                        claimed.push((context, chord, action));
                        kept.push(chord);
                    }
                }
            }
            for row in ACTIONS.iter().filter(|row| row.context == context) {
                self.chords[row.action as usize].retain(|chord| !kept.contains(chord));
            }
            self.chords[action as usize] = kept;
        }
        problems
    }
}

/// All actions with their default keys, as the table that stands in the README.
pub fn actions_table_markdown() -> String {
    let keymap = Keymap::default();
    let rows = ACTIONS.iter().map(|row| {
        let keys: Vec<String> = keymap
            .chords(row.action)
            .iter()
            .map(|chord| format!("`{chord}`"))
            .collect();
        format!(
            "| {} | `{}` | {} |\n",
            keys.join(" "),
            row.name,
            row.sentence
        )
    });
    let head = "| key | action | |\n|---|---|---|\n".to_owned();
    std::iter::once(head).chain(rows).collect()
}

fn unknown_action(file: &SourceFile, span: Range<usize>, name: &str, value: &DeValue) -> Problem {
    let names = || ACTIONS.iter().map(|row| row.name);
    let list = || "`antiphon config actions` lists them all".to_owned();
    // No action is called like a key: what stands on the left here belongs on the right.
    if Chord::parse(name).is_ok() {
        let word = value.as_str().unwrap_or_default();
        let meant = Action::from_name(word).map(Action::name);
        let next = match meant.or_else(|| nearest(word, names())) {
            Some(action) => format!("write {action} = \"{name}\""),
            None => format!(
                "write an action and its key, such as fork = \"{name}\"; {}",
                list()
            ),
        };
        let what = format!("`{name}` is a key: action = key is the order");
        return file.problem(span, what, next);
    }
    let next = did_you_mean(name, names(), list);
    file.problem(span, format!("unknown action `{name}`"), next)
}

/// The chords of one line, each with its place.
fn read_chords(
    file: &SourceFile,
    value: &Spanned<DeValue>,
    action: Action,
) -> Result<Vec<(Chord, Range<usize>)>, Problem> {
    let wrong_type = |value: &Spanned<DeValue>| {
        let what = format!("expected a key, found {}", value.get_ref().type_str());
        file.problem(value.span(), what, "write \"x\" or [\"x\", \"ctrl-x\"]")
    };
    let items = match value.get_ref() {
        DeValue::String(_) => std::slice::from_ref(value),
        DeValue::Array(items) => items.as_ref(),
        _ => return Err(wrong_type(value)),
    };
    let mut chords = Vec::new();
    for item in items {
        let text = item.get_ref().as_str().ok_or_else(|| wrong_type(item))?;
        let chord = Chord::parse(text).map_err(|what| {
            let word = text.rsplit(['-', '+']).next().unwrap_or(text);
            let next = did_you_mean(word, Chord::key_names(), || {
                "write a character, a name such as `space`, or `ctrl-x`".to_owned()
            });
            file.problem(item.span(), what, next)
        })?;
        if action == Action::LeaveInsert && is_typing(chord) {
            let what = format!("`{chord}` cannot leave insert mode: it is needed for writing");
            return Err(file.problem(
                item.span(),
                what,
                "take a chord with ctrl or alt, or f1 to f24",
            ));
        }
        chords.push((chord, item.span()));
    }
    if action == Action::LeaveInsert && chords.is_empty() {
        let what = "`leave-insert` needs a key: without one nothing leads out of insert mode";
        return Err(file.problem(
            value.span(),
            what,
            "take a chord with ctrl or alt, or f1 to f24",
        ));
    }
    Ok(chords)
}

fn is_typing(chord: Chord) -> bool {
    let plain = !chord.ctrl && !chord.alt;
    plain && matches!(chord.key, Key::Char(_) | Key::Enter | Key::Backspace)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn overlaid(text: &str) -> (Keymap, Vec<Problem>) {
        let mut keymap = Keymap::default();
        let problems = keymap.overlay_file(&SourceFile::new("k.toml", text), None);
        (keymap, problems)
    }

    fn chord(text: &str) -> Chord {
        Chord::parse(text).unwrap()
    }

    #[test]
    fn the_embedded_keymap_binds_every_action_once_without_problems() {
        let (keymap, problems) = overlaid(DEFAULT_KEYMAP);
        assert_eq!(problems, []);
        for row in ACTIONS {
            assert!(
                !keymap.chords(row.action).is_empty(),
                "{} has no key",
                row.name
            );
            for chord in keymap.chords(row.action) {
                assert_eq!(keymap.action(row.context, *chord), Some(row.action));
            }
        }
    }

    #[test]
    fn a_users_line_replaces_the_chords_and_takes_them_from_others() {
        let (keymap, problems) = overlaid("fork = [\"r\", \"ctrl-f\"]\nzoom = []");
        assert_eq!(problems, []);
        assert_eq!(
            keymap.action(Context::Normal, chord("r")),
            Some(Action::Fork)
        );
        assert_eq!(keymap.action(Context::Normal, chord("f")), None);
        assert_eq!(keymap.hint(Action::Relay), None);
        assert_eq!(keymap.hint(Action::Zoom), None);
        assert_eq!(keymap.hint(Action::PageDown).as_deref(), Some("pagedown"));
    }

    #[test]
    fn a_bad_line_keeps_the_chords_that_held_last() {
        let (last, _) = overlaid("fork = \"F\"");
        let mut keymap = Keymap::default();
        let file = SourceFile::new("k.toml", "fork = \"spce\"");
        assert_eq!(keymap.overlay_file(&file, Some(&last)).len(), 1);
        assert_eq!(keymap, last);
    }

    #[test]
    fn a_chord_may_mean_one_thing_in_each_context() {
        let (keymap, problems) = overlaid("leave-insert = \"ctrl-u\"");
        assert_eq!(problems, []);
        assert_eq!(
            keymap.action(Context::Insert, chord("ctrl-u")),
            Some(Action::LeaveInsert)
        );
        assert_eq!(
            keymap.action(Context::Normal, chord("ctrl-u")),
            Some(Action::ScrollUp)
        );
    }

    #[test]
    fn a_bad_line_is_reported_and_the_rest_holds() {
        for (text, place, what, next) in [
            (
                "frok = \"x\"",
                (1, 1),
                "unknown action `frok`",
                "did you mean `fork`?",
            ),
            (
                "ctrl-x = \"explode\"",
                (1, 1),
                "`ctrl-x` is a key",
                "write an action and its key, such as fork = \"ctrl-x\"",
            ),
            ("x = \"frok\"", (1, 1), "`x` is a key", "write fork = \"x\""),
            (
                "qqqq = \"x\"",
                (1, 1),
                "unknown action `qqqq`",
                "`antiphon config actions`",
            ),
            (
                "\nfork = \"spce\"",
                (2, 8),
                "`spce` is not a key",
                "did you mean `space`?",
            ),
            (
                "fork = [\"f\", \"ctl-f\"]",
                (1, 14),
                "`ctl` is not a modifier",
                "",
            ),
            ("fork = 5", (1, 8), "expected a key, found integer", "write"),
            (
                "spawn = \"X\"\nfork = \"X\"",
                (2, 8),
                "`X` is bound to `spawn` already",
                "give",
            ),
            (
                "leave-insert = []",
                (1, 16),
                "`leave-insert` needs a key",
                "take",
            ),
            (
                "leave-insert = \"q\"",
                (1, 16),
                "`q` cannot leave insert mode",
                "take",
            ),
            ("fork = ", (1, 8), "", "nothing of this file"),
        ] {
            let (keymap, problems) = overlaid(text);
            assert_eq!(problems.len(), 1, "{text}: {problems:?}");
            assert_eq!((problems[0].line, problems[0].column), place, "{text}");
            assert!(
                problems[0].what.starts_with(what),
                "{text}: {}",
                problems[0].what
            );
            assert!(
                problems[0].next.starts_with(next),
                "{text}: {}",
                problems[0].next
            );
            assert!(keymap.hint(Action::LeaveInsert).is_some());
        }
    }
}
