//! Real programs in real terminals; every wait has a condition and a deadline.

use super::*;
use crate::config::Means;
use crate::protocol::Line;
use std::sync::mpsc::{Receiver, Sender, channel};

const DEADLINE: Duration = Duration::from_secs(20);

struct Hosted {
    pty: Pty,
    events: Receiver<PtyEvent>,
    frames: Receiver<ScreenUpdate>,
    lines: Vec<Line>,
}

fn host_in(command: &[&str], rows: u16, cols: u16) -> Hosted {
    let (tell, events) = channel();
    let what = PtyStart {
        session: SessionId(1),
        command: command.iter().map(|word| word.to_string()).collect(),
        cwd: std::env::temp_dir(),
        rows,
        cols,
        scrollback: 500,
        scrollback_disk: 0,
        state: std::env::temp_dir(),
        env: vec![("ANTIPHON_SESSION".into(), "critic".into())],
        ..PtyStart::plain()
    };
    let pty = start(what, move |event| drop(tell.send(event))).unwrap();
    let (send, frames): (Sender<ScreenUpdate>, _) = channel();
    pty.watch(7, Box::new(move |update| drop(send.send(update))));
    Hosted {
        pty,
        events,
        frames,
        lines: Vec::new(),
    }
}

fn host(script: &str) -> Hosted {
    host_in(&["sh", "-c", script], 10, 60)
}

impl Hosted {
    /// Takes one frame and puts it into `lines`.
    fn frame(&mut self, deadline: Instant) -> Option<ScreenUpdate> {
        let left = deadline.saturating_duration_since(Instant::now());
        let update = self.frames.recv_timeout(left).ok()?;
        if update.full {
            self.lines = vec![Line::new(); update.rows.into()];
        }
        for (row, line) in &update.lines {
            self.lines[usize::from(*row)] = line.clone();
        }
        self.pty.took(7);
        Some(update)
    }

    fn shown(&self) -> String {
        let row = |line: &Line| line.iter().map(|run| run.text.as_str()).collect::<String>();
        self.lines.iter().map(row).collect::<Vec<_>>().join("\n")
    }

    /// Takes frames until `text` is on the screen.
    fn until(&mut self, text: &str) {
        let deadline = Instant::now() + DEADLINE;
        while !self.shown().contains(text) {
            let seen = self.frame(deadline).is_some();
            assert!(seen, "no {text:?} in:\n{}", self.shown());
        }
    }

    fn exit(&self) -> (Option<i32>, Option<i32>) {
        loop {
            let event = self.events.recv_timeout(DEADLINE).expect("an exit");
            if let PtyEvent::Exited { code, signal } = event {
                return (code, signal);
            }
        }
    }
}

#[test]
fn what_is_typed_comes_back_and_the_exit_is_told() {
    let mut cat = host_in(&["cat"], 5, 20);
    cat.pty.write(b"hello\n".to_vec()).unwrap();
    cat.until("hello\nhello");
    assert_eq!(cat.pty.screen_text(), "hello\nhello");
    cat.pty.write(b"\x04".to_vec()).unwrap();
    assert_eq!(cat.exit(), (Some(0), None));
    assert!(cat.pty.write(b"x".to_vec()).is_err());
    assert_eq!(host("exit 7").exit(), (Some(7), None));
    assert_eq!(host("kill -9 $$").exit(), (None, Some(9)));
}

#[test]
fn the_last_words_of_a_program_are_shown() {
    let mut said = host("printf last; exit 3");
    assert_eq!(said.exit(), (Some(3), None));
    said.until("last");
}

#[test]
fn questions_are_answered_to_the_program() {
    // The program reads the answer raw and shows its bytes.
    for (ask, bytes, shows) in [
        ("\\033[c", 5, "033   [   ?   6   c"),
        ("\\033[5n", 4, "033   [   0   n"),
        ("\\033[>q", 10, "033   P   >   |   a   n   t   i   p   h"),
        ("\\033]11;?\\033\\134", 8, "033   ]   1   1   ;   r   g   b"),
    ] {
        let script = format!(
            "stty raw -echo; printf '{ask}'; answer=$(dd bs=1 count={bytes} 2>/dev/null | od -An -c); stty sane; printf '%s' \"$answer\"; cat"
        );
        host(&script).until(shows);
    }
}

#[test]
fn the_environment_says_where_the_program_runs() {
    let mut env = host(
        "printf '%s/%s/%s/%s/%s.' \"$TERM\" \"$COLORTERM\" \"$TERM_PROGRAM\" \"$ANTIPHON_SESSION\" \"$TMUX\"",
    );
    env.until("xterm-256color/truecolor/antiphon/critic/.");
}

#[test]
fn titles_and_bells_are_told() {
    let hosted = host("printf '\\033]0;at work\\007\\007'; cat");
    let mut seen = Vec::new();
    while seen.len() < 2 {
        seen.push(hosted.events.recv_timeout(DEADLINE).unwrap());
    }
    assert_eq!(seen, [PtyEvent::Title("at work".into()), PtyEvent::Bell]);
}

#[test]
fn what_is_meant_for_the_clipboard_is_told_and_never_answered() {
    // A question for what is on it comes first; the program would see an answer.
    let hosted =
        host("printf '\\033]52;c;?\\007\\033]52;c;!!\\007\\033]52;c;aGFja2Vk\\007'; cat -v");
    let told = hosted.events.recv_timeout(DEADLINE).unwrap();
    assert_eq!(told, PtyEvent::Clipboard("hacked".into()));
    assert_eq!(hosted.pty.screen_text(), "");
}

#[test]
fn the_size_follows_the_pane() {
    let mut hosted = host("trap 'stty size' WINCH; stty size; while :; do read x; done");
    hosted.until("10 60");
    for size in 1..40 {
        hosted.pty.resize(size, size);
    }
    hosted.pty.resize(9, 33);
    hosted.until("9 33");
    assert_eq!(hosted.lines.len(), 9);
}

#[test]
fn a_paste_is_bracketed_or_refused() {
    let mut hosted = host("stty -echo; printf '\\033[?2004hready'; cat -v");
    hosted.until("ready");
    assert!(hosted.pty.bracketed_paste());
    hosted.pty.paste("a\nb\x1b[201~c\n").unwrap();
    hosted.pty.write(b"\n".to_vec()).unwrap();
    hosted.until("^[[200~a\nbc\n^[[201~");
    let plain = host("cat");
    assert!(plain.pty.paste("a\nb").is_err());
    assert!(plain.pty.paste("one line\n").is_ok());
}

#[test]
fn a_flood_is_skipped_and_quiet_is_quiet() {
    let mut hosted =
        host("i=0; while [ $i -lt 20000 ]; do echo line $i; i=$((i+1)); done; echo over; cat");
    let deadline = Instant::now() + DEADLINE;
    let first = hosted.frame(deadline).unwrap();
    assert!(first.full);
    let mut frames = 1_u128;
    let begun = Instant::now();
    while !hosted.shown().contains("over") {
        assert!(hosted.frame(deadline).is_some(), "{}", hosted.shown());
        frames += 1;
    }
    let most = begun.elapsed().as_millis() / watcher::FRAME.as_millis() + 3;
    assert!(frames <= most, "{frames} frames, at most {most} expected");
    // All is shown; without output there is nothing more.
    let later = hosted.frame(Instant::now() + Duration::from_millis(150));
    assert_eq!(later, None);
    assert!(hosted.pty.screen_text().contains("over"));
    // A key's echo is the first change after quiet.
    hosted.pty.write(b"k".to_vec()).unwrap();
    hosted.until("over\nk");
    hosted.pty.scroll(100);
    hosted.until("line 1989");
    assert!(!hosted.shown().contains("over"));
    hosted.pty.scroll(i32::MIN);
    hosted.until("over");
}

#[test]
fn a_face_that_does_not_take_is_sent_nothing_more() {
    let hosted = host("cat");
    hosted.frames.recv_timeout(DEADLINE).unwrap();
    let (send, others) = channel();
    hosted
        .pty
        .watch(8, Box::new(move |update| drop(send.send(update))));
    assert!(others.recv_timeout(DEADLINE).unwrap().full);
    hosted.pty.took(8);
    hosted.pty.write(b"echo".to_vec()).unwrap();
    assert!(!others.recv_timeout(DEADLINE).unwrap().full);
    assert!(hosted.frames.try_recv().is_err());
    hosted.pty.took(7);
    assert!(
        !hosted
            .frames
            .recv_timeout(DEADLINE)
            .unwrap()
            .lines
            .is_empty()
    );
}

#[test]
fn a_kill_ends_even_those_who_will_not_hear() {
    let mut deaf = host("trap '' HUP TERM INT; echo deaf; while :; do sleep 0.05; done");
    deaf.until("deaf");
    deaf.pty.kill();
    assert_eq!(deaf.exit(), (None, Some(9)));
    let mut plain = host("echo here; exec cat");
    plain.until("here");
    let Hosted { pty, events, .. } = plain;
    drop(pty);
    let exit = events.iter().find(|e| matches!(e, PtyEvent::Exited { .. }));
    let by_hangup = PtyEvent::Exited {
        code: None,
        signal: Some(1),
    };
    assert_eq!(exit, Some(by_hangup));
}

#[test]
fn a_program_that_does_not_read_holds_up_nobody() {
    let mut deaf = host("stty raw -echo; echo up; exec sleep 60");
    deaf.until("up");
    let mut refused = None;
    for _ in 0..40 {
        refused = refused.or(deaf.pty.write(vec![b'x'; 64 * 1024]).err());
    }
    assert!(refused.unwrap().what.contains("does not read"));
    deaf.pty.kill();
    deaf.exit();
}

#[test]
fn a_missing_program_is_said_to_be_missing() {
    let what = PtyStart {
        command: vec!["no-such-program".into()],
        ..PtyStart::plain()
    };
    let failure = start(what, |_| {}).err().unwrap();
    assert_eq!(failure.message, "`no-such-program` is not on the PATH");
    assert_eq!(failure.category, Category::Missing);
}

#[test]
fn a_hidden_screen_is_looked_at_after_each_change_and_then_no_more() {
    let (tell, events) = channel();
    let rules = "rules = [{ match = '^Proceed', status = 'needs_you', kind = 'approval' }, \
        { match = 'esc to stop', status = 'working' }]";
    let rules: crate::config::agents::Title = toml::from_str(rules).unwrap();
    let script = "printf '\\033]133;C\\007 (1s, esc to stop)\\n'; read a; \
        printf '\\033[2JProceed? [y]\\n'; read b; printf '\\033[2J'; read c";
    let what = PtyStart {
        command: vec!["sh".into(), "-c".into(), script.into()],
        sight: Sight {
            lines: 3,
            rules: rules.rules,
        },
        ..PtyStart::plain()
    };
    // Nobody watches.
    let pty = start(what, move |event| drop(tell.send(event))).unwrap();
    let next = || {
        let seen = events.iter().find_map(|event| match event {
            PtyEvent::Seen(seen) => Some(seen),
            PtyEvent::Exited { .. } => panic!("it has ended"),
            _ => None,
        });
        seen.expect("it is told")
    };
    assert_eq!(next().map(|seen| seen.means), Some(Means::Working));
    pty.write(b"\n".to_vec()).unwrap();
    let asked = next().expect("it asks");
    assert!(matches!(asked.means, Means::NeedsYou(_)));
    assert_eq!(asked.line, "Proceed? [y]");
    pty.write(b"\n".to_vec()).unwrap();
    assert_eq!(next(), None, "and asks no more");
}

#[test]
fn a_storm_of_sizes_in_a_flood_is_borne() {
    let mut flood =
        host("yes '表示 0123456789 abcdefghij' & sleep 1.5; kill $!; wait; echo over; cat");
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(1) {
        for size in 1..60 {
            flood.pty.resize(size, size * 3 % 101);
            flood.pty.scroll(i32::from(size % 3) * 7);
        }
        let _ = flood.frame(Instant::now());
    }
    flood.pty.resize(10, 60);
    flood.pty.scroll(i32::MIN);
    flood.until("over");
    let found = flood
        .pty
        .lines()
        .find("^表示 0123456789 abcdefghij$", 10)
        .unwrap();
    assert!(found.matches.len() == 10 && found.more);
    let last = found.matches[9];
    let text = flood
        .pty
        .lines()
        .text((last.line, 0), (last.last_line, 59), false);
    assert_eq!(text, "表示 0123456789 abcdefghij");
}
