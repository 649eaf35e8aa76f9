//! The rehearsal: a canned answer, made offline, said to be one. For a first look without any server, and for
//! measuring with many streams.

use super::reading::End;
use super::{ChatRequest, Role, StreamEvent};
use crate::protocol::{Category, Delta, Failure, Usage};
use std::time::Duration;
use tokio::sync::mpsc::Sender;
use tokio::time::interval;

const NOTICE: &str = "This is a rehearsal: a canned answer, made offline. No model was asked.";
/// A pleasant pace for a reader: about 33 words a second.
const PACE: Duration = Duration::from_millis(30);

const FIRST: &str = "Your prompt arrived: WORDS. A real model would answer it here, word by word, just as this text \
comes in.

To get one, leave the composer with `Ctrl-]`, press `n`, and choose a backend: the list shows what was found on this \
machine (the Claude CLI, a running Ollama, API keys in the environment) and says what is missing for the rest. The \
same from a shell:

```sh
antiphon spawn primer --backend claude
antiphon ask primer \"What does this folder hold?\"
```

Press `i` to write again and `?` for all keys. Ask me once more and I will tell you about forks.";

const SECOND: &str = "WORDS this time, and still nobody who could think about them. So, as promised:

- **Fork** (`f`): a new session that shares everything said so far. The shared part is stored once and costs nothing.
- **Relay** (`r`): this answer, sent to another session as its prompt.
- **Broadcast** (`b`): one prompt to all sessions that you marked with `Space`.

```sh
antiphon fork primer critic
antiphon broadcast \"Name one weakness of this design\" --to primer,critic
```

Above each pane stand its tokens, its cost and how full its context is. A `~` before a figure means that it was \
estimated, a `?` that it is not known.";

const LATER: &str = "WORDS, noted. This is answer number COUNT of a model that does not exist, which makes it a good \
one to try things on:

- Rate it with `1` to `5`, or `+` and `-`. Your ratings decide which model is suggested next.
- Press `Ctrl-C` while an answer streams to interrupt it; what had arrived is kept.
- Press `q` to detach. The engine and its sessions go on; start the program again to come back.

```sh
antiphon rate good
antiphon stats --days 7
```

When you want a real answer: `n` in normal mode, or `antiphon spawn`.";

/// A sentence without end, for measuring.
const FILLER: &str = "and the second choir answers what the first choir has sung ";

/// Plays the answer. The model chooses the text and its pace: `rehearsal` (or none) explains the program, another text
/// for the first, the second and every later turn; `rehearsal-50tps-N` sends N words at a steady 50 a second, any
/// other whole number likewise.
pub(super) async fn play(request: &ChatRequest, out: &Sender<StreamEvent>) -> Result<End, Failure> {
    let (pace, text) = match request.model.as_str() {
        "" | "rehearsal" => (PACE, script(request)),
        model => match measured(model) {
            Some((rate, words)) => (
                Duration::from_secs(1) / rate,
                FILLER.split_inclusive(' ').cycle().take(words).collect(),
            ),
            None => {
                return Err(Failure::new(
                    Category::Missing,
                    format!(
                        "the rehearsal has no model `{}`",
                        super::secret::one_line(model, 80)
                    ),
                    "it has one: rehearsal",
                ));
            }
        },
    };
    let model = match request.model.as_str() {
        "" => "rehearsal",
        model => model,
    };
    let notice = Delta::Notice {
        text: NOTICE.into(),
    };
    let mut events = vec![StreamEvent::Model(model.into()), StreamEvent::Delta(notice)];
    let mut usage = Usage {
        input: estimate(request),
        estimated: true,
        ..Usage::default()
    };
    let mut clock = interval(pace);
    let mut words = text.split_inclusive(' ');
    loop {
        for event in events.drain(..) {
            if out.send(event).await.is_err() {
                return Ok(End { stop_reason: None });
            }
        }
        let Some(word) = words.next() else { break };
        clock.tick().await;
        usage.output += 1;
        events.push(StreamEvent::Delta(Delta::Text { text: word.into() }));
    }
    let _ = out.send(StreamEvent::Usage(usage)).await;
    Ok(End {
        stop_reason: Some("end_turn".into()),
    })
}

/// The text for this turn, with the figures put in.
fn script(request: &ChatRequest) -> String {
    let prompts = request.messages.iter().filter(|m| m.role == Role::User);
    let count = prompts.count();
    let last = request.messages.last().map_or("", |m| m.text.as_str());
    let words = match last.split_whitespace().count() {
        1 => "1 word".into(),
        n => format!("{n} words"),
    };
    let text = match count {
        0 | 1 => FIRST,
        2 => SECOND,
        _ => LATER,
    };
    text.replace("WORDS", &words)
        .replace("COUNT", &count.to_string())
}

/// Rate and number of words of `rehearsal-RATEtps-WORDS`.
fn measured(model: &str) -> Option<(u32, usize)> {
    let (rate, words) = model.strip_prefix("rehearsal-")?.split_once("tps-")?;
    let rate = rate.parse().ok().filter(|rate| (1..=10_000).contains(rate));
    Some((rate?, words.parse().ok()?))
}

/// Tokens of the conversation, at four characters each.
fn estimate(request: &ChatRequest) -> u64 {
    let texts = request.messages.iter().map(|m| &m.text);
    let chars: usize = texts
        .chain(&request.system)
        .map(|text| text.chars().count())
        .sum();
    chars.div_ceil(4) as u64
}

#[cfg(test)]
mod tests {
    use super::super::stand_in::{request, stream_all};
    use super::super::{IDLE_LIMIT, Message, Wire};
    use super::*;
    use crate::protocol::{Block, response_text};
    use tokio::time::Instant;

    fn asked(model: &str, prompts: &[&str]) -> ChatRequest {
        let mut request = request(Wire::Rehearsal, "");
        request.model = model.into();
        request.messages.clear();
        for prompt in prompts {
            if !request.messages.is_empty() {
                request.messages.push(Message::new(Role::Assistant, "yes"));
            }
            request.messages.push(Message::new(Role::User, *prompt));
        }
        request
    }

    #[tokio::test(start_paused = true)]
    async fn each_turn_says_what_it_is_and_something_new() {
        for (prompts, said) in [
            (&["one two  three"][..], "Your prompt arrived: 3 words."),
            (&["a", "b"][..], "1 word this time"),
            (
                &["a", "b", "c d"][..],
                "2 words, noted. This is answer number 3",
            ),
        ] {
            let seen = stream_all(asked("rehearsal", prompts), IDLE_LIMIT).await;
            assert!(
                matches!(&seen.blocks[0], Block::Notice { text } if text.contains("No model was asked"))
            );
            let text = response_text(&seen.blocks);
            assert!(text.starts_with(said), "{text}");
            assert!(
                text.contains("```sh\nantiphon ") && !text.contains("  "),
                "{text}"
            );
            assert_eq!(seen.end, Some(Ok(Some("end_turn".into()))));
            let usage = seen.usage.unwrap();
            assert!(
                usage.estimated && usage.input > 0 && usage.output > 50,
                "{usage:?}"
            );
            assert_eq!(seen.model.as_deref(), Some("rehearsal"));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn the_measured_pace_is_steady() {
        let began = Instant::now();
        let seen = stream_all(asked("rehearsal-50tps-100", &["x"]), IDLE_LIMIT).await;
        let took = began.elapsed().as_millis();
        assert!((1980..=2200).contains(&took), "{took} ms");
        assert_eq!(seen.usage.unwrap().output, 100);
        assert_eq!(response_text(&seen.blocks).split_whitespace().count(), 100);
        let seen = stream_all(asked("rehearsal-fast", &["x"]), IDLE_LIMIT).await;
        assert_eq!(seen.failure().category, Category::Missing);
    }
}
