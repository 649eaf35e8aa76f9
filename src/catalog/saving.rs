//! What a prompt cache saves.

use crate::catalog::Catalog;
use crate::protocol::{Nano, Usage};

impl Catalog {
    /// What `usage` would have cost more at `model` without its cache: what was read, at the price of input, less
    /// what the writes cost above that. Negative for a first turn that only writes; nothing for a model without a
    /// price.
    pub fn saved(&self, model: Option<&str>, usage: &Usage) -> Nano {
        let Some(model) = model.and_then(|name| self.find(name)) else {
            return Nano(0);
        };
        let plain = Usage {
            input: usage.total_input(),
            cache_read: 0,
            cache_write_5m: 0,
            cache_write_1h: 0,
            ..*usage
        };
        Nano(model.price.cost(&plain).0 - model.price.cost(usage).0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reading_saves_what_writing_cost_first() {
        let catalog = Catalog::embedded();
        let saved = |usage| catalog.saved(Some("claude-sonnet-5-5"), &usage).0;
        // $2 in, $0.10 read, $2.50 and $4 written, a million.
        let write = Usage {
            cache_write_5m: 1000,
            cache_write_1h: 1000,
            ..Usage::default()
        };
        assert_eq!(saved(write), -(500_000 + 2_000_000));
        let read = Usage {
            cache_read: 1000,
            input: 5,
            output: 7,
            ..Usage::default()
        };
        assert_eq!(saved(read), 1_900_000);
        assert_eq!(catalog.saved(Some("nobody-1"), &read), Nano(0));
    }
}
