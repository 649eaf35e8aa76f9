//! The lines above the screen, each row with a number: the newest in memory, older ones in a file, the oldest
//! dropped. Laid out anew when the width changes.

use super::block::Block;
use super::disk::{Disk, Slot};
use alacritty_terminal::term::cell::Cell;
use std::collections::VecDeque;
use std::sync::Arc;

/// Bytes after which a block is full; the next line begins another.
const FULL: usize = 16 * 1024;

/// Where the lines of a page are.
#[derive(Clone)]
pub enum Body {
    Memory(Arc<Block>),
    Disk(Arc<Disk>, Slot),
}

/// Lines that will not change any more.
#[derive(Clone)]
pub struct Page {
    /// The number of its first row, and how many rows there are. Mean something once they were counted.
    pub first: u64,
    pub rows: u32,
    /// At most so many rows, however they are laid out, for a given width.
    lines: u32,
    cells: u32,
    pub body: Body,
}

impl Page {
    pub fn new(first: u64, rows: u32, block: Block) -> Page {
        Page {
            first,
            rows,
            lines: block.entries.len() as u32,
            cells: block.entries.iter().map(|line| line.cells).sum(),
            body: Body::Memory(Arc::new(block)),
        }
    }

    /// Its lines; `None`: they were overwritten in the file, or cannot be read.
    pub fn block(&self) -> Option<Arc<Block>> {
        match &self.body {
            Body::Memory(block) => Some(block.clone()),
            Body::Disk(disk, slot) => disk.read(*slot).map(Arc::new),
        }
    }

    /// A wide character may leave one column of a row free; every line may leave the rest of its last row.
    fn most_rows(&self, cols: u16) -> u64 {
        u64::from(self.cells / u32::from(cols.max(2) - 1) + self.lines)
    }
}

/// All lines above the screen.
pub struct Past {
    /// From the oldest to the newest, without gaps. Those on the disk come first.
    pages: VecDeque<Page>,
    on_disk: usize,
    /// The first so many pages have not been counted since the width changed, and so many rows were left
    /// for them in the numbers.
    uncounted: usize,
    room: u64,
    /// The newest lines, the number of their first row, and their rows.
    tail: Block,
    tail_first: u64,
    tail_rows: u32,
    cols: u16,
    /// Rows that are kept in memory, at least.
    limit: u64,
    disk: Option<Arc<Disk>>,
    /// How often the numbers have lost their meaning.
    reflow: u64,
    /// The page from the disk that was looked at last.
    looked_at: Option<(Slot, Arc<Block>)>,
}

impl Past {
    pub fn new(cols: u16, limit: usize, disk: Option<Disk>) -> Past {
        Past {
            pages: VecDeque::new(),
            on_disk: 0,
            uncounted: 0,
            room: 0,
            tail: Block::default(),
            tail_first: 0,
            tail_rows: 0,
            cols,
            limit: limit as u64,
            disk: disk.map(Arc::new),
            reflow: 0,
            looked_at: None,
        }
    }

    /// The number of the row that comes next, which is the first of the screen.
    pub fn end(&self) -> u64 {
        self.tail_first + u64::from(self.tail_rows)
    }

    /// The number of the oldest row; while pages are not counted, one that is not above it.
    pub fn start(&self) -> u64 {
        let oldest = match self.pages.get(self.uncounted) {
            Some(page) => page.first.saturating_sub(self.room),
            None => self.tail_first.saturating_sub(self.room),
        };
        match self.disk {
            Some(_) => oldest,
            None => oldest.max(self.end().saturating_sub(self.limit)),
        }
    }

    pub fn reflow(&self) -> u64 {
        self.reflow
    }

    /// Adds a row below all others.
    pub fn push(&mut self, row: &[Cell]) {
        self.tail.push(row);
        self.tail_rows += 1;
        if self.tail.size() >= FULL && !self.tail.is_open() {
            self.seal();
        }
    }

    /// Adds a line of one row below all others, where the last one has ended. `None` from `add`: none was added.
    pub fn push_line<T>(&mut self, add: impl FnOnce(&mut Block) -> Option<T>) -> Option<T> {
        let added = add(&mut self.tail)?;
        self.tail_rows += 1;
        if self.tail.size() >= FULL {
            self.seal();
        }
        Some(added)
    }

    /// Adds lines of one row each below all others, where the last one has ended.
    pub fn push_lines(&mut self, lines: Block) {
        if self.tail_rows > 0 {
            self.seal();
        }
        self.tail_rows = lines.entries.len() as u32;
        self.tail = lines;
    }

    /// Takes the newest lines away again, each of one row and still in memory.
    pub fn take_lines(&mut self, lines: usize) {
        for _ in 0..lines {
            if self.tail.entries.is_empty() && !self.reopen() {
                return;
            }
            self.tail.pop();
            self.tail_rows -= 1;
        }
    }

    /// Whether so many of the newest rows are always in memory.
    pub fn keeps(&self, rows: usize) -> bool {
        self.limit >= rows as u64
    }

    fn seal(&mut self) {
        let mut block = std::mem::take(&mut self.tail);
        block.shrink();
        let rows = std::mem::take(&mut self.tail_rows);
        self.pages
            .push_back(Page::new(self.tail_first, rows, block));
        self.tail_first += u64::from(rows);
        if self.disk.is_none() {
            while self.is_past_memory(0) {
                self.drop_oldest();
            }
        }
    }

    /// Whether a page is not among the newest that stay in memory.
    fn is_past_memory(&self, index: usize) -> bool {
        let page = self.pages.get(index);
        page.is_some_and(|p| p.first + u64::from(p.rows) + self.limit <= self.end())
    }

    fn drop_oldest(&mut self) {
        if let Some(page) = self.pages.pop_front() {
            self.on_disk = self.on_disk.saturating_sub(1);
            if self.uncounted > 0 {
                self.uncounted -= 1;
                self.room -= page.most_rows(self.cols).min(self.room);
            }
        }
    }

    /// A page that is to go to the disk, with its place there, for which older ones were dropped. To be
    /// written without a lock held, and told by [`Self::written`].
    pub fn due(&mut self) -> Option<(Arc<Disk>, Slot, Arc<Block>)> {
        let disk = self.disk.clone()?;
        if !self.is_past_memory(self.on_disk) {
            return None;
        }
        let Some(Body::Memory(block)) = self.pages.get(self.on_disk).map(|page| page.body.clone())
        else {
            return None;
        };
        let Some(slot) = disk.reserve(&block) else {
            (0..=self.on_disk).for_each(|_| self.drop_oldest());
            return self.due();
        };
        // The oldest lie there; behind the end of the file's last round a few more may.
        let near = self.on_disk.min(64);
        let overwritten = (0..near).rev().find(|&at| match &self.pages[at].body {
            Body::Disk(_, old) => old.is_overwritten_by(slot),
            Body::Memory(_) => false,
        });
        if let Some(last) = overwritten {
            (0..=last).for_each(|_| self.drop_oldest());
        }
        Some((disk, slot, block))
    }

    /// The page that was due is on the disk, or could not be written: then it is dropped, and what is older.
    pub fn written(&mut self, block: &Arc<Block>, disk: &Arc<Disk>, slot: Slot, done: bool) {
        let at = self.on_disk;
        // Meanwhile everything may have been cleared.
        let Some(page) = self.pages.get_mut(at) else {
            return;
        };
        if !matches!(&page.body, Body::Memory(now) if Arc::ptr_eq(now, block)) {
            return;
        }
        page.body = Body::Disk(disk.clone(), slot);
        self.on_disk += 1;
        if !done {
            (0..=at).for_each(|_| self.drop_oldest());
        }
    }

    /// Forgets all lines.
    pub fn clear(&mut self) {
        let end = self.end();
        self.pages.clear();
        (self.on_disk, self.uncounted, self.room) = (0, 0, 0);
        self.tail = Block::default();
        (self.tail_first, self.tail_rows) = (end, 0);
        self.looked_at = None;
        self.reflow += 1;
    }

    /// Takes whole lines out again, from the newest on, until there are `wanted` rows or none in memory.
    pub fn take_back(&mut self, wanted: usize) -> Vec<Vec<Cell>> {
        let mut rows: Vec<Vec<Cell>> = Vec::new();
        while rows.len() < wanted {
            if self.tail.entries.is_empty() && !self.reopen() {
                break;
            }
            let line = self.tail.entries.len() - 1;
            let mut back = self.tail.lay_out(line, self.cols);
            if self.tail.is_open()
                && rows.is_empty()
                && let Some(last) = back.last_mut()
            {
                self.tail.mark_open(last);
            }
            self.tail.pop();
            self.tail_rows -= (back.len() as u32).min(self.tail_rows);
            back.append(&mut rows);
            rows = back;
        }
        rows
    }

    /// Makes the newest page the tail again. `false`: there is none in memory.
    fn reopen(&mut self) -> bool {
        if self.pages.len() <= self.on_disk {
            return false;
        }
        let Some(page) = self.pages.pop_back() else {
            return false;
        };
        let Body::Memory(block) = page.body else {
            return false;
        };
        self.tail = Arc::unwrap_or_clone(block);
        (self.tail_first, self.tail_rows) = (page.first, page.rows);
        true
    }

    /// Lays everything out for another width. Pages on the disk are counted when they are looked at.
    pub fn lay_out(&mut self, cols: u16) {
        self.cols = cols;
        self.reflow += 1;
        self.tail.close();
        self.uncounted = self.on_disk;
        let disk = self.pages.iter().take(self.on_disk);
        self.room = disk.map(|page| page.most_rows(cols)).sum();
        let mut next = self.room;
        for page in self.pages.iter_mut().skip(self.on_disk) {
            let Body::Memory(block) = &page.body else {
                continue;
            };
            page.first = next;
            page.rows = block.all_rows(cols);
            next += u64::from(page.rows);
        }
        self.tail_first = next;
        self.tail_rows = self.tail.all_rows(cols);
    }

    /// Counts pages on the disk until the row of this number is among those that are counted, or there are
    /// no more. A page that cannot be read is dropped with all that are older.
    pub fn count_to(&mut self, row: u64) {
        while self.uncounted > 0 {
            let next = (self.pages.get(self.uncounted)).map_or(self.tail_first, |page| page.first);
            if next <= row {
                return;
            }
            let at = self.uncounted - 1;
            let Some(block) = self.pages[at].block() else {
                (0..=at).for_each(|_| self.drop_oldest());
                return;
            };
            let page = &mut self.pages[at];
            page.rows = block.all_rows(self.cols);
            page.first = next.saturating_sub(page.rows.into());
            self.room -= page.most_rows(self.cols).min(self.room);
            self.uncounted = at;
        }
    }

    /// Up to `count` rows from that number on, which is to be within [`Self::start`] and [`Self::end`].
    pub fn rows(&mut self, first: u64, count: usize) -> Vec<Vec<Cell>> {
        self.count_to(first);
        let mut rows = Vec::new();
        let from = self
            .pages
            .partition_point(|p| p.first + u64::from(p.rows) <= first);
        for at in from.max(self.uncounted)..=self.pages.len() {
            let looked_at;
            let (block, begin) = match self.pages.get(at).map(|page| page.first) {
                None => (&self.tail, self.tail_first),
                Some(begin) => {
                    let Some(block) = self.look_at(at) else {
                        continue;
                    };
                    looked_at = block;
                    (&*looked_at, begin)
                }
            };
            let mut next = begin;
            for line in 0..block.entries.len() {
                let many = u64::from(block.rows(line, self.cols));
                if next + many > first + rows.len() as u64 {
                    let skip = (first + rows.len() as u64 - next) as usize;
                    rows.extend(block.lay_out(line, self.cols).into_iter().skip(skip));
                    if rows.len() >= count {
                        rows.truncate(count);
                        return rows;
                    }
                }
                next += many;
            }
        }
        rows
    }

    fn look_at(&mut self, at: usize) -> Option<Arc<Block>> {
        match &self.pages[at].body {
            Body::Memory(block) => Some(block.clone()),
            Body::Disk(_, slot) => {
                if let Some((seen, block)) = &self.looked_at
                    && seen == slot
                {
                    return Some(block.clone());
                }
                let block = self.pages[at].block()?;
                self.looked_at = Some((*slot, block.clone()));
                Some(block)
            }
        }
    }

    /// All pages as they are now, and the lines behind them.
    pub fn pages(&self) -> (Vec<Page>, usize, Block) {
        (
            self.pages.iter().cloned().collect(),
            self.uncounted,
            self.tail.clone(),
        )
    }

    pub fn tail_first(&self) -> u64 {
        self.tail_first
    }
}
