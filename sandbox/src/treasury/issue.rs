//! New assets of a treasury, with their contracts.

use coldamp_core::Secp;
use coldamp_core::elements::confidential::Value;
use coldamp_core::elements::opcodes::all::OP_RETURN;
use coldamp_core::elements::script::Builder;
use coldamp_core::elements::secp256k1_zkp::{PublicKey, SecretKey};
use coldamp_core::elements::{AssetBlindingNonce, AssetEntropy, AssetIssuance, OutPoint};
use coldamp_core::treasury::{
    Branch, CtDescriptor, IssuanceIds, IssuanceKind, KeyPath, ProvenContract, canonical, contract_ids,
};

use super::draft::{Draft, NewAsset, Payment};
use super::{IssueSettings, Issued, TreasuryError};
use crate::chain::{Chain, Proven, Sender};

impl Chain {
    /// Issues an asset to the treasury, in a block of its own that leaves the mempool alone: one confidential output with
    /// the units, one with the tokens.
    ///
    /// # Errors
    /// When the contract could not be proven, an amount is zero or too large, or an index too high.
    pub fn issue(
        &mut self,
        secp: &Secp,
        descriptor: &CtDescriptor,
        settings: IssueSettings,
    ) -> Result<Issued, TreasuryError> {
        let (coin, spent) = self.coin().ok_or(TreasuryError::Poor { found: 0, expected: 1 })?;
        let secrets = self.next_secrets();
        let issuer = PublicKey::from_secret_key(secp, &secrets.scalar("issuer", 0));
        let contract = contract(&settings, &issuer)?;
        let ids = contract_ids(contract.as_bytes(), coin);
        // An asset whose contract could not be proven later is not issued.
        ProvenContract::prove(contract.as_bytes(), coin, ids.asset)?;
        let blinding_key = match settings.kind {
            IssuanceKind::Explicit => None,
            IssuanceKind::Blinded => Some(issuance_blinding_key(descriptor, &coin)),
        };
        let amounts = [settings.amount.base_units(), settings.token_amount.base_units()];
        let [amount, token_amount] = amounts;
        let token = ids.token(settings.kind);
        let new_asset = NewAsset {
            issuance: AssetIssuance {
                asset_blinding_nonce: AssetBlindingNonce::NEW_ISSUANCE,
                asset_entropy: contract_hash(&contract),
                amount: Value::Explicit(amount),
                inflation_keys: Value::Explicit(token_amount),
            },
            asset: ids.asset,
            token,
            amount,
            token_amount,
            blinding_key,
        };
        let mut payments = Vec::new();
        for (asset, value, index) in
            [(ids.asset, amount, settings.asset_index), (token, token_amount, settings.token_index)]
        {
            let path = KeyPath { branch: Branch::External, index };
            let script = descriptor.script_at(secp, path)?.script_pubkey;
            let receiver = Some(descriptor.blinding_key(secp, &script));
            payments.push(Payment { asset, value, script, receiver });
        }
        let policy_asset = self.network().policy_asset();
        let draft = Draft { coin, spent, new_asset: Some(new_asset), payments, policy_asset, secrets };
        let made = draft.make(secp)?;
        let [asset_secrets, token_secrets] = made.openings.as_slice() else {
            return Err(TreasuryError::Count { found: made.openings.len(), expected: 2 });
        };
        let (asset_secrets, token_secrets) = (*asset_secrets, *token_secrets);
        let [asset_blinds, token_blinds] = made.issued;
        let txid = self.enter(Proven::check(made.transaction, vec![made.spent], Sender::Sandbox)?)?;
        self.confirm(&[txid]);
        let IssuanceIds { asset, entropy, .. } = ids;
        let issued = Issued {
            asset,
            token,
            entropy,
            kind: settings.kind,
            contract,
            ticker: settings.ticker,
            name: settings.name,
            domain: settings.domain,
            precision: settings.precision,
            issuance_prevout: coin,
            txid,
            vin: 0,
            asset_vout: 0,
            token_vout: 1,
            amount: settings.amount,
            token_amount: settings.token_amount,
            asset_secrets,
            token_secrets,
            asset_blinds,
            token_blinds,
        };
        self.issued.insert(asset, issued.clone());
        Ok(issued)
    }
}

/// The contract as the asset registry wants it, in canonical JSON.
fn contract(settings: &IssueSettings, issuer: &PublicKey) -> Result<String, TreasuryError> {
    let contract = serde_json::json!({
        "entity": { "domain": settings.domain },
        "issuer_pubkey": issuer.to_string(),
        "name": settings.name,
        "precision": settings.precision.decimals(),
        "ticker": settings.ticker,
        "version": 0,
    });
    Ok(canonical(contract.to_string().as_bytes())?)
}

/// What the input of a first issuance has in the place of the entropy.
fn contract_hash(contract: &str) -> AssetEntropy {
    let hash = coldamp_core::elements::hashes::sha256::Hash::hash(contract.as_bytes());
    AssetEntropy::from_byte_array(hash.to_byte_array())
}

/// The key that blinds the amounts of an issuance as Elements derives it: the SLIP-77 key of the script
/// `OP_RETURN <txid> <vout>` of the coin that issues (elements wallet/wallet.cpp, GetIssuanceBlindingKey).
fn issuance_blinding_key(descriptor: &CtDescriptor, prevout: &OutPoint) -> SecretKey {
    let script = Builder::new()
        .push_opcode(OP_RETURN)
        .push_slice(&prevout.txid.to_byte_array())
        .push_int(prevout.vout.into())
        .into_script();
    descriptor.blinding_private_key(&script)
}
