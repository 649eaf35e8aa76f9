//! Everything acknowledged, on disk: one writer, readers of their own.
