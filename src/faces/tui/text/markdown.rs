//! What a model writes, as styled lines. Text is split into chunks that can be read on their own, so that a
//! growing answer is parsed anew only from its last chunk on.

use crate::faces::tui::text::wrap::{Break, Piece, wrap};
use pulldown_cmark::{CodeBlockKind, CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd};
use ratatui::style::{Modifier, Style};
use ratatui::text::Line;

/// The styles that markdown needs.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Palette {
    pub text: Style,
    pub dim: Style,
    pub heading: Style,
    pub code: Style,
    pub quote: Style,
    pub link: Style,
}

/// Where the text can be cut into chunks: at blank lines outside fenced code before a line that is not
/// indented. Returns the chunks in order, without the blank lines between them.
pub fn chunks(text: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut start = None;
    let mut end = 0;
    let mut fence: Option<(char, usize)> = None;
    let mut blank_before = false;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let here = at;
        at += line.len();
        let body = line.trim_end();
        if body.is_empty() && fence.is_none() {
            blank_before = true;
            continue;
        }
        let indented = body.starts_with([' ', '\t']);
        if blank_before
            && !indented
            && fence.is_none()
            && let Some(from) = start.take()
        {
            out.push(&text[from..end]);
        }
        start.get_or_insert(here);
        end = here + body.len();
        blank_before = false;
        fence = fence_after(body.trim_start(), fence);
    }
    if let Some(from) = start {
        out.push(&text[from..end.max(from)]);
    }
    out
}

fn fence_after(line: &str, open: Option<(char, usize)>) -> Option<(char, usize)> {
    let mark = line.chars().next().filter(|c| matches!(c, '`' | '~'));
    let length = mark.map_or(0, |m| line.chars().take_while(|c| *c == m).count());
    match (open, mark) {
        (None, Some(m)) if length >= 3 && !(m == '`' && line[length..].contains('`')) => {
            Some((m, length))
        }
        (Some((o, needed)), Some(m))
            if o == m && length >= needed && line[length..].trim().is_empty() =>
        {
            None
        }
        (open, _) => open,
    }
}

/// The lines of one chunk at `width`. `text` must have been sanitised.
pub fn render(text: &str, width: u16, palette: &Palette) -> Vec<Line<'static>> {
    let mut page = Page::new(width, palette);
    let options = Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    for event in Parser::new_ext(text, options) {
        page.event(event);
    }
    page.flush();
    page.lines
}

struct Page<'p> {
    width: u16,
    palette: &'p Palette,
    lines: Vec<Line<'static>>,
    pieces: Vec<Piece>,
    /// Bold, italic and the like, innermost last.
    styles: Vec<Style>,
    /// Prefix of every line inside: quotes, and the indentation of lists.
    indent: Vec<Piece>,
    /// What stands once, before the next line: a list's mark.
    mark: Option<Piece>,
    /// The next number of each list that is open; `None`: bullets.
    lists: Vec<Option<u64>>,
    code: Option<String>,
    link: Option<String>,
    gap_wanted: bool,
}

impl<'p> Page<'p> {
    fn new(width: u16, palette: &'p Palette) -> Page<'p> {
        Page {
            width,
            palette,
            lines: Vec::new(),
            pieces: Vec::new(),
            styles: vec![palette.text],
            indent: Vec::new(),
            mark: None,
            lists: Vec::new(),
            code: None,
            link: None,
            gap_wanted: false,
        }
    }

    fn style(&self) -> Style {
        self.styles.last().copied().unwrap_or_default()
    }

    fn modified(&mut self, modifier: Modifier) {
        let style = self.style().add_modifier(modifier);
        self.styles.push(style);
    }

    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.open(tag),
            Event::End(tag) => self.close(tag),
            Event::Text(text) => match &mut self.code {
                Some(code) => code.push_str(&text),
                None => self.text(&text, self.style()),
            },
            Event::Code(text) | Event::InlineMath(text) | Event::DisplayMath(text) => {
                self.text(&text, self.palette.code)
            }
            Event::Html(text) | Event::InlineHtml(text) => self.html(&text),
            Event::FootnoteReference(name) => self.text(&format!("[{name}]"), self.style()),
            Event::SoftBreak | Event::HardBreak => self.flush(),
            Event::Rule => {
                self.gap();
                let rule = "─".repeat(usize::from(self.width.min(24)));
                self.pieces.push(Piece::new(rule, self.palette.dim));
                self.flush();
                self.gap_wanted = true;
            }
            Event::TaskListMarker(done) => {
                let mark = if done { "[x] " } else { "[ ] " };
                self.text(mark, self.style());
            }
        }
    }

    fn html(&mut self, text: &CowStr<'_>) {
        for (i, line) in text.trim_end_matches('\n').split('\n').enumerate() {
            if i > 0 {
                self.flush();
            }
            self.text(line, self.style());
        }
        if text.ends_with('\n') {
            self.flush();
        }
    }

    fn text(&mut self, text: &str, style: Style) {
        self.gap();
        self.pieces.push(Piece::new(text.replace('\n', " "), style));
    }

    fn open(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Heading { level, .. } => {
                self.flush();
                let style = match level {
                    HeadingLevel::H1 => self.palette.heading.add_modifier(Modifier::UNDERLINED),
                    _ => self.palette.heading,
                };
                self.styles.push(style);
            }
            Tag::BlockQuote(_) => {
                self.flush();
                self.gap();
                self.indent.push(Piece::new("│ ", self.palette.quote));
                self.styles.push(self.palette.quote);
            }
            Tag::CodeBlock(kind) => {
                self.flush();
                self.gap();
                self.code = Some(String::new());
                if let CodeBlockKind::Fenced(language) = kind
                    && !language.is_empty()
                {
                    self.pieces
                        .push(Piece::new(format!("┄ {language}"), self.palette.dim));
                    self.flush();
                }
            }
            Tag::List(first) => {
                self.flush();
                if self.lists.is_empty() {
                    self.gap();
                }
                self.gap_wanted = false;
                self.lists.push(first);
            }
            Tag::Item => {
                self.flush();
                let mark = match self.lists.last_mut() {
                    Some(Some(number)) => {
                        let mark = format!("{number}. ");
                        *number += 1;
                        mark
                    }
                    _ => "• ".to_owned(),
                };
                self.indent
                    .push(Piece::new(" ".repeat(mark.chars().count()), self.style()));
                self.mark = Some(Piece::new(mark, self.palette.dim));
            }
            Tag::Emphasis => self.modified(Modifier::ITALIC),
            Tag::Strong => self.modified(Modifier::BOLD),
            Tag::Strikethrough => self.modified(Modifier::CROSSED_OUT),
            Tag::Link { dest_url, .. } => {
                self.link = Some(dest_url.into_string());
                self.styles.push(self.palette.link);
            }
            Tag::Image { dest_url, .. } => {
                self.text("image: ", self.palette.dim);
                self.link = Some(dest_url.into_string());
                self.styles.push(self.palette.link);
            }
            _ => {}
        }
    }

    fn close(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph | TagEnd::HtmlBlock => {
                self.flush();
                self.gap_wanted = true;
            }
            TagEnd::Heading(_) => {
                self.flush();
                self.styles.pop();
                self.gap_wanted = true;
            }
            TagEnd::BlockQuote(_) => {
                self.flush();
                self.indent.pop();
                self.styles.pop();
                self.gap_wanted = true;
            }
            TagEnd::CodeBlock => self.end_code(),
            TagEnd::List(_) => {
                self.flush();
                self.lists.pop();
                self.gap_wanted = self.lists.is_empty();
            }
            TagEnd::Item => {
                if self.mark.is_some() && self.pieces.is_empty() {
                    self.pieces.push(Piece::new("", self.style()));
                }
                self.flush();
                self.indent.pop();
                self.gap_wanted = false;
            }
            TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough => {
                self.styles.pop();
            }
            TagEnd::Link | TagEnd::Image => {
                self.styles.pop();
                let shown = self
                    .pieces
                    .last()
                    .map(|p| p.text.clone())
                    .unwrap_or_default();
                if let Some(url) = self.link.take()
                    && url != shown
                    && url.strip_prefix("mailto:") != Some(&shown)
                {
                    self.text(&format!(" ({url})"), self.palette.dim);
                }
            }
            _ => {}
        }
    }

    fn end_code(&mut self) {
        let code = self.code.take().unwrap_or_default();
        let mut indent = self.indent.clone();
        indent.push(Piece::new("  ", self.palette.code));
        for line in code.trim_end_matches('\n').split('\n') {
            let first = self.first_prefix(&indent);
            let pieces = [Piece::new(line, self.palette.code)];
            self.lines
                .extend(wrap(&pieces, self.width, &first, &indent, Break::Anywhere));
        }
        self.gap_wanted = true;
    }

    /// The blank line between blocks, once something follows.
    fn gap(&mut self) {
        if std::mem::take(&mut self.gap_wanted) && !self.lines.is_empty() && self.pieces.is_empty()
        {
            let quotes: Vec<Piece> = self
                .indent
                .iter()
                .filter(|p| p.text.contains('│'))
                .cloned()
                .collect();
            self.lines
                .extend(wrap(&[], self.width, &quotes, &quotes, Break::Words));
        }
    }

    fn first_prefix(&mut self, indent: &[Piece]) -> Vec<Piece> {
        let mut first = indent.to_vec();
        if let Some(mark) = self.mark.take() {
            let depth = self.indent.len().saturating_sub(1);
            if let Some(place) = first.get_mut(depth) {
                *place = mark;
            }
        }
        first
    }

    fn flush(&mut self) {
        if self.pieces.is_empty() {
            return;
        }
        let pieces = std::mem::take(&mut self.pieces);
        let indent = self.indent.clone();
        let first = self.first_prefix(&indent);
        self.lines
            .extend(wrap(&pieces, self.width, &first, &indent, Break::Words));
    }
}

#[cfg(test)]
#[path = "markdown_tests.rs"]
mod tests;
