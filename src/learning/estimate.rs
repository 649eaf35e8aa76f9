//! What a prompt will cost, before it is sent.

use crate::catalog::{Catalog, factor};
use crate::protocol::{Backend, Cost, Usage};

/// Tokens an answer of this kind has, thinking included. Round figures to begin with, meant to be a little high,
/// since a budget reserves by them; they are nobody's measurement.
pub fn expected_output_tokens(category: &str) -> u64 {
    match category {
        "code_gen" | "refactor" => 2_000,
        "debug" | "code_review" | "research" => 1_500,
        "reasoning" | "math" | "data" | "creative" => 1_200,
        "explain" => 800,
        "simple_qa" => 250,
        _ => 1_000,
    }
}

/// What a prompt is expected to cost at `model`, for a suggestion. `output` are the tokens that its answer is expected
/// to have, as an average model counts.
///
/// `new_tokens` (the prompt) and `context_tokens` (what the conversation already holds) are counts of
/// [`crate::catalog::count_tokens`]; the model's own factor is applied here. `warm` tells that the context was sent
/// to this model before and so is read from its cache. Always `estimated`.
pub fn estimate(
    catalog: &Catalog,
    backend: &Backend,
    model: Option<&str>,
    output: u64,
    new_tokens: u64,
    context_tokens: u64,
    warm: bool,
) -> Cost {
    let factor = model.map_or(1.0, factor);
    let scaled = |tokens: u64| (tokens as f64 * factor).ceil() as u64;
    let (cold, cached) = if warm {
        (new_tokens, context_tokens)
    } else {
        (new_tokens.saturating_add(context_tokens), 0)
    };
    let usage = Usage {
        input: scaled(cold),
        cache_read: scaled(cached),
        output: scaled(output),
        estimated: true,
        ..Usage::default()
    };
    catalog.cost_on(backend, model, &usage)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::Nano;

    #[test]
    fn a_warm_context_is_cheaper_and_a_local_one_free() {
        let catalog = Catalog::embedded();
        let ask = |backend: Backend, model, warm| {
            estimate(catalog, &backend, Some(model), 1_500, 100, 50_000, warm)
        };
        let warm = ask(Backend::Anthropic, "claude-sonnet-5-5", true);
        let cold = ask(Backend::Anthropic, "claude-sonnet-5-5", false);
        assert!(warm.priced < cold.priced && warm.estimated);
        assert_eq!(ask(Backend::Ollama, "qwen3:32b", false).counted(), Nano(0));
        // gpt: factor 1, so 50,100 × 2 + 1,500 × 12 µ$
        let gpt = ask(Backend::OpenAi, "gpt-5.6-terra", false);
        assert_eq!(gpt.priced, Nano(118_200_000));
        assert!(ask(Backend::OpenAi, "nobody-1", false).unpriced > Nano(0));
    }
}
