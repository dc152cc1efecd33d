//! The treasury beside AMP, between jobs: what it holds and what AMP knows of it ([`overview`]), its addresses
//! ([`addresses`], [`register`]), the blinders that AMP lacks ([`blinders`]), and new assets ([`issue`]).

pub mod addresses;
pub mod blinders;
pub mod issue;
pub mod overview;
pub mod register;
mod scripts;
