//! What holds of all requests and all files, shown on many: `plans` makes honest jobs at random, `fields` changes every
//! pair of honest PSETs in every plain way, `bytes` flips a hundred thousand bytes.
//!
//! Every number comes from a fixed seed: a run that fails fails again, and one that passes leaves no file behind.

mod asked;
mod bytes;
mod fields;
mod plans;
mod replaced;
