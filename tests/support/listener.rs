//! The terminal's side of the conversation: answers to what a program asks, and what it told.

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
    pub writer: Arc<Mutex<Box<dyn Write + Send>>>,
    pub heard: Arc<Mutex<Heard>>,
    /// Rows and columns.
    pub size: Arc<Mutex<(u16, u16)>>,
}

impl Listener {
    /// As if it were typed.
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
