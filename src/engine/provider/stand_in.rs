//! Servers for tests: canned bytes on a port of this machine.
