//! Streams of chat APIs, one task each.

use super::super::effect::{Input, KeySource, StreamPlan};
use super::super::provider::{self, ChatRequest, Image, Message, Secret, StreamEvent};
use super::Mail;
use crate::protocol::{Category, Failure, SessionId};
use std::collections::HashMap;
use tokio::sync::mpsc;
use tokio::task::AbortHandle;

/// Events of one stream that may wait for the loop. When it is full the stream stops reading, and the
/// server has to wait.
const EVENTS: usize = 64;

pub struct Streams {
    running: HashMap<SessionId, AbortHandle>,
    inbox: mpsc::Sender<Mail>,
}

impl Streams {
    pub fn new(inbox: mpsc::Sender<Mail>) -> Streams {
        Streams {
            running: HashMap::new(),
            inbox,
        }
    }

    pub fn start(&mut self, session: SessionId, epoch: u64, plan: StreamPlan) {
        let inbox = self.inbox.clone();
        let task = tokio::spawn(async move {
            let (out, mut events) = mpsc::channel(EVENTS);
            let forward = async {
                while let Some(event) = events.recv().await {
                    let input = Input::Stream {
                        session,
                        epoch,
                        event,
                    };
                    if inbox.send(Mail::Input(input)).await.is_err() {
                        return;
                    }
                }
            };
            let asking = tokio::spawn(ask(plan, out));
            // When this task is aborted, so is the request.
            let _guard = AbortOnDrop(asking.abort_handle());
            forward.await;
            if asking.await.is_err() {
                let failure = Failure::new(
                    Category::Parse,
                    "the answer could not be read: a mistake in Antiphon",
                    "report it, with the engine's log",
                );
                let input = Input::Stream {
                    session,
                    epoch,
                    event: StreamEvent::Failed(failure),
                };
                let _ = inbox.send(Mail::Input(input)).await;
            }
        });
        if let Some(before) = self.running.insert(session, task.abort_handle()) {
            before.abort();
        }
    }

    /// Asks the provider how many tokens a request has.
    pub fn count(&mut self, session: SessionId, epoch: u64, plan: StreamPlan) {
        let inbox = self.inbox.clone();
        let task = tokio::spawn(async move {
            let counted = async { provider::count_tokens(&complete(plan).await?).await };
            let input = Input::Counted {
                session,
                epoch,
                tokens: counted.await.ok(),
            };
            let _ = inbox.send(Mail::Input(input)).await;
        });
        if let Some(before) = self.running.insert(session, task.abort_handle()) {
            before.abort();
        }
    }

    pub fn cut(&mut self, session: SessionId) {
        if let Some(task) = self.running.remove(&session) {
            task.abort();
        }
    }

    pub fn cut_all(&mut self) {
        for (_, task) in self.running.drain() {
            task.abort();
        }
    }
}

struct AbortOnDrop(AbortHandle);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn ask(plan: StreamPlan, out: mpsc::Sender<StreamEvent>) {
    match complete(plan).await {
        Ok(request) => provider::stream(request, out).await,
        Err(failure) => {
            let _ = out.send(StreamEvent::Failed(failure)).await;
        }
    }
}

/// The request of a plan, with its key and its images.
async fn complete(plan: StreamPlan) -> Result<ChatRequest, Failure> {
    Ok(ChatRequest {
        wire: plan.wire,
        base_url: plan.base_url,
        key: key(&plan.key).await?,
        headers: plan.headers,
        model: plan.model,
        system: plan.system,
        messages: with_images(plan.messages).await?,
        max_output_tokens: plan.max_output_tokens,
        options: plan.options,
    })
}

/// The messages with the images that they name.
async fn with_images(mut messages: Vec<Message>) -> Result<Vec<Message>, Failure> {
    if messages.iter().all(|message| message.attached.is_empty()) {
        return Ok(messages);
    }
    let read = tokio::task::spawn_blocking(move || {
        for message in &mut messages {
            let images = message.attached.iter().map(Image::read);
            message.images = images.collect::<Result<_, Failure>>()?;
        }
        Ok(messages)
    });
    let gone = |e| {
        Failure::new(
            Category::Missing,
            format!("the images could not be read: {e}"),
            "",
        )
    };
    read.await.map_err(gone)?
}

/// The key a request needs, from where the plan says.
///
/// # Errors
/// A key that must be there and is not; names the variable to set.
pub async fn key(source: &KeySource) -> Result<Option<Secret>, Failure> {
    let names: Vec<&str> = source.env.as_deref().into_iter().collect();
    let key = provider::api_key(&names, source.cmd.as_deref(), |name| {
        std::env::var(name).ok()
    })
    .await?;
    if key.is_none() && source.required {
        let name = source.env.as_deref().unwrap_or("api_key_cmd");
        return Err(Failure::new(
            Category::Auth,
            format!("{name} is not set where the engine was started"),
            format!(
                "export {name}=… and restart the engine (antiphon engine stop), or set api_key_cmd"
            ),
        ));
    }
    Ok(key)
}
