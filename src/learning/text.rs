//! Small things about text that several files need.

/// FNV-1a, 32 bits: the same on every machine and in every version. No text can be read from it, though a word can be
/// found again by one who guesses it.
pub(super) fn hash(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    })
}
