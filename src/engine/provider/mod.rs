//! Chat APIs, one thin adapter a wire format.
