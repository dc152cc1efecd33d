//! Getting a request from AMP, and a second person's check of one.
//!
//! Before anything is asked for, [`asset`] checks that AMP tracks all outputs of the asset, and [`planned`] checks that the
//! job is possible. [`outlook`] reads from the assignments what the next distribution would be, and [`draft`] makes a job of
//! it to plan with. [`distribution`] makes the distribution, which cannot be taken back. [`answer`] compares AMP's answer with
//! what was asked for. [`locks`] keeps assignments out of a distribution that could not pay all of them. [`recipients`] lists whom a
//! request pays. [`check`] compares a request file with what AMP shows to another login.

pub mod answer;
pub mod asset;
pub mod check;
pub mod distribution;
pub(crate) mod draft;
pub mod locks;
pub mod outlook;
pub mod planned;
pub mod recipients;
