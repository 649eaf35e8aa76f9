//! What is learnt: what is believed, what changed it, the rules that follow, and what cheaper models would have cost.
//!
//! `lines` writes what stands in each section, in `columns`; `belief` what one rests on; `plot` draws an interval.

mod belief;
mod columns;
mod lines;
mod plot;

use crate::config::{Chord, Key};
use crate::faces::tui::layers::Verdict;
use crate::faces::tui::layers::window::{row, window};
use crate::faces::tui::model::Model;
use crate::faces::tui::update::{Cmd, Purpose, op, query};
use crate::faces::tui::views::draw::{put_all, put_fit};
use crate::faces::tui::views::look::Look;
use crate::protocol::{
    Advice, BeliefView, EvidenceView, Forget, LearnChange, Learned, Learning, LearningState, Op,
    Query,
};
use lines::Entry;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

/// Days that advice looks back.
pub const DAYS: u32 = 30;
/// The newest results of a model in a category that are shown.
const NEWEST: u32 = 50;
/// From so many rows on, what is known of the chosen belief stands below the list.
const TALL: u16 = 30;

/// From so many rows on, what the columns are stands below them.
const LEGEND: u16 = 10;

/// One of the four things that can be looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Section {
    #[default]
    Beliefs,
    Changes,
    Rules,
    Advice,
}

impl Section {
    const ALL: [Section; 4] = [
        Section::Beliefs,
        Section::Changes,
        Section::Rules,
        Section::Advice,
    ];
}

/// What is shown, and what of it is chosen.
#[derive(Clone, Debug)]
pub struct LearningView {
    learned: Learned,
    /// Whether models without results are among the beliefs.
    all: bool,
    section: Section,
    /// The chosen line of each section.
    at: [usize; 4],
    /// `None`: not asked for yet.
    advice: Option<Advice>,
    /// Model and category, and their newest results.
    results: Option<(String, String, Vec<EvidenceView>)>,
    /// The results take the place of the list.
    inside: bool,
    /// It was asked whether the chosen results shall be forgotten.
    forgetting: bool,
}

impl LearningView {
    pub fn new(learned: Learned, all: bool) -> LearningView {
        LearningView {
            learned,
            all,
            section: Section::default(),
            at: [0; 4],
            advice: None,
            results: None,
            inside: false,
            forgetting: false,
        }
    }

    /// Whether models without results are among the beliefs.
    pub fn shows_all(&self) -> bool {
        self.all
    }

    /// What is believed came anew.
    pub fn came(&mut self, learned: Learned, all: bool) {
        (self.learned, self.all) = (learned, all);
        let kept = |(model, category, _): &(String, String, Vec<EvidenceView>)| {
            let there = |b: &BeliefView| b.seen > 0 && b.model == *model && b.category == *category;
            self.learned.beliefs.iter().any(there)
        };
        if !self.results.as_ref().is_some_and(kept) {
            (self.results, self.inside) = (None, false);
        }
    }

    pub fn advice_came(&mut self, advice: Advice) {
        self.advice = Some(advice);
    }

    pub fn results_came(&mut self, model: String, category: String, results: Vec<EvidenceView>) {
        self.results = Some((model, category, results));
    }

    fn place(&self) -> usize {
        Section::ALL
            .iter()
            .position(|section| *section == self.section)
            .unwrap_or(0)
    }

    fn count(&self) -> usize {
        match self.section {
            Section::Beliefs => self.learned.beliefs.len(),
            Section::Changes => self.learned.changes.len(),
            Section::Rules => self.learned.learnings.len(),
            Section::Advice => self.advice.as_ref().map_or(0, |advice| advice.rows.len()),
        }
    }

    fn belief(&self) -> Option<&BeliefView> {
        self.learned.beliefs.get(self.at[0])
    }

    fn rule(&self) -> Option<&Learning> {
        self.learned.learnings.get(self.at[2])
    }

    /// What is known of the chosen belief, if it was asked for.
    fn chosen_results(&self) -> Option<&[EvidenceView]> {
        let (model, category, results) = self.results.as_ref()?;
        let chosen = self.belief()?;
        (chosen.model == *model && chosen.category == *category).then_some(results.as_slice())
    }

    pub fn key(&mut self, model: &Model, chord: Chord, cmds: &mut Vec<Cmd>) -> Verdict {
        if self.forgetting {
            self.forgetting = false;
            if chord.key == Key::Char('y') {
                self.forget(cmds);
            }
            return Verdict::Keep;
        }
        let page = usize::from(model.size.1 / 2).max(1);
        let place = self.place();
        match chord.key {
            Key::Esc | Key::Backspace if self.inside => self.inside = false,
            Key::Esc | Key::Char('q' | 'W') => return Verdict::Close,
            Key::Tab | Key::Right | Key::Char('l') => self.turn(place + 1, cmds),
            Key::BackTab | Key::Left | Key::Char('h') => self.turn(place + 3, cmds),
            Key::Char(digit @ '1'..='4') => self.turn(digit as usize - '1' as usize, cmds),
            Key::Down | Key::Char('j') => self.step(1),
            Key::Up | Key::Char('k') => self.step(-1),
            Key::PageDown | Key::Char(' ') => self.step(page as isize),
            Key::PageUp => self.step(-(page as isize)),
            Key::Home | Key::Char('g') => self.at[place] = 0,
            Key::End | Key::Char('G') => self.at[place] = self.count().saturating_sub(1),
            _ if chord.ctrl => return Verdict::Pass,
            Key::Char('c') => cmds.push(learn(LearnChange::Calibrate)),
            _ => match self.section {
                Section::Beliefs => self.on_belief(chord, cmds),
                Section::Rules => self.on_rule(chord, cmds),
                Section::Changes | Section::Advice => {}
            },
        }
        Verdict::Keep
    }

    fn turn(&mut self, to: usize, cmds: &mut Vec<Cmd>) {
        self.section = Section::ALL[to % Section::ALL.len()];
        self.inside = false;
        if self.section == Section::Advice && self.advice.is_none() {
            cmds.push(query(Query::Advice { days: DAYS }, Purpose::Advice));
        }
    }

    fn step(&mut self, by: isize) {
        let last = self.count().saturating_sub(1);
        let place = self.place();
        self.at[place] = self.at[place].min(last).saturating_add_signed(by).min(last);
    }

    fn on_belief(&mut self, chord: Chord, cmds: &mut Vec<Cmd>) {
        match chord.key {
            Key::Char('a') => {
                let all = !self.all;
                cmds.push(query(Query::Learned { all }, Purpose::Learned { all }));
            }
            Key::Enter => {
                if let Some(belief) = self.belief() {
                    let (model, category) = (belief.model.clone(), belief.category.clone());
                    let asked = Query::Results {
                        model: model.clone(),
                        category: category.clone(),
                        limit: NEWEST,
                    };
                    cmds.push(query(asked, Purpose::Results { model, category }));
                    self.inside = true;
                }
            }
            Key::Char('f') => self.forgetting = self.belief().is_some_and(|b| b.seen > 0),
            _ => {}
        }
    }

    fn on_rule(&mut self, chord: Chord, cmds: &mut Vec<Cmd>) {
        let Some(rule) = self.rule() else {
            return;
        };
        let learning = rule.id;
        let in_force = matches!(rule.state, LearningState::Applied | LearningState::Approved);
        match chord.key {
            Key::Char('y') if rule.state != LearningState::Approved => {
                cmds.push(learn(LearnChange::Approve { learning }));
            }
            Key::Char('n') if in_force || rule.state == LearningState::Waiting => {
                cmds.push(learn(LearnChange::Reject { learning }));
            }
            _ => {}
        }
    }

    fn forget(&mut self, cmds: &mut Vec<Cmd>) {
        if let Some(belief) = self.belief() {
            let what = Forget::Results {
                model: Some(belief.model.clone()),
                category: Some(belief.category.clone()),
            };
            cmds.push(learn(LearnChange::Forget { what }));
        }
    }

    /// The keys that do something here.
    fn hints(&self) -> &'static str {
        match (self.section, self.inside) {
            _ if self.forgetting => "y forget · n keep",
            (Section::Beliefs, true) => "j k next belief · f forget · esc back",
            (Section::Beliefs, false) if self.all => {
                "tab section · enter results · a fewer · f forget · c calibrate · esc close"
            }
            (Section::Beliefs, false) => {
                "tab section · enter results · a all · f forget · c calibrate · esc close"
            }
            (Section::Rules, _) => "tab section · y put in force · n take out of force · esc close",
            (Section::Changes, _) => "tab section · c calibrate · esc close",
            (Section::Advice, _) => "tab section · esc close",
        }
    }

    pub fn draw(&self, model: &Model, look: &Look, area: Rect, buf: &mut Buffer) {
        let inside = (area.width.saturating_sub(4), area.height.saturating_sub(2));
        let inside = window(look, area, buf, &self.title(), self.hints(), inside);
        put_all(buf, row(inside, 0), &lines::tabs(self, look));
        let mut list = Rect {
            y: (inside.y + 2).min(inside.bottom()),
            height: inside.height.saturating_sub(2),
            ..inside
        };
        if self.section == Section::Beliefs {
            let tall = inside.height >= TALL;
            if tall {
                let below = list.height / 3;
                list.height -= below;
                let place = Rect {
                    y: list.bottom(),
                    height: below,
                    ..inside
                };
                self.draw_belief(model, look, place, buf);
            }
            match self.inside && !tall {
                true => self.draw_belief(model, look, list, buf),
                false => self.draw_list(model, look, list, buf),
            }
        } else {
            self.draw_list(model, look, list, buf);
        }
        if self.forgetting
            && let Some(belief) = self.belief()
        {
            let question = format!(
                "forget {} of {} at {}? y · n",
                lines::results(belief.seen),
                belief.model,
                belief.category
            );
            let last = row(inside, inside.height.saturating_sub(1));
            put_fit(buf, last, &" ".repeat(usize::from(last.width)), look.text);
            put_fit(buf, last, &question, look.warning);
        }
    }

    fn title(&self) -> String {
        format!(
            "learning · {} · benchmarks trusted {:.0} % · wanted {:.0} %",
            lines::results(self.learned.results),
            self.learned.trust * 100.0,
            self.learned.threshold * 100.0
        )
    }

    fn draw_list(&self, model: &Model, look: &Look, area: Rect, buf: &mut Buffer) {
        let entries = lines::entries(self, model, look, area.width);
        if entries.is_empty() {
            for (i, text) in lines::nothing(self).iter().enumerate() {
                put_fit(buf, row(area, i as u16), text, look.dim);
            }
            return;
        }
        let mut body = area;
        if self.section == Section::Beliefs
            && body.height > LEGEND
            && let Some(legend) = lines::legend(area.width, self.learned.threshold)
        {
            body.height -= 1;
            put_fit(buf, row(area, body.height), &legend, look.dim);
        }
        if let Some(head) = lines::head(self.section, area.width) {
            put_fit(buf, row(area, 0), &head, look.dim);
            body.y += 1;
            body.height = body.height.saturating_sub(1);
        }
        let chosen = self.at[self.place()].min(entries.len() - 1);
        let height = usize::from(body.height);
        let top = first_shown(&entries, chosen, height);
        let mut y = 0;
        for (i, entry) in entries.iter().enumerate().skip(top) {
            for line in &entry.lines {
                if y >= height {
                    return;
                }
                let place = row(body, y as u16);
                if i == chosen {
                    buf.set_style(place, look.selection);
                }
                put_line(buf, place, line, |style| match i == chosen {
                    true => look.bare(style),
                    false => style,
                });
                y += 1;
            }
        }
    }

    fn draw_belief(&self, model: &Model, look: &Look, area: Rect, buf: &mut Buffer) {
        let Some(belief) = self.belief() else {
            return;
        };
        let entries = belief::lines(belief, self.chosen_results(), model, look, area.width);
        for (i, line) in entries.iter().take(usize::from(area.height)).enumerate() {
            put_line(buf, row(area, i as u16), line, |style| style);
        }
    }
}

fn put_line(
    buf: &mut Buffer,
    place: Rect,
    line: &lines::Pieces,
    as_shown: impl Fn(Style) -> Style,
) {
    let pieces: Vec<(&str, Style)> = line
        .iter()
        .map(|(text, style)| (text.as_str(), as_shown(*style)))
        .collect();
    put_all(buf, place, &pieces);
}

/// The first entry that is shown, so that the chosen one is in sight.
fn first_shown(entries: &[Entry], chosen: usize, height: usize) -> usize {
    let mut used = 0;
    let mut first = chosen;
    for (i, entry) in entries[..=chosen].iter().enumerate().rev() {
        used += entry.lines.len();
        if used > height {
            break;
        }
        first = i;
    }
    first
}

fn learn(change: LearnChange) -> Cmd {
    op(Op::Learn { change }, Purpose::Learn)
}
