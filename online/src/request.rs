//! Getting a request from AMP, and a second person's look at one.
//!
//! Before a distribution is asked for, [`outlook`] says from the assignments what it would be, and [`draft`] writes that
//! down as a request to plan with: the GET that makes it cannot be taken back. What AMP answers is held against what was
//! asked by [`answer`]; [`check`] compares a request file with what AMP shows another login.

pub mod answer;
pub mod check;
pub mod draft;
pub mod outlook;
