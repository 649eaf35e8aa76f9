//! Rules held against the last lines of the screen: looked at when the screen has changed and come to rest for a
//! moment, shown or hidden; never while nothing changes. No clock of its own.

use crate::config::Means;
use crate::config::agents::{Rule, first};
use alacritty_terminal::grid::Dimensions;
use alacritty_terminal::index::Line;
use alacritty_terminal::term::Term;
use alacritty_terminal::term::cell::Flags;
use std::time::{Duration, Instant};

/// From a change to the look: what is drawn in several pieces is seen whole.
const SETTLE: Duration = Duration::from_millis(80);
/// The least time between two looks.
const BETWEEN: Duration = Duration::from_millis(300);
/// For so long what was seen last is held to be true although nothing matches: screens are drawn in steps.
const LOST: Duration = Duration::from_secs(2);

/// What is looked for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sight {
    /// So many of the last lines that are not blank.
    pub lines: usize,
    /// The first that matches tells.
    pub rules: Vec<Rule>,
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    pub means: Means,
    /// The line in which something is asked; empty where nothing is.
    pub line: String,
}

/// The rules, with what they last found.
pub struct Looking {
    sight: Sight,
    /// When the screen is to be looked at; `None`: it has not changed since.
    due: Option<Instant>,
    looked_at: Option<Instant>,
    told: Option<Seen>,
    /// Since when nothing has matched.
    lost_at: Option<Instant>,
}

impl Looking {
    pub fn new(sight: Sight) -> Looking {
        Looking {
            sight,
            due: None,
            looked_at: None,
            told: None,
            lost_at: None,
        }
    }

    /// The screen has changed. Says whether a look is due earlier than before.
    pub fn changed(&mut self) -> bool {
        if self.sight.rules.is_empty() {
            return false;
        }
        // The usual case in a flood: a look is due already.
        if self.due.is_some() && self.lost_at.is_none() {
            return false;
        }
        let now = Instant::now();
        let next = self.looked_at.map_or(now, |at| at + BETWEEN);
        let at = next.max(now + SETTLE);
        if self.due.is_some_and(|due| due <= at) {
            return false;
        }
        self.due = Some(at);
        true
    }

    pub fn due(&self) -> Option<Instant> {
        self.due
    }

    pub fn lines(&self) -> usize {
        self.sight.lines
    }

    /// Looks at the last lines; gives what is to be told, if it is another than before. The inner `None`: not known any
    /// more.
    pub fn look(&mut self, text: &str, now: Instant) -> Option<Option<Seen>> {
        self.due = None;
        self.looked_at = Some(now);
        let Some((rule, place)) = first(&self.sight.rules, text) else {
            self.told.as_ref()?;
            let gives_up = *self.lost_at.get_or_insert(now) + LOST;
            if now < gives_up {
                self.due = Some(gives_up);
                return None;
            }
            self.lost_at = None;
            self.told = None;
            return Some(None);
        };
        self.lost_at = None;
        let line = match rule.means {
            Means::NeedsYou(_) => line_at(text, place.start),
            _ => String::new(),
        };
        let seen = Some(Seen {
            means: rule.means,
            line,
        });
        if self.told == seen {
            return None;
        }
        self.told.clone_from(&seen);
        Some(seen)
    }
}

/// The last lines of the screen (not of the scrolled view) down to the last one with something on it, at most so many,
/// without blanks at their ends.
pub fn last_lines<T>(term: &Term<T>, most: usize) -> String {
    let grid = term.grid();
    let mut lines: Vec<String> = Vec::new();
    for row in (0..grid.screen_lines() as i32).rev() {
        let spacers = Flags::WIDE_CHAR_SPACER | Flags::LEADING_WIDE_CHAR_SPACER;
        let cells = grid[Line(row)].into_iter();
        let shown = cells.filter(|cell| !cell.flags.intersects(spacers));
        let line: String = shown.map(|cell| cell.c).collect();
        let line = line.trim_end();
        if !(line.is_empty() && lines.is_empty()) {
            lines.push(line.to_owned());
        }
        if lines.len() == most {
            break;
        }
    }
    lines.reverse();
    lines.join("\n")
}

/// The line that holds this place, without what frames it.
fn line_at(text: &str, place: usize) -> String {
    let start = text[..place].rfind('\n').map_or(0, |end| end + 1);
    let line = text[start..].lines().next().unwrap_or_default();
    let frame = |c: char| c.is_whitespace() || ('\u{2500}'..='\u{259f}').contains(&c);
    line.trim_matches(frame).chars().take(200).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn looking() -> Looking {
        let rules = "rules = [{ match = '^Do you', status = 'needs_you', kind = 'approval' }, \
            { match = 'esc to', status = 'working' }]";
        let rules: crate::config::agents::Title = toml::from_str(rules).unwrap();
        Looking::new(Sight {
            lines: 5,
            rules: rules.rules,
        })
    }

    #[test]
    fn a_change_is_looked_at_once_and_a_flood_seldom() {
        let mut looking = looking();
        assert_eq!(looking.due(), None);
        assert!(looking.changed(), "wakes");
        assert!(!looking.changed() && !looking.changed(), "is awake already");
        let at = looking.due().unwrap();
        assert!(looking.look("… esc to interrupt", at).unwrap().is_some());
        assert_eq!(looking.due(), None, "asleep until the next change");
        looking.changed();
        assert!(looking.due().unwrap() >= at + BETWEEN);
        assert_eq!(
            looking.look("esc to stop", at + BETWEEN),
            None,
            "nothing new"
        );
        let mut blind = Looking::new(Sight::default());
        assert!(!blind.changed(), "without rules it never looks");
    }

    #[test]
    fn what_is_seen_no_more_is_forgotten_after_a_while() {
        let mut looking = looking();
        let at = Instant::now();
        let asked = looking.look("x\n │ Do you agree?  │\nDo you want to run it?", at);
        let asked = asked.flatten().unwrap();
        assert_eq!(asked.line, "Do you want to run it?");
        assert_eq!(looking.look("", at + BETWEEN), None);
        let until = looking.due().unwrap();
        assert_eq!(until, at + BETWEEN + LOST);
        assert_eq!(looking.look("nothing", until), Some(None));
        assert_eq!(looking.due(), None);
        assert_eq!(looking.look("nothing", until), None, "told once");
    }
}
