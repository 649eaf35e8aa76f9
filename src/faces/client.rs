//! A connection to the engine.
