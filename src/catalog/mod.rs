//! What is known of models: prices, windows, abilities, benchmark scores; token counting.
