//! New assets with their contracts: of a treasury, or to addresses, as AMP issues them.

use coldamp_core::Secp;
use coldamp_core::elements::confidential::Value;
use coldamp_core::elements::opcodes::all::OP_RETURN;
use coldamp_core::elements::script::Builder;
use coldamp_core::elements::secp256k1_zkp::{PublicKey, SecretKey};
use coldamp_core::elements::{
    Address, AssetBlindingNonce, AssetEntropy, AssetIssuance, OutPoint, Script, TxOut, TxOutSecrets,
};
use coldamp_core::treasury::{
    Branch, CtDescriptor, IssuanceIds, IssuanceKind, KeyPath, ProvenContract, canonical, contract_ids,
};
use coldamp_core::units::{AssetAmount, Precision};

use super::draft::{Draft, NewAsset, Payment};
use super::secrets::Secrets;
use super::{Issuance, IssueOrder, IssueSettings, Issued, TreasuryError};
use crate::chain::{Chain, Proven, Sender};

/// What an issuance is made of, and where it goes.
struct Making {
    coin: OutPoint,
    spent: TxOut,
    secrets: Secrets,
    contract: String,
    kind: IssuanceKind,
    /// The key that blinds the issued amounts, where they are blinded.
    blinding_key: SecretKey,
    units: Receipt,
    tokens: Option<Receipt>,
}

/// An amount, and the script and the key that it is blinded to.
struct Receipt {
    amount: AssetAmount,
    script: Script,
    receiver: PublicKey,
}

/// An issuance in the mempool, and how its outputs open.
struct Done {
    issuance: Issuance,
    ids: IssuanceIds,
    openings: Vec<TxOutSecrets>,
}

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
        let contract = contract_text(
            &settings.domain,
            &issuer.to_string(),
            &settings.name,
            settings.precision,
            &settings.ticker,
        )?;
        let receipt = |amount, index| -> Result<Receipt, TreasuryError> {
            let path = KeyPath { branch: Branch::External, index };
            let script = descriptor.script_at(secp, path)?.script_pubkey;
            let receiver = descriptor.blinding_key(secp, &script);
            Ok(Receipt { amount, script, receiver })
        };
        let making = Making {
            coin,
            spent,
            secrets,
            contract,
            kind: settings.kind,
            blinding_key: issuance_blinding_key(descriptor, &coin),
            units: receipt(settings.amount, settings.asset_index)?,
            tokens: Some(receipt(settings.token_amount, settings.token_index)?),
        };
        let Done { issuance, ids, openings } = self.carry_out(secp, making)?;
        let [asset_secrets, token_secrets] = openings.as_slice() else {
            return Err(TreasuryError::Count { found: openings.len(), expected: 2 });
        };
        self.confirm(&[issuance.txid]);
        let issued = Issued {
            asset: ids.asset,
            token: ids.token(settings.kind),
            entropy: ids.entropy,
            kind: settings.kind,
            ticker: settings.ticker,
            name: settings.name,
            domain: settings.domain,
            precision: settings.precision,
            issuance_prevout: coin,
            txid: issuance.txid,
            vin: issuance.vin,
            asset_vout: issuance.asset_vout,
            token_vout: 1,
            amount: settings.amount,
            token_amount: settings.token_amount,
            asset_secrets: *asset_secrets,
            token_secrets: *token_secrets,
            asset_blinds: issuance.asset_blinds,
            token_blinds: issuance.token_blinds,
            contract: issuance.contract,
        };
        self.registry.insert(issued.asset, issued.contract.clone());
        self.issued.insert(issued.asset, issued.clone());
        Ok(issued)
    }

    /// Issues an asset to addresses, and leaves the transaction in the mempool, as AMP's own node does. The registry does not
    /// have its contract.
    ///
    /// # Errors
    /// When the contract could not be proven, an amount is zero or too large, or an address is not confidential.
    pub fn issue_order(&mut self, secp: &Secp, order: &IssueOrder) -> Result<Issuance, TreasuryError> {
        let (coin, spent) = self.coin().ok_or(TreasuryError::Poor { found: 0, expected: 1 })?;
        let secrets = self.next_secrets();
        let receipt = |amount: AssetAmount, address: &Address| match address.blinding_pubkey {
            Some(receiver) => Ok(Receipt { amount, script: address.script_pubkey(), receiver }),
            None => Err(TreasuryError::Unconfidential { address: address.to_string() }),
        };
        let making = Making {
            coin,
            spent,
            contract: order.contract.clone(),
            kind: order.kind,
            blinding_key: secrets.scalar("issuance-key", 0),
            units: receipt(order.amount, &order.address)?,
            tokens: order.tokens.as_ref().map(|(amount, address)| receipt(*amount, address)).transpose()?,
            secrets,
        };
        Ok(self.carry_out(secp, making)?.issuance)
    }

    fn carry_out(&mut self, secp: &Secp, making: Making) -> Result<Done, TreasuryError> {
        let Making { coin, spent, secrets, contract, kind, blinding_key, units, tokens } = making;
        let ids = contract_ids(contract.as_bytes(), coin);
        // An asset whose contract could not be proven later is not issued.
        ProvenContract::prove(contract.as_bytes(), coin, ids.asset)?;
        let (amount, token) = (units.amount.base_units(), ids.token(kind));
        let token_amount = tokens.as_ref().map(|tokens| tokens.amount.base_units());
        let new_asset = NewAsset {
            issuance: AssetIssuance {
                asset_blinding_nonce: AssetBlindingNonce::NEW_ISSUANCE,
                asset_entropy: contract_hash(&contract),
                amount: Value::Explicit(amount),
                inflation_keys: token_amount.map_or(Value::Null, Value::Explicit),
            },
            asset: ids.asset,
            token,
            amount,
            token_amount: token_amount.unwrap_or(0),
            blinding_key: (kind == IssuanceKind::Blinded).then_some(blinding_key),
        };
        let payments =
            [(ids.asset, Some(units)), (token, tokens)].into_iter().filter_map(|(asset, receipt)| {
                let Receipt { amount, script, receiver } = receipt?;
                Some(Payment { asset, value: amount.base_units(), script, receiver: Some(receiver) })
            });
        let payments = payments.collect();
        let policy_asset = self.network().policy_asset();
        let draft = Draft { coin, spent, new_asset: Some(new_asset), payments, policy_asset, secrets };
        let made = draft.make(secp)?;
        let [asset_blinds, token_blinds] = made.issued;
        let txid = self.enter(Proven::check(made.transaction, vec![made.spent], Sender::Sandbox)?)?;
        let issuance = Issuance {
            asset: ids.asset,
            token: token_amount.map(|_| token),
            contract,
            prevout: coin,
            txid,
            vin: 0,
            asset_vout: 0,
            token_vout: token_amount.map(|_| 1),
            asset_blinds,
            token_blinds,
        };
        Ok(Done { issuance, ids, openings: made.openings })
    }
}

/// The contract as the asset registry wants it, in canonical JSON.
///
/// # Errors
/// When it has no canonical form.
pub fn contract_text(
    domain: &str,
    issuer_pubkey: &str,
    name: &str,
    precision: Precision,
    ticker: &str,
) -> Result<String, TreasuryError> {
    let contract = serde_json::json!({
        "entity": { "domain": domain },
        "issuer_pubkey": issuer_pubkey,
        "name": name,
        "precision": precision.decimals(),
        "ticker": ticker,
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
