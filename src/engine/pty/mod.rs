//! Programs in pseudo-terminals.
