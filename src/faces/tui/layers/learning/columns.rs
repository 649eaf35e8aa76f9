//! How wide the columns of beliefs are.

/// Columns of the beliefs. What has no room is left out, from the right.
pub struct Columns {
    pub model: usize,
    pub category: usize,
    pub plot: usize,
    pub ground: usize,
}

impl Columns {
    pub fn of(width: u16) -> Columns {
        match width {
            ..76 => Columns {
                model: 18,
                category: 11,
                plot: 0,
                ground: 0,
            },
            76..120 => Columns {
                model: 18,
                category: 11,
                plot: 9,
                ground: 0,
            },
            _ => Columns {
                model: 34,
                category: 13,
                plot: 41.min(usize::from(width) - 100),
                ground: 26,
            },
        }
    }
}
