//! The treasury beside AMP, between jobs: what it holds and what AMP knows of it ([`overview`]), its addresses
//! ([`addresses`], [`register`]), and the blinders that AMP lacks ([`blinders`]).

pub mod addresses;
pub mod blinders;
pub mod overview;
pub mod register;
mod scripts;
