//! Getting a request from AMP, and a second person's look at one.
//!
//! Before anything is asked for, [`asset`] sees whether AMP could follow it, and [`planned`] whether it could be carried
//! out, on a [`draft`] of what AMP would answer. What the next distribution would be, [`outlook`] says from the assignments;
//! [`distribution`] makes it, which cannot be taken back. What AMP answers is held against what was asked by [`answer`];
//! [`check`] compares a request file with what AMP shows another login.

pub mod answer;
pub mod asset;
pub mod check;
pub mod distribution;
pub mod draft;
pub mod outlook;
pub mod planned;
