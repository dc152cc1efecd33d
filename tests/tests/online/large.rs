//! A treasury of ten thousand coins.
