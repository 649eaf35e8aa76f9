//! Which model next: classify, estimate, suggest. Pure: no clock, no network, no files.
