//! Treasury addresses: where holders may send units back to. They play no part in the three jobs.

use coldamp_core::elements::{Address, AddressParams};
use serde_json::json;

use super::answers::Refusal;
use super::asset::Asset;
use super::body;
use crate::exchange::Answer;

impl Asset {
    /// A bare list.
    pub(super) fn list_treasury_addresses(&self) -> Answer {
        Answer::json(200, &json!(self.treasury_addresses))
    }

    /// Adds all or none. One that is there already is refused, as AMP does.
    pub(super) fn add_treasury_addresses(&mut self, body: &[u8]) -> Result<Answer, Refusal> {
        let mut addresses = self.treasury_addresses.clone();
        for address in body::read::<Vec<String>>(body)? {
            if Address::parse_with_params(&address, &AddressParams::ELEMENTS).is_err() {
                return Err(Refusal::NonField(format!("Invalid value: {address}")));
            }
            if addresses.contains(&address) {
                return Err(Refusal::NonField(format!("{address} has already been added")));
            }
            addresses.push(address);
        }
        self.treasury_addresses = addresses;
        Ok(Answer::empty(200))
    }

    /// Removes those that are named.
    pub(super) fn delete_treasury_addresses(&mut self, body: &[u8]) -> Result<Answer, Refusal> {
        let named: Vec<String> = body::read(body)?;
        if let Some(unknown) = named.iter().find(|address| !self.treasury_addresses.contains(address)) {
            return Err(Refusal::NonField(format!("Invalid value: {unknown}")));
        }
        self.treasury_addresses.retain(|address| !named.contains(address));
        Ok(Answer::empty(200))
    }
}
