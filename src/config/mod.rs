//! Files of the user and our own defaults, read into values: load and report.
