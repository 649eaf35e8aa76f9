//! What is known of models: prices, windows, abilities, benchmark scores; what a turn cost; how many
//! tokens a text has. Figures come from `assets/catalog/models.toml`, embedded and dated.
//!
//! Pure: no network, no files, no clock. What the figures mean for a choice is the learning room's matter.

mod age;
mod defaults;
mod exact;
mod factors;
mod filter;
mod layers;
mod load;
mod model;
mod names;
mod nearest;
mod price;
pub mod refresh;
mod resolve;
mod rows;
mod saving;
mod tokens;
mod user;
mod values;

pub use defaults::{default_model, provider_of};
pub use exact::count_exact;
pub use factors::{Factors, Learned};
pub use filter::{Filter, Sort, compare, filter_models, score, score_source};
pub use load::Catalog;
pub use model::{Ability, Model, Offered, Scores, Tier};
pub use names::plain_name;
pub use price::{Price, Rates, UNKNOWN_PRICE};
pub use resolve::{Route, Unresolved};
pub use rows::{ModelRow, OfferRow, RatesRow, ScoresRow, SourceRow, Table, TierRow};
pub use tokens::{count_tokens, factor};
pub use user::read_user_table;
