//! A public file, fetched again only if it has changed.

use super::Wire;
use super::client::place;
use super::failure::Asked;
use super::http::{accepted, deliver};
use crate::protocol::{Category, Failure};
use reqwest::header::{ETAG, HeaderMap, HeaderValue, IF_NONE_MATCH};
use reqwest::{Method, StatusCode, Url};
use std::time::Duration;
use tokio::time::timeout;

/// How long a server may be silent, and how long the whole may take.
const IDLE: Duration = Duration::from_secs(20);
const WHOLE: Duration = Duration::from_secs(120);
/// The longest file that is read.
const MAX_FILE: usize = 64 * 1024 * 1024;

/// What came of asking for a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileAnswer {
    /// It is the one that was named by its mark (304).
    Same,
    /// The file, and the server's mark of it where it gives one.
    Body {
        bytes: Vec<u8>,
        etag: Option<String>,
    },
}

/// Fetches `url`; `etag` is the mark of the copy that is there.
///
/// # Errors
/// No connection, a refusal, an answer that ends early or is too long.
pub async fn fetch_file(url: &str, etag: Option<&str>) -> Result<FileAnswer, Failure> {
    let asked = Asked {
        wire: Wire::OpenAiChat,
        place: place(url),
        model: String::new(),
        key: None,
        hidden: Vec::new(),
    };
    let address = Url::parse(url).map_err(|_| {
        let what = format!("`{}` is no web address", asked.place);
        Failure::new(Category::BadRequest, what, "")
    })?;
    let mut headers = HeaderMap::new();
    if let Some(etag) = etag.and_then(|etag| HeaderValue::from_str(etag).ok()) {
        headers.insert(IF_NONE_MATCH, etag);
    }
    let work = async {
        let response = deliver(&asked, Method::GET, address, headers, None, IDLE).await?;
        if response.status() == StatusCode::NOT_MODIFIED {
            return Ok(FileAnswer::Same);
        }
        let mut response = accepted(&asked, response).await?;
        let mark = response.headers().get(ETAG);
        let etag = mark.and_then(|mark| mark.to_str().ok()).map(str::to_owned);
        let mut bytes = Vec::new();
        loop {
            match timeout(IDLE, response.chunk()).await {
                Ok(Ok(Some(more))) => bytes.extend_from_slice(&more),
                Ok(Ok(None)) => return Ok(FileAnswer::Body { bytes, etag }),
                Ok(Err(_)) | Err(_) => return Err(asked.cut_off()),
            }
            if bytes.len() > MAX_FILE {
                let what = format!("{} sent more than 64 MiB", asked.place);
                return Err(Failure::new(Category::Parse, what, ""));
            }
        }
    };
    timeout(WHOLE, work).await.unwrap_or_else(|_| {
        let what = format!(
            "{} did not send the whole file in {} s",
            asked.place,
            WHOLE.as_secs()
        );
        Err(Failure::new(Category::Timeout, what, "try again"))
    })
}
