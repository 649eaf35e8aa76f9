//! The emulation's own grid: the screen, and a few rows above it that are taken away at once. Older lines are
//! kept elsewhere; for a new size those that may come back to the screen are put above it again.

use super::keeper::WINDOW;
use super::past::Past;
use super::terminal::{Listener, Size};
use alacritty_terminal::grid::{Dimensions, Row};
use alacritty_terminal::index::Line;
use alacritty_terminal::term::{Config, Osc52, Term, TermMode};

/// Rows that are put back above the screen at most.
const MOST_BACK: usize = 4096;

/// An empty terminal.
pub fn new_term(size: Size, listener: &Listener) -> Term<Listener> {
    let mut term = Term::new(config(0), &size, listener.clone());
    make_room(&mut term, listener);
    term
}

/// Changes the size, and lays out everything anew. Rows that no longer fit go to the past, and rows of it
/// come back where there is room, in the main screen also while the alternate one is shown.
pub fn resize(term: &mut Term<Listener>, past: &mut Past, listener: &Listener, size: Size) {
    let said = listener.take();
    let alternate = (term.mode().contains(TermMode::ALT_SCREEN)).then(|| {
        let grid = term.grid().clone();
        term.swap_alt();
        grid
    });
    let (rows, cols) = (term.screen_lines(), term.columns());
    let (wanted_rows, wanted_cols) = (usize::from(size.rows), usize::from(size.cols));
    // A row of the new screen may be made of several old ones.
    let back = wanted_rows * wanted_cols.div_ceil(cols);
    let back = past.take_back(back.min(MOST_BACK));
    let most = (rows + back.len()) * cols.div_ceil(wanted_cols) + wanted_rows;
    term.set_options(config(most));
    put_back(term, back);
    term.resize(size);
    past.lay_out(size.cols);
    let waiting = term.history_size() as i32;
    for row in -waiting..0 {
        past.push(&term.grid()[Line(row)][..]);
    }
    make_room(term, listener);
    if let Some(mut grid) = alternate {
        grid.resize(false, wanted_rows, wanted_cols);
        term.swap_alt();
        *term.grid_mut() = grid;
    }
    listener.put_back(said);
}

/// Puts rows between the past and the screen.
fn put_back(term: &mut Term<Listener>, back: Vec<Vec<alacritty_terminal::term::cell::Cell>>) {
    let (rows, cols) = (term.screen_lines() as i32, term.columns());
    let grid = term.grid_mut();
    let screen: Vec<_> = (0..rows).map(|row| grid[Line(row)].clone()).collect();
    let mut left = back.len();
    while left > 0 {
        let step = left.min(rows as usize);
        grid.scroll_up(&(Line(0)..Line(rows)), step);
        left -= step;
    }
    let first = -(back.len() as i32);
    for (row, cells) in (first..).zip(back) {
        grid[Line(row)] = Row::from_vec(cells, cols);
    }
    for (row, cells) in (0..).zip(screen) {
        grid[Line(row)] = cells;
    }
}

/// Gives the grid its window above the screen, without the thousand rows that it would set aside by itself.
fn make_room(term: &mut Term<Listener>, listener: &Listener) {
    let (rows, cols) = (term.screen_lines(), term.columns());
    let window = rows.max(WINDOW);
    // Without history rows are added at the bottom, and taken away there again; what was allocated stays.
    term.set_options(config(0));
    let grid = term.grid_mut();
    grid.resize(false, rows + window, cols);
    grid.truncate();
    grid.resize(false, rows, cols);
    term.set_options(config(window));
    // Changed options are told as a change of the title.
    listener.take();
}

fn config(history: usize) -> Config {
    Config {
        scrolling_history: history,
        osc52: Osc52::OnlyCopy,
        kitty_keyboard: true,
        ..Config::default()
    }
}
