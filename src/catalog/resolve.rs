//! From a name to whom to ask for it: a direct key first, then resellers in the order the user gave.

use crate::catalog::load::Catalog;
use crate::catalog::model::Model;
use crate::catalog::names::plain_name;
use crate::catalog::nearest::most_like;
use crate::catalog::refresh::canonical_seller;
use crate::protocol::Backend;
use std::fmt;

/// One way to reach a model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    pub backend: Backend,
    /// The name to ask this backend for.
    pub model: String,
}

/// Why a name leads nowhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unresolved {
    /// No model of this name; the names most like it.
    Unknown { name: String, like: Vec<String> },
    /// The model is known, but none of these who sell it can be reached.
    Unreachable { name: String, sellers: Vec<String> },
    /// Only these could, and the user switched them off.
    Off { name: String, sellers: Vec<String> },
}

impl Catalog {
    /// All ways to reach the model called `name`, the preferred first; never an empty list.
    ///
    /// `reachable`: backends with a key or a server, and the provider each speaks to (`(OpenAi, "openai")`,
    /// `(Endpoint("or"), "openrouter")`, `(Ollama, "ollama")`). `order` and `off` name providers or backends.
    ///
    /// `provider:model` (or `backend:model`) means that one and no other, whether the catalogue knows the model or not.
    /// A bare name goes to the model's own provider, then to resellers that offer it: first those in `order`, then the
    /// cheaper ones. A tag as Ollama's (`qwen3:32b`) goes to the backends of the provider `ollama`.
    pub fn resolve(
        &self,
        name: &str,
        reachable: &[(Backend, String)],
        order: &[String],
        off: &[String],
    ) -> Result<Vec<Route>, Unresolved> {
        let name = name.trim();
        let on: Vec<&Reach> = reachable.iter().filter(|way| !named_in(way, off)).collect();
        if let Some((seller, model)) = name.split_once(':').filter(|(_, model)| !model.is_empty()) {
            let is_seller = |way: &&Reach| is_called(way, seller);
            if reachable.iter().any(|way| is_called(way, seller)) || self.sells(seller) {
                let ways: Vec<&Reach> = on.iter().copied().filter(is_seller).collect();
                let routes = ways
                    .into_iter()
                    .map(|way| self.exactly(way, model))
                    .collect();
                return self.or_why(routes, name, &[seller.to_owned()], reachable, off);
            }
        }
        if let Some(model) = self.find(name) {
            let routes = self.ways(model, name, &on, order);
            return self.or_why(routes, name, &sellers(model), reachable, off);
        }
        // What no catalogue lists may still be on this machine.
        let local = on
            .iter()
            .filter(|way| way.1 == "ollama" && name.contains(':'));
        let routes: Vec<Route> = local.map(|way| route(way, name)).collect();
        match routes.is_empty() {
            false => Ok(routes),
            true => Err(Unresolved::Unknown {
                name: name.to_owned(),
                like: self.like(name),
            }),
        }
    }

    /// Up to five names like `name`.
    fn like(&self, name: &str) -> Vec<String> {
        let names = self
            .models()
            .iter()
            .flat_map(|m| std::iter::once(&m.id).chain(&m.aliases));
        let plain = plain_name(name);
        let like = most_like(&plain, names.map(String::as_str), 5);
        like.into_iter().map(str::to_owned).collect()
    }

    /// Whether `name` is a provider or a reseller of the catalogue.
    fn sells(&self, name: &str) -> bool {
        let name = canonical_seller(name);
        self.models()
            .iter()
            .any(|m| m.provider == name || m.offers.iter().any(|offer| offer.provider == name))
    }

    fn exactly(&self, way: &Reach, asked: &str) -> Route {
        match self.find(asked) {
            Some(model) => route(way, &name_at(model, asked, &way.1)),
            None => route(way, asked),
        }
    }

    fn ways(&self, model: &Model, asked: &str, on: &[&Reach], order: &[String]) -> Vec<Route> {
        let mut ways: Vec<(bool, usize, i64, &Reach)> = on
            .iter()
            .filter_map(|way| {
                let direct = way.1 == model.provider;
                let offer = model
                    .offers
                    .iter()
                    .find(|o| o.provider == canonical_seller(&way.1));
                let price = offer
                    .and_then(|o| o.price.as_ref())
                    .map_or(i64::MAX, |p| p.rates.input.0);
                let place = order.iter().position(|name| is_called(way, name));
                (direct || offer.is_some()).then(|| {
                    (
                        !direct,
                        place.unwrap_or(order.len()),
                        if direct { 0 } else { price },
                        *way,
                    )
                })
            })
            .collect();
        // Stable: what is alike stays in the order of `reachable`.
        ways.sort_by_key(|(resold, place, price, _)| (*resold, *place, *price));
        ways.into_iter()
            .map(|(.., way)| route(way, &name_at(model, asked, &way.1)))
            .collect()
    }

    fn or_why(
        &self,
        routes: Vec<Route>,
        name: &str,
        sellers: &[String],
        reachable: &[Reach],
        off: &[String],
    ) -> Result<Vec<Route>, Unresolved> {
        if !routes.is_empty() {
            return Ok(routes);
        }
        let (name, sellers) = (name.to_owned(), sellers.to_vec());
        let barred = reachable
            .iter()
            .filter(|way| sellers.iter().any(|seller| is_called(way, seller)));
        let all_off = barred.clone().count() > 0 && barred.clone().all(|way| named_in(way, off));
        Err(match all_off {
            true => Unresolved::Off { name, sellers },
            false => Unresolved::Unreachable { name, sellers },
        })
    }
}

type Reach = (Backend, String);

fn route(way: &Reach, model: &str) -> Route {
    Route {
        backend: way.0.clone(),
        model: model.to_owned(),
    }
}

fn is_called(way: &Reach, name: &str) -> bool {
    way.0.as_str().eq_ignore_ascii_case(name)
        || canonical_seller(&way.1) == canonical_seller(&name.to_lowercase())
}

fn named_in(way: &Reach, names: &[String]) -> bool {
    names.iter().any(|name| is_called(way, name))
}

fn sellers(model: &Model) -> Vec<String> {
    let offers = model.offers.iter().map(|offer| offer.provider.clone());
    std::iter::once(model.provider.clone())
        .chain(offers)
        .collect()
}

/// What `seller` calls the model. At its own provider a date the user asked for is kept; an alias becomes the id.
fn name_at(model: &Model, asked: &str, seller: &str) -> String {
    let offer = model
        .offers
        .iter()
        .find(|o| o.provider == canonical_seller(seller));
    if let Some(offer) = offer.filter(|_| model.provider != seller) {
        return offer.id.clone();
    }
    let bare = asked.rsplit(['/', ':']).next().unwrap_or(asked);
    let bare = bare.split('[').next().unwrap_or(bare);
    let dated = bare.len() > model.id.len() && bare.starts_with(&model.id);
    if dated { bare } else { &model.id }.to_owned()
}

impl fmt::Display for Unresolved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unresolved::Unknown { name, like } if like.is_empty() => {
                write!(f, "no model `{name}` · `antiphon models` lists those known")
            }
            Unresolved::Unknown { name, like } => {
                write!(
                    f,
                    "no model `{name}` · did you mean `{}`?",
                    like.join("`, `")
                )
            }
            Unresolved::Unreachable { name, sellers } => {
                write!(
                    f,
                    "`{name}` cannot be reached · it needs a key for {}",
                    sellers.join(" or ")
                )
            }
            Unresolved::Off { name, sellers } => {
                write!(
                    f,
                    "`{name}` is only at {}, which is switched off in the configuration",
                    sellers.join(", ")
                )
            }
        }
    }
}

impl std::error::Error for Unresolved {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Table;

    fn catalog() -> Catalog {
        let table = Table::parse(
            "date = \"2026-11-20\"\n[[models]]\nid = \"claude-opus-5-5\"\noffers = [\n\
             { provider = \"openrouter\", id = \"anthropic/claude-opus-5.5\", price = { input = 4.2, output = 21 } },\n\
             { provider = \"togetherai\", id = \"opus-55\", price = { input = 4.1, output = 21 } }]\n",
        );
        Catalog::layered(Some(&table.expect("good")), None)
    }

    fn reach(names: &[&str]) -> Vec<Reach> {
        names
            .iter()
            .map(|name| {
                let (backend, provider) = name.split_once('=').unwrap_or((name, name));
                (Backend::from(backend.to_owned()), provider.to_owned())
            })
            .collect()
    }

    fn texts(list: &str) -> Vec<String> {
        list.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn names_lead_to_routes_in_the_right_order() {
        let all = [
            "or=openrouter",
            "together=together",
            "anthropic",
            "openai",
            "ollama",
        ];
        for (name, reachable, order, off, routes) in [
            (
                "opus",
                &all[..],
                "",
                "",
                "anthropic claude-opus-5-5, together opus-55, or anthropic/claude-opus-5.5",
            ),
            (
                "opus",
                &all,
                "openrouter",
                "",
                "anthropic claude-opus-5-5, or anthropic/claude-opus-5.5, together opus-55",
            ),
            (
                "opus",
                &all,
                "or",
                "anthropic together",
                "or anthropic/claude-opus-5.5",
            ),
            (
                "claude-opus-5-5-20261101",
                &all[2..],
                "",
                "",
                "anthropic claude-opus-5-5-20261101",
            ),
            (
                "claude-opus-5-5[1m]",
                &all[2..],
                "",
                "",
                "anthropic claude-opus-5-5",
            ),
            ("or:opus", &all, "", "", "or anthropic/claude-opus-5.5"),
            (
                "openrouter:opus",
                &all,
                "",
                "",
                "or anthropic/claude-opus-5.5",
            ),
            (
                "anthropic:claude-next-1",
                &all,
                "",
                "",
                "anthropic claude-next-1",
            ),
            (
                "anthropic/claude-opus-5.5",
                &all[2..],
                "",
                "",
                "anthropic claude-opus-5-5",
            ),
            ("qwen3:32b", &all, "", "", "ollama qwen3:32b"),
            ("ollama:qwen3:32b", &all, "", "", "ollama qwen3:32b"),
            (
                "opus",
                &["claude=anthropic", "anthropic"],
                "anthropic",
                "",
                "claude claude-opus-5-5, anthropic claude-opus-5-5",
            ),
        ] {
            let found = catalog().resolve(name, &reach(reachable), &texts(order), &texts(off));
            let told: Vec<String> = found
                .unwrap_or_else(|e| panic!("{name}: {e}"))
                .iter()
                .map(|route| format!("{} {}", route.backend, route.model))
                .collect();
            assert_eq!(told.join(", "), routes, "{name}");
        }
    }

    #[test]
    fn a_name_that_leads_nowhere_says_why() {
        for (name, reachable, off, why) in [
            (
                "claude-opus-55",
                &["anthropic"][..],
                "",
                "did you mean `claude-opus-5-5`",
            ),
            ("sonet", &["anthropic"], "", "did you mean `sonnet`"),
            (
                "xyzzy",
                &["anthropic"],
                "",
                "`antiphon models` lists those known",
            ),
            (
                "opus",
                &["openai"],
                "",
                "it needs a key for anthropic or openrouter or togetherai",
            ),
            (
                "opus",
                &["anthropic"],
                "anthropic",
                "only at anthropic, openrouter, togetherai, which is switched off",
            ),
            ("groq:x", &["anthropic"], "", "no model `groq:x`"),
            (
                "openrouter:opus",
                &["anthropic"],
                "",
                "cannot be reached · it needs a key for openrouter",
            ),
            ("qwen3:32b", &["anthropic"], "", "no model `qwen3:32b`"),
            ("", &["anthropic"], "", "no model ``"),
        ] {
            let found = catalog().resolve(name, &reach(reachable), &[], &texts(off));
            let told = found.expect_err(name).to_string();
            assert!(told.contains(why), "{name}: {told}");
        }
    }
}
