//! What a review finds out about a PSET that carries a request.

use super::asset::AssetKnowledge;
use super::effects::{Effects, OutputEffect};
use super::role::Role;
use crate::amp::Request;

/// What a review finds out about a PSET that carries a request.
#[derive(Debug, Clone)]
pub(super) struct Findings {
    /// AMP's request.
    pub(super) request: Request,
    /// What the PSET does.
    pub(super) effects: Effects,
    /// The role of each output, in order. `None` where nothing explains the output.
    pub(super) roles: Vec<Option<Role>>,
    /// What is proven about the request's asset.
    pub(super) asset: AssetKnowledge,
}

impl Findings {
    /// Each output with its role.
    pub(super) fn outputs(&self) -> impl Iterator<Item = (&OutputEffect, Option<Role>)> {
        self.effects.outputs.iter().zip(self.roles.iter().copied())
    }
}
