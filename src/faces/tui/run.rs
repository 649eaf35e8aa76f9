//! The loop: keys, the engine, one timer and frames. It acts; what is to be done is thought of in `update`.

use crate::config::Loaded;
use crate::error::{Error, Result};
use crate::faces::client::{Client, Incoming};
use crate::faces::tui::ability::{style, switch, tells_keys_apart};
use crate::faces::tui::desktop;
use crate::faces::tui::guard::Guard;
use crate::faces::tui::input::keys;
use crate::faces::tui::keeping;
use crate::faces::tui::linked::Linked;
use crate::faces::tui::model::left::Left;
use crate::faces::tui::model::{Mode, Model};
use crate::faces::tui::notify::Outer;
use crate::faces::tui::pace::{Pace, Wanted};
use crate::faces::tui::update::{Cmd, Msg, Purpose, Timer, update};
use crate::faces::tui::views::depth::Depth;
use crate::faces::tui::views::{self, CursorAt};
use crate::faces::tui::waiting::{Connecting, connected, next};
use crate::protocol::{Answer, CursorShape, Event, Level, Op, Refusal, Request};
use futures_util::StreamExt;
use ratatui::Terminal;
use ratatui::crossterm::event::{Event as TermEvent, EventStream, KeyEventKind};
use ratatui::crossterm::style::Print;
use ratatui::crossterm::terminal::{BeginSynchronizedUpdate, EndSynchronizedUpdate};
use ratatui::crossterm::{execute, queue};
use std::collections::HashMap;
use std::io::{BufWriter, IsTerminal, Stdout, stdin, stdout};
use std::path::PathBuf;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};

/// Makes connections: the first one, and another each time the engine was lost. With `true` an engine is
/// started if none runs.
pub type Connector = Box<dyn Fn(bool) -> Connecting + Send>;

/// What the face is started with.
pub struct Start {
    pub loaded: Loaded,
    /// Reads the files again.
    pub reload: Box<dyn Fn() -> Loaded + Send>,
    /// Whether clicks and the wheel are ours; the terminal's own selection then needs shift.
    pub mouse: bool,
    /// The folder in which sessions are spawned; `None`: the engine's.
    pub cwd: Option<PathBuf>,
    /// The folder in which drafts and open panes are kept from one face to the next; `None`: they are not.
    pub state: Option<PathBuf>,
}

/// Why a prompt is not sent: an image that is to go along is not there.
fn not_there(request: &Request) -> Option<Refusal> {
    let Request::Op(Op::Ask { attached, .. }) = request else {
        return None;
    };
    let missing = attached.iter().find(|path| !path.is_file())?;
    Some(Refusal::new(
        format!("not sent: there is no file {}", missing.display()),
        "backspace in the empty composer takes it away",
    ))
}

type Screen = Terminal<Linked<BufWriter<Stdout>>>;

/// Opens the screen and stays until the user leaves. Sessions go on.
///
/// # Errors
/// No engine could be reached, or the terminal cannot be used. The terminal is restored before.
pub async fn run(start: Start, connect: Connector) -> Result<()> {
    if !stdin().is_terminal() || !stdout().is_terminal() {
        let what = "the full screen needs a terminal, and this is none";
        let next = "antiphon --help shows what works in a pipe";
        return Err(Error::new(what, "", next));
    }
    let (client, incoming) = connect(true).await?;
    let terminal_error = |e: std::io::Error| {
        let what = format!("cannot use this terminal: {e}");
        Error::new(what, "standard output", "run antiphon in a terminal")
    };
    let guard = Guard::take(start.mouse).map_err(terminal_error)?;
    let keyboard = tells_keys_apart(&|name| std::env::var(name).ok());
    let screen = Terminal::new(Linked::new(BufWriter::with_capacity(64 * 1024, stdout())));
    let screen = screen.map_err(terminal_error)?;
    let size = screen.size().map_err(terminal_error)?;
    let mut model = Model::new(start.loaded, (size.width, size.height));
    model.zone = jiff::tz::TimeZone::system();
    model.cwd = start.cwd;
    model.home = std::env::home_dir();
    model.keyboard = keyboard;
    model.depth = Depth::of(&|name| std::env::var(name).ok());
    model.left = start.state.as_deref().map(keeping::read);
    // Whoever has just called for it is there.
    model.touched = Some(jiff::Timestamp::now().as_millisecond());
    let mut face = Face {
        model,
        screen,
        connect,
        reload: start.reload,
        client: Some(client),
        incoming: Some(incoming),
        connecting: None,
        quietly: false,
        pending: HashMap::new(),
        timer: None,
        shape: None,
        quit: false,
        outer: Outer::of(&|name| std::env::var(name).ok()),
        pace: Pace::default(),
        keep: start.state.clone(),
        mouse: start.mouse,
    };
    face.take(Msg::Connected).await;
    let result = face.live().await.map_err(terminal_error);
    // Before the first snapshot the drafts of the last time are still where they were.
    let kept = match start.state.filter(|_| face.model.left.is_none()) {
        Some(folder) => keeping::write(&folder, &Left::of(&face.model)),
        None => Ok(()),
    };
    drop(guard);
    if let Err(error) = kept {
        let next = "see to it that the folder can be written";
        let what = format!("the drafts could not be kept: {error}");
        return result.and(Err(Error::new(what, "", next)));
    }
    result
}

struct Face {
    model: Model,
    screen: Screen,
    connect: Connector,
    reload: Box<dyn Fn() -> Loaded + Send>,
    client: Option<Client>,
    incoming: Option<mpsc::Receiver<Incoming>>,
    connecting: Option<Connecting>,
    /// Whether the connection under way was not asked for in words; then nothing is said if it fails.
    quietly: bool,
    /// What the requests under way are for. Bounded by what a person can ask for before the replies come.
    pending: HashMap<u64, Purpose>,
    timer: Option<(Instant, Timer)>,
    /// The cursor's shape as the terminal has it.
    shape: Option<CursorShape>,
    quit: bool,
    outer: Outer,
    pace: Pace,
    /// The folder in which drafts are kept.
    keep: Option<PathBuf>,
    /// Whether clicks and the wheel are ours.
    mouse: bool,
}

impl Face {
    async fn live(&mut self) -> std::io::Result<()> {
        let mut keys = EventStream::new();
        let mut terminate = signal(SignalKind::terminate())?;
        let mut hangup = signal(SignalKind::hangup())?;
        let mut interrupt = signal(SignalKind::interrupt())?;
        self.pace.want(Wanted::Frame);
        while !self.quit {
            let now = Instant::now();
            let mut frame_at = self.pace.frame_at(now);
            if frame_at.is_some_and(|at| at <= now) {
                self.draw().await?;
                self.pace.drawn(now, Instant::now());
                frame_at = None;
            }
            let timer_at = self.timer.map(|(at, _)| at);
            tokio::select! {
                biased;
                _ = terminate.recv() => break,
                _ = hangup.recv() => break,
                _ = interrupt.recv() => break,
                event = keys.next() => match event {
                    None => break,
                    Some(event) => {
                        let wanted = self.terminal_event(event?).await;
                        self.pace.want(wanted);
                    }
                },
                () = sleep_until(frame_at.unwrap_or(now)), if frame_at.is_some() => {}
                message = next(&mut self.incoming) => {
                    let wanted = self.engine_says(message).await;
                    self.pace.want(wanted);
                }
                result = connected(&mut self.connecting) => {
                    self.connecting = None;
                    self.connection(result).await;
                    self.pace.want(Wanted::Frame);
                }
                () = sleep_until(timer_at.unwrap_or_else(Instant::now)), if timer_at.is_some() => {
                    if let Some((_, timer)) = self.timer.take() {
                        self.take(Msg::Timer(timer)).await;
                    }
                }
            }
        }
        Ok(())
    }

    /// Whether the screen may have changed.
    async fn terminal_event(&mut self, event: TermEvent) -> Wanted {
        let msg = match event {
            TermEvent::Key(event) if event.kind != KeyEventKind::Release => Msg::Key {
                chord: keys::chord(event),
                event,
            },
            TermEvent::Paste(text) => Msg::Paste(text),
            TermEvent::Mouse(event) => Msg::Mouse(event),
            TermEvent::Resize(width, height) => Msg::Resize(width, height),
            TermEvent::FocusGained => Msg::Focus,
            TermEvent::FocusLost => Msg::Blur,
            TermEvent::Key(event) => Msg::Released(event),
        };
        let noticed = self.model.notice.is_some() || self.model.copying.is_some();
        let seen = msg.is_seen();
        match self.take(msg).await {
            // What a key does is seen when the program shows it.
            true if !noticed => Wanted::Nothing,
            _ if !seen => Wanted::Nothing,
            _ => Wanted::Frame,
        }
    }

    async fn engine_says(&mut self, message: Option<Incoming>) -> Wanted {
        match message {
            Some(Incoming::Event(event)) => {
                let wanted = match &event {
                    Event::Screen(update) => self.pace.picture(update.session, Instant::now()),
                    _ => Wanted::Frame,
                };
                self.take(Msg::Event(event)).await;
                return wanted;
            }
            Some(Incoming::Reply { id, result }) => {
                let Some(purpose) = self.pending.remove(&id) else {
                    return Wanted::Nothing;
                };
                // That a change was made is seen by the events that come of it.
                let made = purpose == Purpose::Change && matches!(result, Ok(Answer::Done));
                self.take(Msg::Reply { purpose, result }).await;
                if made {
                    return Wanted::Nothing;
                }
            }
            Some(Incoming::Lost(reason)) => self.lost(reason).await,
            None => self.lost("the connection ended".to_owned()).await,
        }
        Wanted::Frame
    }

    /// The engine is gone. What it had not acknowledged comes back as refused.
    async fn lost(&mut self, reason: String) {
        self.client = None;
        self.incoming = None;
        for (_, purpose) in std::mem::take(&mut self.pending) {
            if purpose == Purpose::Shutdown {
                self.quit = true;
            }
            let refusal = Refusal::new("the engine was lost before it answered", "send it again");
            self.take(Msg::Reply {
                purpose,
                result: Err(refusal),
            })
            .await;
        }
        self.take(Msg::Lost(reason)).await;
    }

    async fn connection(&mut self, result: Result<(Client, mpsc::Receiver<Incoming>)>) {
        match result {
            Ok((client, incoming)) => {
                self.client = Some(client);
                self.incoming = Some(incoming);
                self.take(Msg::Connected).await;
            }
            Err(_) if self.quietly => {}
            Err(error) => {
                let text = format!("{} {} {}", error.what, error.place, error.next);
                self.take(Msg::NotConnected(text)).await;
            }
        }
    }

    /// Whether all that was to be done was to send keys to a program.
    async fn take(&mut self, msg: Msg) -> bool {
        self.model.now = jiff::Timestamp::now().as_millisecond();
        let wrote = self.model.mode == Mode::Insert;
        let mut sent = false;
        let mut keys_only = None;
        for cmd in update(&mut self.model, msg) {
            let cmd = match cmd {
                Cmd::Send { request, purpose } => match not_there(&request) {
                    // It goes back to the composer, where it can be mended.
                    Some(refusal) => {
                        let result = Err(refusal);
                        update(&mut self.model, Msg::Reply { purpose, result });
                        continue;
                    }
                    None => Cmd::Send { request, purpose },
                },
                cmd => cmd,
            };
            let keys = matches!(
                &cmd,
                Cmd::Send {
                    request: Request::Op(Op::Input { .. }),
                    ..
                }
            );
            keys_only = Some(keys && keys_only.unwrap_or(true));
            match cmd {
                Cmd::Send { request, purpose } => match &self.client {
                    Some(client) => {
                        sent |= matches!(purpose, Purpose::Prompt { .. });
                        self.pace.sends(&request, Instant::now());
                        let id = client.send(request).await;
                        self.pending.insert(id, purpose);
                    }
                    // The engine went in this moment: what was sent comes back.
                    None => {
                        let refusal = Refusal::new("the engine is gone", "send it again");
                        let result = Err(refusal);
                        update(&mut self.model, Msg::Reply { purpose, result });
                    }
                },
                Cmd::Arm(timer) => self.timer = Some((Instant::now() + timer.delay(), timer)),
                Cmd::Connect { start } if self.connecting.is_none() => {
                    self.quietly = !start;
                    self.connecting = Some((self.connect)(start));
                }
                // The one under way goes on; asked for in words, it starts the engine.
                Cmd::Connect { start } => {
                    if start && self.quietly {
                        self.quietly = false;
                        self.connecting = Some((self.connect)(true));
                    }
                }
                // A screen that cannot be cleared is drawn over; the next frame reports a real error.
                Cmd::Clear => drop(self.screen.clear()),
                Cmd::Bell => drop(execute!(self.screen.backend_mut(), Print('\x07'))),
                Cmd::Copy(text) => desktop::copy(self.screen.backend_mut(), text),
                Cmd::Open(target) => match desktop::open(&target) {
                    Ok(()) => self.model.notify(Level::Info, format!("opened {target}")),
                    Err(what) => self.model.notify(Level::Error, what),
                },
                Cmd::Switch { keyboard, motion } => drop(execute!(
                    self.screen.backend_mut(),
                    Print(switch(keyboard, self.mouse, motion))
                )),
                Cmd::Notify(text) => {
                    let how = self.model.settings.desktop;
                    self.outer.tell(self.screen.backend_mut(), &text, how);
                }
                Cmd::Reload => self.model.configure((self.reload)()),
                Cmd::Quit => self.quit = true,
            }
        }
        // A prompt that was sent is no draft any more, and one that is left for now should survive this face.
        let left = wrote && self.model.mode == Mode::Normal;
        if (sent || left)
            && self.model.left.is_none()
            && let Some(folder) = &self.keep
        {
            // What cannot be kept now is tried again, and told, on leave.
            let _ = keeping::write(folder, &Left::of(&self.model));
        }
        keys_only == Some(true)
    }

    async fn draw(&mut self) -> std::io::Result<()> {
        queue!(self.screen.backend_mut(), BeginSynchronizedUpdate)?;
        let mut cursor = CursorAt::default();
        self.model.now = jiff::Timestamp::now().as_millisecond();
        let model = &self.model;
        let targets = views::links::targets(model);
        self.screen.backend_mut().targets.clone_from(&targets);
        self.screen.draw(|frame| {
            cursor = views::draw(model, frame.buffer_mut());
            views::links::draw_always(&targets, frame.buffer_mut());
            if let Some(position) = cursor.position {
                frame.set_cursor_position(position);
            }
        })?;
        if cursor.shape != self.shape {
            self.shape = cursor.shape;
            queue!(self.screen.backend_mut(), style(cursor.shape))?;
        }
        execute!(self.screen.backend_mut(), EndSynchronizedUpdate)?;
        for session in std::mem::take(&mut self.model.untaken) {
            if let Some(client) = &self.client {
                client.send(Request::Op(Op::Took { session })).await;
            }
        }
        Ok(())
    }
}
