//! Sends a request, reads the answer, and says what is wrong with a connection.

use super::client::{client, endpoint, is_loopback};
use super::failure::Asked;
use super::limits::answered;
use super::reading::{End, Reading};
use super::secret::{Secret, one_line};
use super::{ChatRequest, StreamEvent, Wire};
use super::{anthropic, gemini, ollama, openai, options, responses};
use crate::protocol::{Category, Delta, Failure, Millis};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, Response, Url};
use serde_json::Value;
use std::error::Error;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::sync::mpsc::Sender;
use tokio::time::timeout;

/// The longest body of a refusal that is read.
const MAX_REFUSAL: usize = 64 * 1024;

/// How long to wait for usage and the proper end of the stream once the model has finished.
const LAST_WORDS: Duration = Duration::from_secs(5);

pub(super) use super::client::place;

/// Runs a whole request; the caller tells how it ended. Ends early, in whatever way, when nobody listens any more.
pub(super) async fn run(
    request: &ChatRequest,
    out: &Sender<StreamEvent>,
    idle: Duration,
) -> Result<End, Failure> {
    let asked = Asked::new(request);
    let (tail, body) = match request.wire {
        Wire::Anthropic => ("messages".to_owned(), anthropic::body(request)),
        Wire::Ollama => ("chat".to_owned(), ollama::body(request)),
        Wire::OpenAiResponses => ("responses".to_owned(), responses::body(request)),
        Wire::Gemini => (
            gemini::resource(&request.model) + ":streamGenerateContent",
            gemini::body(request),
        ),
        Wire::OpenAiChat | Wire::Rehearsal => {
            ("chat/completions".to_owned(), openai::body(request))
        }
    };
    let mut url = endpoint(request.wire, &request.base_url, &tail)?;
    if request.wire == Wire::Gemini {
        url.query_pairs_mut().append_pair("alt", "sse");
    }
    let headers = headers(request.wire, request.key.as_ref(), &request.headers)?;
    let response = deliver(&asked, Method::POST, url, headers, Some(&body), idle).await?;
    drop(body);
    let head = answered(response.headers(), now());
    if out.send(head).await.is_err() {
        return Ok(End { stop_reason: None });
    }
    let mut response = accepted(&asked, response).await?;
    if let Some(text) = options::notice(request) {
        let notice = StreamEvent::Delta(Delta::Notice { text });
        if out.send(notice).await.is_err() {
            return Ok(End { stop_reason: None });
        }
    }
    let mut reading = Reading::new(asked.clone());
    loop {
        // A model that has finished has only its usage left to tell.
        let limit = match reading.answered() {
            Some(_) => idle.min(LAST_WORDS),
            None => idle,
        };
        let step = match timeout(limit, response.chunk()).await {
            Ok(Ok(Some(bytes))) => match reading.feed(&bytes) {
                Ok(()) => reading.out.end.clone(),
                Err(failure) => Some(Err(failure)),
            },
            Ok(Ok(None)) => Some(reading.close()),
            Ok(Err(_)) => Some(reading.answered().unwrap_or_else(|| Err(asked.cut_off()))),
            Err(_) => Some(
                reading
                    .answered()
                    .unwrap_or_else(|| Err(asked.silent(idle))),
            ),
        };
        for event in reading.out.take_events() {
            if out.send(event).await.is_err() {
                return Ok(End { stop_reason: None });
            }
        }
        if let Some(end) = step {
            return end;
        }
    }
}

/// Sends one request and waits for the head of its answer; a status other than 2xx is a failure.
pub(super) async fn send(
    asked: &Asked,
    method: Method,
    url: Url,
    headers: HeaderMap,
    body: Option<&Value>,
    limit: Duration,
) -> Result<Response, Failure> {
    let response = deliver(asked, method, url, headers, body, limit).await?;
    accepted(asked, response).await
}

/// Sends one request and waits for the head of its answer, whatever that is.
pub(super) async fn deliver(
    asked: &Asked,
    method: Method,
    url: Url,
    headers: HeaderMap,
    body: Option<&Value>,
    limit: Duration,
) -> Result<Response, Failure> {
    let here = is_loopback(&url);
    let mut call = client(&url).await?.request(method, url).headers(headers);
    if let Some(body) = body {
        call = call.body(body.to_string());
    }
    match timeout(limit, call.send()).await {
        Ok(Ok(response)) => Ok(response),
        Ok(Err(error)) => Err(asked.unreachable(&error, here)),
        Err(_) => Err(asked.silent(limit)),
    }
}

/// Lets an answer with a status of 2xx through; reads what any other says.
pub(super) async fn accepted(asked: &Asked, mut response: Response) -> Result<Response, Failure> {
    if response.status().is_success() {
        return Ok(response);
    }
    let mut body = Vec::new();
    while let Ok(Ok(Some(bytes))) = timeout(Duration::from_secs(5), response.chunk()).await {
        body.extend_from_slice(&bytes);
        if body.len() >= MAX_REFUSAL {
            break;
        }
    }
    let status = response.status();
    if status.is_redirection() {
        let to = response.headers().get("location");
        let to = to
            .and_then(|to| to.to_str().ok())
            .map_or_else(|| "?".into(), place);
        return Err(Failure::new(
            Category::BadRequest,
            format!(
                "{} answered {}: moved to {to}",
                asked.place,
                status.as_u16()
            ),
            "set base_url to the new address",
        ));
    }
    Err(asked.refused(status.as_u16(), response.headers(), &body, now()))
}

/// The headers of a request: `content-type`, the key in the way of `wire`, then the user's own over them.
pub(super) fn headers(
    wire: Wire,
    key: Option<&Secret>,
    own: &[(String, String)],
) -> Result<HeaderMap, Failure> {
    let mut headers = HeaderMap::new();
    headers.insert("content-type", HeaderValue::from_static("application/json"));
    if wire == Wire::Anthropic {
        headers.insert("anthropic-version", HeaderValue::from_static("2023-06-01"));
    }
    if let Some(key) = key {
        let (name, value) = match wire {
            Wire::Anthropic => ("x-api-key", key.expose().to_owned()),
            Wire::Gemini => ("x-goog-api-key", key.expose().to_owned()),
            _ => ("authorization", format!("Bearer {}", key.expose())),
        };
        let mut value = HeaderValue::from_str(&value).map_err(|_| {
            Failure::new(
                Category::Auth,
                "the API key holds characters that no key can have",
                "set it again: one line, no spaces",
            )
        })?;
        value.set_sensitive(true);
        headers.insert(name, value);
    }
    for (name, value) in own {
        let (Ok(header), Ok(mut value)) =
            (name.parse::<HeaderName>(), HeaderValue::from_str(value))
        else {
            return Err(Failure::new(
                Category::BadRequest,
                format!("`{}` is no usable header", one_line(name, 80)),
                "correct the endpoint's headers in the configuration",
            ));
        };
        value.set_sensitive(true);
        headers.insert(header, value);
    }
    Ok(headers)
}

impl Asked {
    fn silent(&self, limit: Duration) -> Failure {
        Failure::new(
            Category::Timeout,
            format!("{} was silent for {} s", self.place, limit.as_secs()),
            "try again, or look at what the server does",
        )
    }

    /// The request could not be sent or brought no answer. `here`: the address is on this machine.
    fn unreachable(&self, error: &reqwest::Error, here: bool) -> Failure {
        let place = &self.place;
        let mut cause: Option<&(dyn Error + 'static)> = Some(error);
        let (mut refused, mut tls, mut dns, mut last) = (false, None, false, String::new());
        while let Some(error) = cause {
            last = error.to_string();
            dns |= last.contains("dns error");
            if let Some(io) = error.downcast_ref::<std::io::Error>() {
                refused |= io.kind() == std::io::ErrorKind::ConnectionRefused;
                tls = tls.or(within::<rustls::Error>(io).map(ToString::to_string));
            }
            cause = error.source();
        }
        let last = self.clean(&last);
        let network = |message: String, next: &str| Failure::new(Category::Network, message, next);
        if refused {
            let next = match (self.wire, here) {
                (Wire::Ollama, true) => "start it: ollama serve",
                (_, true) => "start the server, or correct base_url",
                (_, false) => "check base_url, and that the server runs",
            };
            network(format!("nothing listens on {place}"), next)
        } else if dns {
            network(
                format!("the name in {place} is not known"),
                "check base_url and the network",
            )
        } else if let Some(why) = tls {
            network(
                format!("no secure connection to {place}: {}", one_line(&why, 150)),
                "check base_url (https?) and the certificate",
            )
        } else if error.is_timeout() {
            Failure::new(
                Category::Timeout,
                format!("{place} did not take the connection in 10 s"),
                "check base_url and the network",
            )
        } else if error.is_connect() {
            network(
                format!("no connection to {place}: {last}"),
                "check base_url and the network",
            )
        } else {
            network(format!("{place} gave no answer: {last}"), "try again")
        }
    }
}

/// What an I/O error was made of, however often it was wrapped; `source` leaves that out.
fn within<E: Error + 'static>(io: &std::io::Error) -> Option<&E> {
    let inner = io.get_ref()?;
    match inner.downcast_ref::<std::io::Error>() {
        Some(io) => within(io),
        None => inner.downcast_ref(),
    }
}

fn now() -> Millis {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| since.as_millis() as Millis)
}
