//! What this machine has to run sessions with, and what is missing for the rest.

use super::super::plan::{is_called, place, seller};
use super::super::provider::{self};
use super::super::pty::find_program;
use super::streams::key;
use crate::catalog::Catalog;
use crate::config::Config;
use crate::config::agents::{Agent, SHELL};
use crate::protocol::{Backend, Offer};
use std::env;
use std::path::Path;
use std::time::Duration;

/// How long a local Ollama may take to answer.
const PROBE: Duration = Duration::from_millis(800);

/// Every way to run a session, those that are ready and those that lack something.
pub async fn look(config: &Config, catalog: &Catalog) -> Vec<Offer> {
    let mut offers = vec![claude(config, catalog)];
    for backend in [Backend::Anthropic, Backend::OpenAi, Backend::Gemini] {
        offers.push(api(config, catalog, backend).await);
    }
    for name in config.endpoints.keys() {
        offers.push(api(config, catalog, Backend::Endpoint(name.clone())).await);
    }
    offers.push(ollama(config).await);
    let agents = config.agents.values();
    let structured =
        |agent: &&Agent| agent.protocol.is_some() && agent.backend() != Backend::Claude;
    offers.extend(agents.clone().filter(structured).map(run_structured));
    offers.extend(
        agents
            .filter(|agent| agent.program != SHELL)
            .map(|agent| in_terminal(agent, config)),
    );
    let shell = config
        .terminal
        .shell
        .clone()
        .or_else(|| env::var("SHELL").ok())
        .unwrap_or_else(|| "/bin/sh".into());
    offers.push(Offer {
        backend: Backend::Terminal,
        label: "A shell, or any program".into(),
        ready: true,
        detail: shell,
        models: Vec::new(),
        command: Vec::new(),
    });
    offers.push(Offer {
        backend: Backend::Rehearsal,
        label: "Rehearsal: canned answers, offline".into(),
        ready: true,
        detail: "built in; asks no model, costs nothing".into(),
        models: vec!["rehearsal".into()],
        command: Vec::new(),
    });
    offers
}

/// The models behind the offers that are ready: none of a provider that is switched off, those of the providers that
/// the configuration puts first before the others.
pub fn reachable(offers: &[Offer], config: &Config) -> Vec<(String, Backend)> {
    let rules = &config.providers;
    let mut ready: Vec<&Offer> = offers
        .iter()
        .filter(|offer| {
            offer.ready && offer.backend.is_chat() && offer.backend != Backend::Rehearsal
        })
        .filter(|offer| !rules.off.iter().any(|name| is_called(&offer.backend, name)))
        .collect();
    ready.sort_by_key(|offer| {
        let place = rules
            .order
            .iter()
            .position(|name| is_called(&offer.backend, name));
        place.unwrap_or(rules.order.len())
    });
    ready
        .into_iter()
        .flat_map(|offer| {
            offer
                .models
                .iter()
                .map(|m| (m.clone(), offer.backend.clone()))
        })
        .collect()
}

fn find(program: &str) -> Option<std::path::PathBuf> {
    let path = env::var_os("PATH");
    find_program(program, path.as_deref(), Path::new("/")).ok()
}

fn claude(config: &Config, catalog: &Catalog) -> Offer {
    let program = &config.claude.program;
    let found = find(program);
    Offer {
        backend: Backend::Claude,
        label: "Claude Code".into(),
        ready: found.is_some(),
        detail: match found {
            Some(path) => path.display().to_string(),
            None => {
                format!("`{program}` is not on the PATH · npm install -g @anthropic-ai/claude-code")
            }
        },
        models: models_of(catalog, "anthropic", config.claude.model.as_deref()),
        command: Vec::new(),
    }
}

/// An agent that is spoken to through its protocol.
fn run_structured(agent: &Agent) -> Offer {
    let (ready, detail) = found(&agent.program, agent);
    Offer {
        backend: agent.backend(),
        label: agent.label.clone(),
        ready,
        detail,
        models: Vec::new(),
        command: Vec::new(),
    }
}

/// An agent on its own full screen.
fn in_terminal(agent: &Agent, config: &Config) -> Offer {
    let mut command = agent.command();
    if agent.backend() == Backend::Claude
        && let Some(program) = command.first_mut()
    {
        program.clone_from(&config.claude.program);
    }
    let program = command.first().map_or("", String::as_str);
    let (ready, detail) = found(program, agent);
    Offer {
        backend: Backend::Terminal,
        label: format!("{}, on its own screen", agent.label),
        ready,
        detail,
        models: Vec::new(),
        command,
    }
}

/// Whether an agent's program is there, and where, or how to get it.
fn found(program: &str, agent: &Agent) -> (bool, String) {
    match find(program) {
        Some(path) => (true, path.display().to_string()),
        None if agent.install.is_empty() => (false, format!("`{program}` is not on the PATH")),
        None => {
            let install = &agent.install;
            (false, format!("`{program}` is not on the PATH · {install}"))
        }
    }
}

async fn api(config: &Config, catalog: &Catalog, backend: Backend) -> Offer {
    let (label, listed) = match &backend {
        Backend::Anthropic => ("Anthropic API".to_owned(), config.anthropic.models.clone()),
        Backend::OpenAi => ("OpenAI API".to_owned(), config.openai.models.clone()),
        Backend::Gemini => ("Gemini API".to_owned(), config.gemini.models.clone()),
        Backend::Endpoint(name) => {
            let listed = config.endpoints.get(name).map(|e| e.models.clone());
            (
                format!("{name} (OpenAI-compatible)"),
                listed.unwrap_or_default(),
            )
        }
        other => (other.to_string(), Vec::new()),
    };
    let found = match place(config, &backend) {
        Ok(place) => key(&place.key).await.map(|_| place),
        Err(failure) => Err(failure),
    };
    let models = match (&found, listed.is_empty()) {
        (_, false) => listed,
        (Ok(place), true) => models_of(catalog, seller(&backend), place.model.as_deref()),
        (Err(_), true) => Vec::new(),
    };
    Offer {
        label,
        ready: found.is_ok(),
        detail: match &found {
            Ok(place) => match &place.key.env {
                Some(name) if place.key.cmd.is_none() => format!("{name} is set"),
                Some(_) => "api_key_cmd is set".into(),
                None => place.base_url.clone(),
            },
            Err(failure) => failure.message.clone(),
        },
        backend,
        models,
        command: Vec::new(),
    }
}

async fn ollama(config: &Config) -> Offer {
    let url = &config.ollama.base_url;
    let found = provider::probe_ollama(url, PROBE).await;
    let (ready, detail, models) = match found {
        Ok(models) if models.is_empty() => (
            false,
            format!("running at {url}, without a model · ollama pull NAME"),
            models,
        ),
        Ok(models) => (true, format!("running at {url}"), models),
        Err(_) => (
            false,
            format!("nothing answers at {url} · ollama serve"),
            Vec::new(),
        ),
    };
    Offer {
        backend: Backend::Ollama,
        label: "Ollama".into(),
        ready,
        detail,
        models,
        command: Vec::new(),
    }
}

/// The catalogue's models of a provider, the chosen one first.
fn models_of(catalog: &Catalog, provider: &str, first: Option<&str>) -> Vec<String> {
    let known = catalog
        .models()
        .iter()
        .filter(|model| model.provider == provider)
        .map(|model| model.id.as_str());
    let mut models: Vec<String> = first.into_iter().chain(known).map(str::to_owned).collect();
    let mut seen = std::collections::HashSet::new();
    models.retain(|model| seen.insert(model.clone()));
    models
}
