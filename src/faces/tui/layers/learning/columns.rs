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
            // What is left is first the plot's, then the name's.
            76..120 => {
                let left = usize::from(width) - 76;
                let plot = 9 + (left * 2 / 3).min(32);
                Columns {
                    model: 18 + left - (plot - 9),
                    category: 11,
                    plot,
                    ground: 0,
                }
            }
            _ => Columns {
                model: 34,
                category: 13,
                plot: 41.min(usize::from(width) - 100),
                ground: 26,
            },
        }
    }
}
