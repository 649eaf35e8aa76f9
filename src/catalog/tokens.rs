//! How many tokens a text has, without a vocabulary: microseconds per kilobyte, right within some ten percent.
pub fn count_tokens(text: &str) -> u64 {
    (text.len() as u64).div_ceil(4)
}
pub fn factor(_model: &str) -> f64 {
    1.0
}
