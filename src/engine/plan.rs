//! From a session to the request its backend understands.

use super::budget;
use super::effect::{KeySource, StreamPlan};
use super::provider::{Options, Wire, messages};
use super::session::Session;
use super::state::State;
use crate::catalog::default_model;
use crate::protocol::{Backend, Category, Failure, TurnId};

/// Where a backend is, and what it needs.
pub struct Place {
    pub wire: Wire,
    pub base_url: String,
    pub key: KeySource,
    pub headers: Vec<(String, String)>,
    /// The model of the configuration, else of the catalogue; `None`: the server must be asked.
    pub model: Option<String>,
}

/// The wire form that a word of the configuration names.
fn wire(word: &Option<String>) -> Wire {
    match word.as_deref() {
        Some("responses") => Wire::OpenAiResponses,
        Some("anthropic") => Wire::Anthropic,
        _ => Wire::OpenAiChat,
    }
}

/// The place of an API backend.
///
/// # Errors
/// An endpoint that the configuration does not have.
pub fn place(config: &crate::config::Config, backend: &Backend) -> Result<Place, Failure> {
    let default = || default_model(backend).map(str::to_owned);
    let key = |env: &str, cmd: &Option<String>| KeySource {
        env: Some(env.to_owned()),
        cmd: cmd.clone(),
        required: true,
    };
    Ok(match backend {
        Backend::Anthropic => Place {
            wire: Wire::Anthropic,
            base_url: config.anthropic.base_url.clone(),
            key: key(&config.anthropic.api_key_env, &config.anthropic.api_key_cmd),
            headers: Vec::new(),
            model: config.anthropic.model.clone().or_else(default),
        },
        Backend::OpenAi => Place {
            wire: wire(&config.openai.wire),
            base_url: config.openai.base_url.clone(),
            key: key(&config.openai.api_key_env, &config.openai.api_key_cmd),
            headers: Vec::new(),
            model: config.openai.model.clone().or_else(default),
        },
        Backend::Gemini => Place {
            wire: Wire::Gemini,
            base_url: config.gemini.base_url.clone(),
            key: key(&config.gemini.api_key_env, &config.gemini.api_key_cmd),
            headers: Vec::new(),
            model: config.gemini.model.clone().or_else(default),
        },
        Backend::Ollama => Place {
            wire: Wire::Ollama,
            base_url: config.ollama.base_url.clone(),
            key: KeySource::default(),
            headers: Vec::new(),
            model: config.ollama.model.clone(),
        },
        Backend::Rehearsal => Place {
            wire: Wire::Rehearsal,
            base_url: String::new(),
            key: KeySource::default(),
            headers: Vec::new(),
            model: Some("rehearsal".into()),
        },
        Backend::Endpoint(name) => {
            let endpoint = config.endpoints.get(name).ok_or_else(|| {
                Failure::new(
                    Category::Missing,
                    format!("no endpoint `{name}` in the configuration"),
                    format!("add [endpoints.{name}] with its base_url, or choose another backend"),
                )
            })?;
            Place {
                wire: wire(&endpoint.wire),
                base_url: endpoint.base_url.clone(),
                key: KeySource {
                    env: endpoint.api_key_env.clone(),
                    cmd: endpoint.api_key_cmd.clone(),
                    required: endpoint.api_key_env.is_some() || endpoint.api_key_cmd.is_some(),
                },
                headers: endpoint
                    .headers
                    .iter()
                    .map(|(name, value)| (name.clone(), value.clone()))
                    .collect(),
                model: endpoint.model.clone(),
            }
        }
        Backend::Terminal | Backend::Claude | Backend::Agent(_) => {
            return Err(Failure::new(
                Category::BadRequest,
                format!("{backend} is not a chat API"),
                "",
            ));
        }
    })
}

/// The request that asks `turn` in its conversation.
///
/// # Errors
/// No such endpoint, or no model chosen.
pub fn stream_plan(state: &State, session: &Session, turn: TurnId) -> Result<StreamPlan, Failure> {
    let asked = state.turns.get(&turn);
    // A turn on a detour has another backend than its session.
    let backend = asked.map_or(&session.view.backend, |turn| &turn.backend);
    let place = place(&state.config, backend)?;
    let model = asked
        .and_then(|turn| turn.model.clone())
        .or_else(|| session.view.model.clone())
        .or(place.model)
        .ok_or_else(|| no_model(backend))?;
    let path = state.path(asked.and_then(|turn| turn.parent));
    let mut messages = messages(&path, asked.map_or("", |turn| turn.prompt.as_str()));
    if let (Some(last), Some(turn)) = (messages.last_mut(), asked) {
        last.attached.clone_from(&turn.attached);
    }
    let own = &session.spec.options;
    let wanted = own
        .max_output_tokens
        .unwrap_or(state.config.max_output_tokens);
    let limit = state.catalog.find(&model).and_then(|m| m.max_output);
    let limit = limit.map_or(u32::MAX, |limit| u32::try_from(limit).unwrap_or(u32::MAX));
    let max_output_tokens = wanted.min(limit);
    Ok(StreamPlan {
        wire: place.wire,
        base_url: place.base_url,
        key: place.key,
        headers: place.headers,
        model,
        system: session
            .spec
            .system
            .clone()
            .or_else(|| state.config.system.clone()),
        messages,
        max_output_tokens,
        options: Options {
            temperature: own.temperature.or(state.config.temperature),
            top_p: own.top_p,
            top_k: own.top_k,
            stop: own.stop.clone(),
            seed: own.seed.and_then(|seed| i64::try_from(seed).ok()),
            effort: own.effort.clone(),
        },
    })
}

/// Where a model's name leads, among what can be asked now: `provider:model` exactly there; a bare name as the
/// catalogue resolves it, a direct key before a reseller, or else to whoever lists it.
pub fn route(state: &State, name: &str) -> Option<(Backend, String)> {
    let rules = &state.config.providers;
    let is_on = |backend: &Backend| !rules.off.iter().any(|off| is_called(backend, off));
    if let Some((provider, model)) = name.split_once(':') {
        let exactly = Backend::from(provider.to_owned());
        let known = state.reachable.iter().any(|(_, known)| *known == exactly);
        if known && exactly.is_api() && is_on(&exactly) {
            return Some((exactly, model.to_owned()));
        }
    }
    let mut ways: Vec<(Backend, String)> = Vec::new();
    for (_, backend) in &state.reachable {
        if backend.is_api() && !ways.iter().any(|(known, _)| known == backend) {
            ways.push((backend.clone(), seller(backend).to_owned()));
        }
    }
    let resolved = state.catalog.resolve(name, &ways, &rules.order, &rules.off);
    if let Some(first) = resolved.ok().and_then(|ways| ways.into_iter().next()) {
        return Some((first.backend, first.model));
    }
    // A server of the user's own may have what no catalogue sells there.
    let mut listed: Vec<&(String, Backend)> = state
        .reachable
        .iter()
        .filter(|(_, backend)| backend.is_api() && is_on(backend))
        .filter(|(model, _)| model == name || state.catalog.same(model, name))
        .collect();
    listed.sort_by_key(|(_, backend)| {
        let place = rules.order.iter().position(|name| is_called(backend, name));
        place.unwrap_or(rules.order.len())
    });
    let (model, backend) = listed.first()?;
    Some((backend.clone(), model.clone()))
}

/// The catalogue's name for whoever sells what this backend answers with.
pub fn seller(backend: &Backend) -> &str {
    match backend {
        Backend::Claude | Backend::Anthropic => "anthropic",
        Backend::Gemini => "google",
        other => other.as_str(),
    }
}

/// Whether a word of `[providers]` means this backend, by its own name or its seller's.
pub fn is_called(backend: &Backend, word: &str) -> bool {
    let is = |name: &str| name.eq_ignore_ascii_case(word);
    // The Claude CLI has a login of its own: switching the API off is not about it.
    is(backend.as_str()) || (backend.is_api() && is(seller(backend)))
}

/// Whether a request is so near to its model's window that an estimate will not do, and its provider counts.
pub fn is_tight(state: &State, plan: &StreamPlan) -> bool {
    if !matches!(plan.wire, Wire::Anthropic | Wire::Gemini) {
        return false;
    }
    let texts = plan.messages.iter().map(|message| message.text.as_str());
    let estimated: u64 = texts
        .chain(plan.system.as_deref())
        .map(|text| budget::tokens(state, text, Some(&plan.model)))
        .sum();
    let window = state.catalog.window(&plan.model);
    window.is_some_and(|window| estimated * 10 > window * 8)
}

/// What a session without a model is told.
pub fn no_model(backend: &Backend) -> Failure {
    Failure::new(
        Category::Missing,
        format!("no model is chosen for {backend}"),
        "choose one with m, or spawn with --model",
    )
}
