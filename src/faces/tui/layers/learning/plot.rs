//! An interval between 0 and 1 as a line of cells.

/// `┄┄┄├──●─┤┄┄` in `width` cells: from `lower` to `upper`, with the expected `middle`, and `wanted` as `╎` where
/// nothing else stands. Readable without colour.
pub fn interval(lower: f64, middle: f64, upper: f64, wanted: f64, width: usize) -> String {
    if width == 0 {
        return String::new();
    }
    let cell = |share: f64| {
        let share = if share.is_finite() { share } else { 0.0 };
        (share.clamp(0.0, 1.0) * (width - 1) as f64).round() as usize
    };
    let (from, at, to) = (cell(lower), cell(middle), cell(upper));
    let mark = |i: usize| match i {
        _ if i == at => '●',
        _ if i == from => '├',
        _ if i == to => '┤',
        _ if from < i && i < to => '─',
        _ if i == cell(wanted) => '╎',
        _ => '┄',
    };
    (0..width).map(mark).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interval_is_drawn_to_scale() {
        for (lower, middle, upper, drawn) in [
            (0.2, 0.4, 0.6, "┄┄├─●─┤┄╎┄┄"),
            (0.0, 0.5, 1.0, "├────●────┤"),
            (0.8, 0.9, 1.0, "┄┄┄┄┄┄┄┄├●┤"),
            (0.5, 0.5, 0.5, "┄┄┄┄┄●┄┄╎┄┄"),
            (-3.0, f64::NAN, 7.0, "●─────────┤"),
        ] {
            assert_eq!(interval(lower, middle, upper, 0.8, 11), drawn);
        }
        assert_eq!(interval(0.0, 0.5, 1.0, 0.8, 0), "");
        assert_eq!(interval(0.0, 0.5, 1.0, 0.8, 1), "●");
    }
}
