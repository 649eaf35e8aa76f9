//! A section `[endpoints.NAME]`.

use std::collections::BTreeMap;
use std::fmt;

/// An OpenAI-compatible endpoint.
#[derive(Clone, Default, PartialEq)]
pub struct Endpoint {
    /// Without a slash at its end.
    pub base_url: String,
    pub api_key_env: Option<String>,
    pub api_key_cmd: Option<String>,
    /// Sent with every request. A key does not belong here.
    pub headers: BTreeMap<String, String>,
    /// `None`: the first that the server names.
    pub model: Option<String>,
    pub models: Vec<String>,
    /// Whether its tokens cost nothing.
    pub local: bool,
    /// `chat`, `responses` or `anthropic`; `None`: chat.
    pub wire: Option<String>,
}

/// Header values are left out: they may hold what should not be read.
impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Endpoint")
            .field("base_url", &self.base_url)
            .field("api_key_env", &self.api_key_env)
            .field("headers", &self.headers.keys().collect::<Vec<_>>())
            .field("model", &self.model)
            .field("models", &self.models)
            .field("local", &self.local)
            .finish_non_exhaustive()
    }
}
