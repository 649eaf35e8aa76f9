//! The terminal as ratatui draws to it, with links passed on (OSC 8) around the cells that belong to one.

use crate::faces::tui::views::links::Targets;
use ratatui::backend::{Backend, ClearType, CrosstermBackend, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, Write};

/// Draws as crossterm does, and names the links.
pub struct Linked<W: Write> {
    inner: CrosstermBackend<W>,
    /// Of the frame that is drawn next.
    pub targets: Targets,
}

impl<W: Write> Linked<W> {
    pub fn new(writer: W) -> Linked<W> {
        Linked {
            inner: CrosstermBackend::new(writer),
            targets: Targets::new(),
        }
    }
}

impl<W: Write> Write for Linked<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Write::write(&mut self.inner, bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Write::flush(&mut self.inner)
    }
}

impl<W: Write> Backend for Linked<W> {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        if self.targets.is_empty() {
            return self.inner.draw(content);
        }
        let mut cells = content.peekable();
        while let Some(first) = cells.next() {
            let target = self.targets.get(&(first.0, first.1)).cloned();
            let mut stretch = vec![first];
            while let Some(next) =
                cells.next_if(|(x, y, _)| self.targets.get(&(*x, *y)) == target.as_ref())
            {
                stretch.push(next);
            }
            if let Some(target) = &target {
                // Parts of one link on several lines are one to the terminal.
                let mut id = DefaultHasher::new();
                target.hash(&mut id);
                write!(self.inner, "\x1b]8;id={:x};{target}\x1b\\", id.finish())?;
            }
            self.inner.draw(stretch.into_iter())?;
            if target.is_some() {
                write!(self.inner, "\x1b]8;;\x1b\\")?;
            }
        }
        Ok(())
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        self.inner.hide_cursor()
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        self.inner.show_cursor()
    }

    fn get_cursor_position(&mut self) -> io::Result<Position> {
        self.inner.get_cursor_position()
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        self.inner.set_cursor_position(position)
    }

    fn clear(&mut self) -> io::Result<()> {
        self.inner.clear()
    }

    fn clear_region(&mut self, clear_type: ClearType) -> io::Result<()> {
        self.inner.clear_region(clear_type)
    }

    fn size(&self) -> io::Result<Size> {
        self.inner.size()
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        self.inner.window_size()
    }

    fn flush(&mut self) -> io::Result<()> {
        Backend::flush(&mut self.inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    #[test]
    fn links_are_named_around_their_cells() {
        let mut written = Vec::new();
        let mut linked = Linked::new(&mut written);
        let target: Arc<str> = "https://a".into();
        linked.targets = [((1, 0), target.clone()), ((2, 0), target)].into();
        let cells = ["a", "b", "c", "d"].map(Cell::new);
        let content = (0_u16..).zip(&cells).map(|(x, cell)| (x, 0, cell));
        linked.draw(content).unwrap();
        linked.targets.clear();
        linked.draw([(0, 0, &cells[0])].into_iter()).unwrap();
        drop(linked);
        let drawn = String::from_utf8(written).unwrap();
        let (before, rest) = drawn.split_once("\x1b]8;id=").unwrap();
        let (inside, after) = rest.split_once("\x1b]8;;\x1b\\").unwrap();
        assert!(before.contains('a') && after.contains('d'));
        assert!(inside.contains(";https://a\x1b\\") && inside.contains("bc"));
        assert_eq!(drawn.matches("\x1b]8;").count(), 2);
    }
}
