//! A program in a terminal of its own: what it draws is read by a terminal emulator, what it asks the
//! terminal is answered, and the test waits for what it should show.

use super::{
    DEADLINE,
    home::{ANTIPHON, Home, kill},
    keys,
    listener::{Heard, Listener},
    svg,
};
use alacritty_terminal::{
    Term,
    grid::Dimensions,
    index::{Column, Line},
    term::{Config, TermMode, cell::Flags, test::TermSize},
    vte::ansi::Processor,
};
use portable_pty::{CommandBuilder, ExitStatus, MasterPty, PtySize, native_pty_system};
use std::{
    io::Read,
    sync::{Arc, Condvar, Mutex, MutexGuard},
    thread,
    time::{Duration, Instant},
};

struct View {
    term: Term<Listener>,
    parser: Processor,
    /// Everything the program has written.
    written: Vec<u8>,
    /// The terminal was closed by the last program on it.
    closed: bool,
    exit: Option<ExitStatus>,
}

struct Shared {
    view: Mutex<View>,
    changed: Condvar,
}

impl Shared {
    /// A test that failed elsewhere must still be able to show its screen.
    fn lock(&self) -> MutexGuard<'_, View> {
        self.view
            .lock()
            .unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

/// A running program and its screen. Dropping it hangs up and kills the program; the engine is its
/// [`Home`]'s to end.
pub struct Screen<'a> {
    shared: Arc<Shared>,
    listener: Listener,
    master: Box<dyn MasterPty + Send>,
    home: &'a Home,
    pub pid: u32,
}

impl<'a> Screen<'a> {
    /// `antiphon ARGS` on a terminal of `cols` by `rows`.
    pub fn open(home: &'a Home, args: &[&str], cols: u16, rows: u16) -> Screen<'a> {
        Screen::run(home, ANTIPHON, args, cols, rows)
    }

    /// Any program.
    pub fn run(home: &'a Home, program: &str, args: &[&str], cols: u16, rows: u16) -> Screen<'a> {
        let size = PtySize {
            rows,
            cols,
            pixel_width: 0,
            pixel_height: 0,
        };
        let pair = native_pty_system().openpty(size).expect("a terminal");
        let mut command = CommandBuilder::new(program);
        command.args(args);
        command.cwd(home.user());
        command.env_clear();
        home.environment()
            .for_each(|(name, value)| command.env(name, value));
        let mut child = pair
            .slave
            .spawn_command(command)
            .expect("the program starts");
        drop(pair.slave);
        let mut reader = pair.master.try_clone_reader().expect("its output");
        let listener = Listener {
            writer: Arc::new(Mutex::new(pair.master.take_writer().expect("its input"))),
            heard: Arc::default(),
            size: Arc::new(Mutex::new((rows, cols))),
        };
        let term = Term::new(
            Config::default(),
            &TermSize::new(cols.into(), rows.into()),
            listener.clone(),
        );
        let view = View {
            term,
            parser: Processor::new(),
            written: Vec::new(),
            closed: false,
            exit: None,
        };
        let shared = Arc::new(Shared {
            view: Mutex::new(view),
            changed: Condvar::new(),
        });
        let pid = child.process_id().unwrap_or_default();
        let drawn = shared.clone();
        thread::spawn(move || {
            let mut buffer = [0; 16 * 1024];
            // The end is an error on Linux and nothing to read elsewhere.
            while let Ok(count @ 1..) = reader.read(&mut buffer) {
                let mut view = drawn.lock();
                let View {
                    term,
                    parser,
                    written,
                    ..
                } = &mut *view;
                parser.advance(term, &buffer[..count]);
                written.extend_from_slice(&buffer[..count]);
                drawn.changed.notify_all();
            }
            drawn.lock().closed = true;
            drawn.changed.notify_all();
        });
        let ended = shared.clone();
        thread::spawn(move || {
            let status = child
                .wait()
                .unwrap_or_else(|_| ExitStatus::with_exit_code(u32::MAX));
            ended.lock().exit = Some(status);
            ended.changed.notify_all();
        });
        Screen {
            shared,
            listener,
            master: pair.master,
            home,
            pid,
        }
    }

    /// The screen, as soon as `met` holds for it. Panics with all there is to see when it does not in time,
    /// or when the program has ended and will never get there.
    #[track_caller]
    pub fn wait_for(&self, what: &str, met: impl Fn(&str) -> bool) -> String {
        self.wait(
            what,
            |view| Some(text_of(&view.term)).filter(|text| met(text)),
            |view| view.closed,
        )
    }

    /// The screen, as soon as it shows `text`.
    #[track_caller]
    pub fn wait_for_text(&self, text: &str) -> String {
        self.wait_for(&format!("`{text}`"), |screen| screen.contains(text))
    }

    /// How the program ended, with everything it drew before.
    #[track_caller]
    pub fn wait_for_exit(&self) -> ExitStatus {
        let over = |view: &View| view.exit.clone().filter(|_| view.closed);
        self.wait("end of the program", over, |_| false)
    }

    /// The terminal's modes, as soon as `met` holds for them.
    #[track_caller]
    pub fn wait_for_modes(&self, what: &str, met: impl Fn(TermMode) -> bool) -> TermMode {
        self.wait(
            what,
            |view| Some(*view.term.mode()).filter(|modes| met(*modes)),
            |view| view.closed,
        )
    }

    #[track_caller]
    fn wait<T>(
        &self,
        what: &str,
        ready: impl Fn(&View) -> Option<T>,
        hopeless: impl Fn(&View) -> bool,
    ) -> T {
        let until = Instant::now() + DEADLINE;
        let mut view = self.shared.lock();
        loop {
            if let Some(found) = ready(&view) {
                return found;
            }
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() || hopeless(&view) {
                let report = report(&view, what);
                // Before the panic, or the threads that share the lock would hide the screen with their own.
                drop(view);
                panic!(
                    "{report}\n── the engine's log ends with ──\n{}",
                    self.home.log_tail()
                );
            }
            view = match self.shared.changed.wait_timeout(view, left) {
                Ok((view, _)) => view,
                Err(poisoned) => poisoned.into_inner().0,
            };
        }
    }

    pub fn type_text(&self, text: &str) {
        self.listener.write(text.as_bytes());
    }

    /// One key by its name, see [`keys::bytes`].
    pub fn key(&self, name: &str) {
        let application = self.modes().contains(TermMode::APP_CURSOR);
        self.listener.write(&keys::bytes(name, application));
    }

    /// As a terminal pastes: bracketed where the program asked for it.
    pub fn paste(&self, text: &str) {
        match self.modes().contains(TermMode::BRACKETED_PASTE) {
            true => self.type_text(&format!("\x1b[200~{text}\x1b[201~")),
            false => self.type_text(text),
        }
    }

    /// Presses and lets go of the left button; column and row from 0.
    pub fn click(&self, col: u16, row: u16) {
        let (col, row) = (col + 1, row + 1);
        self.type_text(&format!("\x1b[<0;{col};{row}M\x1b[<0;{col};{row}m"));
    }

    /// Turns the wheel by one: up, or down.
    pub fn wheel(&self, up: bool, col: u16, row: u16) {
        self.type_text(&format!(
            "\x1b[<{};{};{}M",
            if up { 64 } else { 65 },
            col + 1,
            row + 1
        ));
    }

    pub fn resize(&self, cols: u16, rows: u16) {
        // The emulator first, as a terminal does: the program draws for the new size once it is told.
        self.shared
            .lock()
            .term
            .resize(TermSize::new(cols.into(), rows.into()));
        *self.listener.size.lock().unwrap() = (rows, cols);
        let size = PtySize {
            rows,
            cols,
            pixel_width: 0,
            pixel_height: 0,
        };
        self.master
            .resize(size)
            .expect("the terminal takes its size");
    }

    /// What is on the screen now, a line for each row, without blanks at the ends.
    pub fn text(&self) -> String {
        text_of(&self.shared.lock().term)
    }

    pub fn modes(&self) -> TermMode {
        *self.shared.lock().term.mode()
    }

    /// Column and row, from 0.
    pub fn cursor(&self) -> (usize, usize) {
        let point = self.shared.lock().term.grid().cursor.point;
        (point.column.0, usize::try_from(point.line.0).unwrap_or(0))
    }

    pub fn heard(&self) -> Heard {
        self.listener.heard.lock().unwrap().clone()
    }

    /// How many bytes the program has written; stands still while nothing is drawn.
    pub fn written(&self) -> u64 {
        self.shared.lock().written.len() as u64
    }

    /// The bytes themselves, as the terminal got them.
    pub fn raw(&self) -> Vec<u8> {
        self.shared.lock().written.clone()
    }

    /// Whether the program stays quiet for that long.
    pub fn is_quiet_for(&self, time: Duration) -> bool {
        let until = Instant::now() + time;
        let mut view = self.shared.lock();
        let before = view.written.len();
        while view.written.len() == before {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return true;
            }
            view = match self.shared.changed.wait_timeout(view, left) {
                Ok((view, _)) => view,
                Err(poisoned) => poisoned.into_inner().0,
            };
        }
        false
    }

    /// The screen as a picture.
    pub fn svg(&self) -> String {
        svg::svg(&self.shared.lock().term)
    }
}

impl Drop for Screen<'_> {
    fn drop(&mut self) {
        let running = self.shared.lock().exit.is_none();
        if running {
            kill(self.pid);
        }
    }
}

fn report(view: &View, what: &str) -> String {
    let cursor = view.term.grid().cursor.point;
    let exit = view
        .exit
        .as_ref()
        .map_or("still running".into(), |status| format!("ended: {status}"));
    let (cols, rows) = (view.term.columns(), view.term.screen_lines());
    format!(
        "no {what}; the program is {exit}; cursor at column {} of row {}; modes {:?}\n── screen, {cols} by {rows} ──\n{}",
        cursor.column.0,
        cursor.line.0,
        view.term.mode(),
        text_of(&view.term)
    )
}

/// What is on a screen: a line for each row, without blanks at the ends.
pub fn text_of<T>(term: &Term<T>) -> String {
    let mut lines = Vec::with_capacity(term.screen_lines());
    for row in 0..term.screen_lines() {
        let mut line = String::new();
        for column in 0..term.columns() {
            let cell = &term.grid()[Line(row as i32)][Column(column)];
            if !cell
                .flags
                .intersects(Flags::WIDE_CHAR_SPACER | Flags::LEADING_WIDE_CHAR_SPACER)
            {
                line.push(cell.c);
                line.extend(cell.zerowidth().into_iter().flatten());
            }
        }
        lines.push(line.trim_end().to_owned());
    }
    lines.join("\n").trim_end().to_owned()
}
