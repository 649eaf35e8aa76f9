//! The catalogue as faces ask for it: a list, two side by side, whether a name is known, what a new table changed.

use super::forks::Result;
use super::plan::seller;
use super::state::State;
use crate::catalog::{
    Ability, Catalog, Filter, Model, Sort, Tier, compare, filter_models, score, score_source,
};
use crate::config::nearest;
use crate::protocol::{Backend, ModelFilter, ModelView, Nano, Refusal};

/// The models that fit, sorted.
///
/// # Errors
/// A word that is no ability, tier or order.
pub fn list(state: &State, wish: ModelFilter) -> Result<Vec<ModelView>> {
    let refuse = |what: String| Refusal::new(what, "");
    let abilities = wish.can.iter().map(|word| word.parse::<Ability>());
    let abilities: Vec<Ability> = abilities
        .collect::<std::result::Result<_, _>>()
        .map_err(refuse)?;
    let tier = wish
        .tier
        .map(|word| word.parse::<Tier>())
        .transpose()
        .map_err(refuse)?;
    let sort = order(&state.catalog, wish.sort.as_deref())?;
    let filter = Filter {
        text: wish.text,
        provider: wish.provider,
        max_input_price: wish.max_price,
        ability: None,
        tier,
        min_window: wish.min_window,
        sort,
    };
    let can = |model: &&Model| abilities.iter().all(|ability| model.can(*ability));
    let models: Vec<&Model> = filter_models(&state.catalog, &filter)
        .into_iter()
        .filter(can)
        .collect();
    let category = match &filter.sort {
        Sort::Score(category) => category.as_str(),
        _ => "",
    };
    // As the order was made: by the benchmark that knows most of the models that fit before the abilities.
    let source = score_source(&filter_models(&state.catalog, &filter), category);
    let views = models.into_iter().map(|model| ModelView {
        score: source
            .as_ref()
            .and_then(|source| score(model, source, category)),
        ..model.view(is_reachable(state, model))
    });
    Ok(views
        .filter(|view| view.reachable || !wish.reachable)
        .collect())
}

fn is_reachable(state: &State, model: &Model) -> bool {
    let names = || state.reachable.iter().map(|(name, _)| name);
    names().any(|name| *name == model.id) || names().any(|name| state.catalog.key(name) == model.id)
}

fn order(catalog: &Catalog, word: Option<&str>) -> Result<Sort> {
    Ok(match word {
        None => Sort::Table,
        Some("price") => Sort::Price,
        Some("window") => Sort::Window,
        Some("name") => Sort::Name,
        Some(word) => {
            let Some(category) = word.strip_prefix("score:") else {
                let what = format!("`{}` is no order of models", word.escape_debug());
                return Err(Refusal::new(
                    what,
                    "write price, window, name or score:CATEGORY",
                ));
            };
            let known = categories(catalog);
            if !known.iter().any(|name| name == category) {
                let what = format!("no benchmark has a category `{}`", category.escape_debug());
                return Err(Refusal::new(
                    what,
                    format!("choose one of {}", known.join(", ")),
                ));
            }
            Sort::Score(category.to_owned())
        }
    })
}

/// Every category of every benchmark, once.
fn categories(catalog: &Catalog) -> Vec<String> {
    let scores = catalog.models().iter().flat_map(|model| &model.scores);
    let mut names: Vec<String> = scores
        .flat_map(|scores| scores.values.iter().map(|(name, _)| name.clone()))
        .collect();
    names.sort();
    names.dedup();
    names
}

/// Two models, row by row.
///
/// # Errors
/// A name the catalogue does not know.
pub fn side_by_side(state: &State, a: &str, b: &str) -> Result<Vec<[String; 3]>> {
    let find = |name: &str| {
        state.catalog.find(name).ok_or_else(|| {
            let what = format!("no model `{}`", name.escape_debug());
            Refusal::new(what, meant(name, state.catalog.models().iter()))
        })
    };
    let rows = compare(find(a)?, find(b)?);
    Ok(rows.into_iter().map(|(what, a, b)| [what, a, b]).collect())
}

fn meant<'a>(name: &str, models: impl Iterator<Item = &'a Model>) -> String {
    let names = models.flat_map(|model| std::iter::once(&model.id).chain(&model.aliases));
    match nearest(name, names.map(String::as_str)) {
        Some(like) => format!("did you mean `{like}`?"),
        None => "antiphon models lists those known".to_owned(),
    }
}

/// What speaks against asking `backend` for `name`; nothing where nothing is known against it.
pub fn check(state: &State, backend: &Backend, name: &str) -> Vec<String> {
    let config = &state.config;
    let listed: Vec<&str> = match backend {
        // An agent has what its account has.
        Backend::Terminal | Backend::Rehearsal | Backend::Agent(_) => return Vec::new(),
        Backend::Claude if ["default", "opusplan"].contains(&name) => return Vec::new(),
        Backend::Claude => config.claude.model.iter().map(String::as_str).collect(),
        Backend::Anthropic => config.anthropic.models.iter().map(String::as_str).collect(),
        Backend::OpenAi => config.openai.models.iter().map(String::as_str).collect(),
        Backend::Gemini => config.gemini.models.iter().map(String::as_str).collect(),
        // These have what they have; what they said when last asked is all that is known.
        Backend::Ollama | Backend::Endpoint(_) => {
            let offered = state.reachable.iter().filter(|(_, known)| known == backend);
            let names: Vec<&str> = offered.map(|(model, _)| model.as_str()).collect();
            let tagged = format!("{name}:latest");
            let known =
                names.is_empty() || names.contains(&name) || names.contains(&tagged.as_str());
            let sold = *backend != Backend::Ollama && state.catalog.find(name).is_some();
            if known || sold {
                return Vec::new();
            }
            let next = nearest(name, names).map(|like| format!(" · did you mean `{like}`?"));
            return vec![format!(
                "{backend} does not list a model `{name}`{}",
                next.unwrap_or_default()
            )];
        }
    };
    let seller = seller(backend);
    let of_seller = || {
        state
            .catalog
            .models()
            .iter()
            .filter(|model| model.provider == seller)
    };
    match state.catalog.find(name) {
        _ if listed.contains(&name) => Vec::new(),
        Some(model) if model.provider == seller => Vec::new(),
        Some(model) => vec![format!(
            "`{name}` is a model of {}, not of {seller}",
            model.provider
        )],
        None => vec![format!(
            "the catalogue knows no model `{name}` of {seller}: its price is unknown · {}",
            meant(name, of_seller())
        )],
    }
}

/// What is in force by `new` and was not by `old`, one line a model.
pub fn changes(old: &Catalog, new: &Catalog) -> Vec<String> {
    let price = |model: &Model| match model.priced {
        true => format!(
            "{} in, {} out",
            model.price.rates.input, model.price.rates.output
        ),
        false => "price unknown".to_owned(),
    };
    let tokens = |count: Option<u64>| count.map_or("unknown".to_owned(), |count| count.to_string());
    let mut lines = Vec::new();
    for model in new.models() {
        let id = &model.id;
        let Some(before) = old.models().iter().find(|before| before.id == *id) else {
            lines.push(format!("new: {id} ({}), {}", model.provider, price(model)));
            continue;
        };
        if price(before) != price(model) {
            lines.push(format!("price: {id}, {} → {}", price(before), price(model)));
        } else if before.price != model.price {
            lines.push(format!("price: {id}, of its cache or of large requests"));
        }
        if before.window != model.window {
            let (from, to) = (tokens(before.window), tokens(model.window));
            lines.push(format!("window: {id}, {from} → {to}"));
        }
        if before.scores.len() != model.scores.len() {
            lines.push(format!("scores: {id}"));
        }
    }
    let gone = old
        .models()
        .iter()
        .filter(|model| new.find(&model.id).is_none());
    lines.extend(gone.map(|model| format!("gone: {}", model.id)));
    lines
}

/// How many models there are, and of how many the price is known.
pub fn counts(catalog: &Catalog) -> (usize, usize) {
    let priced = catalog
        .models()
        .iter()
        .filter(|model| model.priced && model.price.rates.input > Nano(0));
    (catalog.models().len(), priced.count())
}
