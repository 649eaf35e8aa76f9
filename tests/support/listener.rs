//! The terminal's own part of the talk: it answers what the program asks, and remembers what it tells.

use alacritty_terminal::{
    event::{Event, EventListener, WindowSize},
    vte::ansi::Rgb,
};
use std::{
    io::Write,
    sync::{Arc, Mutex},
};

/// What the program told the terminal besides what it drew.
#[derive(Clone, Debug, Default)]
pub struct Heard {
    pub title: Option<String>,
    pub bells: usize,
    /// Everything it tried to put on the clipboard.
    pub clipboard: Vec<String>,
}

/// Answers the program's questions, and remembers what it tells.
#[derive(Clone)]
pub struct Listener {
    writer: Arc<Mutex<Box<dyn Write + Send>>>,
    heard: Arc<Mutex<Heard>>,
    size: Arc<Mutex<(u16, u16)>>,
}

impl Listener {
    /// `size`: rows and columns.
    pub fn new(writer: Box<dyn Write + Send>, size: (u16, u16)) -> Listener {
        Listener {
            writer: Arc::new(Mutex::new(writer)),
            heard: Arc::default(),
            size: Arc::new(Mutex::new(size)),
        }
    }

    pub fn resized(&self, rows: u16, cols: u16) {
        *self.size.lock().unwrap() = (rows, cols);
    }

    pub fn heard(&self) -> Heard {
        self.heard.lock().unwrap().clone()
    }

    /// Sends the program what was typed or answered.
    pub fn write(&self, bytes: &[u8]) {
        let mut writer = self.writer.lock().unwrap();
        // A program that has ended takes no more keys; the test will see that it ended.
        let _ = writer.write_all(bytes).and_then(|()| writer.flush());
    }
}

impl EventListener for Listener {
    fn send_event(&self, event: Event) {
        let mut heard = self.heard.lock().unwrap();
        match event {
            Event::PtyWrite(answer) => self.write(answer.as_bytes()),
            Event::ColorRequest(_, answer) => self.write(
                answer(Rgb {
                    r: 30,
                    g: 30,
                    b: 46,
                })
                .as_bytes(),
            ),
            Event::TextAreaSizeRequest(answer) => {
                let (num_lines, num_cols) = *self.size.lock().unwrap();
                let size = WindowSize {
                    num_lines,
                    num_cols,
                    cell_width: 8,
                    cell_height: 16,
                };
                self.write(answer(size).as_bytes());
            }
            Event::Title(title) => heard.title = Some(title),
            Event::ResetTitle => heard.title = None,
            Event::Bell => heard.bells += 1,
            Event::ClipboardStore(_, text) => heard.clipboard.push(text),
            _ => {}
        }
    }
}
