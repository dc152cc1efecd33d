//! The attacker's bench: an honest PSET taken apart, with tools that leave everything right but the one thing that he
//! wants wrong.

use coldamp_core::elements::bitcoin::PublicKey;
use coldamp_core::elements::confidential::{Asset, Nonce, Value};
use coldamp_core::elements::pset::elip100::{AssetMetadata, TokenMetadata};
use coldamp_core::elements::pset::{Input, Output, PartiallySignedTransaction as Pset};
use coldamp_core::elements::secp256k1_zkp::SecretKey;
use coldamp_core::elements::{
    AssetEntropy, AssetId, OutPoint, RangeProof, Script, TxOut, TxOutWitness, Txid,
};
use coldamp_core::limits::SEQUENCE;
use coldamp_core::pset::{entropy_key, request_key};
use coldamp_core::sign::review::Role;
use coldamp_core::treasury::{Branch, OwnScript, Utxo};

use super::job::{Honest, JobName, spends};

/// More than the relay floor and less than the cap of every small job.
const FAIR_FEE: u64 = 900;

/// The attacker's key, good for scripts and for blinding.
pub(crate) fn attacker_key() -> PublicKey {
    let secret = SecretKey::from_slice(&[0x66; 32]).expect("a scalar");
    PublicKey::new(secret.public_key(&coldamp_core::Secp::new()))
}

/// A script that the attacker can spend.
pub(crate) fn attacker_script() -> Script {
    Script::new_v0_wpkh(&attacker_key().wpubkey_hash().expect("a compressed key"))
}

/// An honest PSET in the attacker's hands.
pub(crate) struct Bench {
    pub(crate) honest: &'static Honest,
    pub(crate) pset: Pset,
    /// By output; none for what the attacker added.
    roles: Vec<Option<Role>>,
    /// What [`Bench::settle`] pays.
    pub(crate) fee: u64,
}

impl Bench {
    pub(crate) fn new(job: JobName) -> Self {
        let honest = Honest::of(job);
        let roles = honest.roles.iter().copied().map(Some).collect();
        Bench { honest, pset: honest.pset.clone(), roles, fee: FAIR_FEE }
    }

    /// The index of the output of a role.
    pub(crate) fn at(&self, role: Role) -> usize {
        let found = self.roles.iter().position(|found| *found == Some(role));
        found.unwrap_or_else(|| panic!("no output is {role:?}"))
    }

    pub(crate) fn output(&mut self, role: Role) -> &mut Output {
        let index = self.at(role);
        &mut self.pset.outputs_mut()[index]
    }

    pub(crate) fn amount(&mut self, role: Role) -> &mut u64 {
        self.output(role).amount.as_mut().expect("an amount")
    }

    pub(crate) fn input(&mut self, index: usize) -> &mut Input {
        &mut self.pset.inputs_mut()[index]
    }

    /// Position and content of the first input that spends a coin of this asset.
    pub(crate) fn input_of(&self, asset: AssetId) -> (usize, Utxo) {
        let inputs = self.pset.inputs().iter().enumerate();
        let mut known = inputs.filter_map(|(index, input)| {
            let coin = self.honest.coins.iter().find(|coin| spends(input, coin))?;
            Some((index, coin.clone()))
        });
        known.find(|(_, coin)| coin.asset() == asset).expect("an input of the asset")
    }

    /// The index of the input with the issuance.
    pub(crate) fn issuing_input(&mut self) -> &mut Input {
        let issuing = self.pset.inputs_mut().iter_mut().find(|input| input.issuance_asset_entropy.is_some());
        issuing.expect("an issuance")
    }

    /// Where a token is spent that carries no issuance.
    pub(crate) fn second_token(&self) -> usize {
        let token = self.honest.token();
        let inputs = self.pset.inputs().iter().enumerate();
        let mut idle = inputs.filter(|(_, input)| input.issuance_asset_entropy.is_none());
        let holds =
            |input: &Input| self.honest.coins.iter().any(|coin| spends(input, coin) && coin.asset() == token);
        idle.find(|(_, input)| holds(input)).expect("a second token").0
    }

    /// The coin that an input spends.
    pub(crate) fn coin_of(&self, index: usize) -> Utxo {
        let input = &self.pset.inputs()[index];
        self.honest.coins.iter().find(|coin| spends(input, coin)).expect("a coin of ours").clone()
    }

    pub(crate) fn remove(&mut self, role: Role) -> Output {
        let index = self.at(role);
        self.roles.remove(index);
        self.pset.remove_output(index).expect("the output")
    }

    /// Adds an output before the fee.
    pub(crate) fn add(&mut self, output: Output) {
        let last = self.pset.outputs().len() - 1;
        self.roles.insert(last, None);
        self.pset.insert_output(output, last);
    }

    /// Pays a script, blinded if there is a key.
    pub(crate) fn pay(&mut self, script: Script, asset: AssetId, amount: u64, key: Option<PublicKey>) {
        let mut output = Output::new_explicit(script, amount, asset, key);
        output.blinder_index = key.map(|_| 0);
        self.add(output);
    }

    pub(crate) fn pay_attacker(&mut self, asset: AssetId, amount: u64) {
        self.pay(attacker_script(), asset, amount, Some(attacker_key()));
    }

    /// Pays ourselves in the form that `prepare` gives own outputs.
    pub(crate) fn pay_own(&mut self, branch: Branch, index: u32, asset: AssetId, amount: u64) {
        let own = self.honest.own(branch, index);
        let key = self.honest.own_blinding_key(&own.script_pubkey);
        let mut output = Output::new_explicit(own.script_pubkey.clone(), amount, asset, Some(key));
        output.blinder_index = Some(0);
        self.claim_as(&mut output, &own);
        self.add(output);
    }

    /// Moves an own output to another of our paths, all its fields with it.
    pub(crate) fn move_own(&mut self, role: Role, branch: Branch, index: u32) {
        let own = self.honest.own(branch, index);
        let mut output = self.output(role).clone();
        output.script_pubkey = own.script_pubkey.clone();
        output.blinding_key = Some(self.honest.own_blinding_key(&own.script_pubkey));
        self.claim_as(&mut output, &own);
        *self.output(role) = output;
    }

    /// Writes the claims that say "this is yours, at this path".
    pub(crate) fn claim_as(&self, output: &mut Output, own: &OwnScript) {
        output.redeem_script = own.redeem_script.clone();
        output.witness_script = own.witness_script.clone();
        output.bip32_derivation = own.derivations();
    }

    /// Spends a coin, all its fields right.
    pub(crate) fn spend(&mut self, coin: &Utxo) {
        let input = self.spending(coin);
        self.pset.add_input(input);
    }

    /// Spends an explicit coin of L-BTC at a path of ours, as anybody can pay one who knows the address.
    pub(crate) fn spend_dust(&mut self, branch: Branch, index: u32) -> OutPoint {
        let asset = self.honest.policy_asset();
        let mut coin = self.honest.coins[0].clone();
        coin.own = self.honest.own(branch, index);
        coin.outpoint = OutPoint::new(unknown_txid(), index);
        coin.rangeproof = RangeProof::EMPTY;
        coin.txout = TxOut {
            asset: Asset::Explicit(asset),
            value: Value::Explicit(1),
            nonce: Nonce::Null,
            script_pubkey: coin.own.script_pubkey.clone(),
            witness: TxOutWitness::default(),
        };
        self.spend(&coin);
        coin.outpoint
    }

    /// The input that spends a coin of ours, as `prepare` writes it.
    pub(crate) fn spending(&self, coin: &Utxo) -> Input {
        let mut input = Input::from_prevout(coin.outpoint);
        input.sequence = Some(SEQUENCE);
        input.witness_utxo = Some(coin.txout.clone());
        input.in_utxo_rangeproof = Some(coin.rangeproof.clone()).filter(|proof| !proof.is_empty());
        input.redeem_script = coin.own.redeem_script.clone();
        input.witness_script = coin.own.witness_script.clone();
        input.bip32_derivation = coin.own.derivations();
        input
    }

    /// Makes a coin that the honest PSET spends look explicit, holding this. (No signature would be valid for it, but
    /// no rule can know that.)
    pub(crate) fn pretend_explicit(&mut self, index: usize, asset: AssetId, amount: u64) {
        let input = self.input(index);
        input.in_utxo_rangeproof = None;
        let spent = input.witness_utxo.as_mut().expect("a coin");
        spent.asset = Asset::Explicit(asset);
        spent.value = Value::Explicit(amount);
        spent.nonce = Nonce::Null;
    }

    /// Replaces text of the request inside the PSET.
    pub(crate) fn request(&mut self, from: &str, to: &str) {
        let request = self.pset.global.proprietary.get_mut(&request_key()).expect("the request");
        let text = std::str::from_utf8(request).expect("text");
        assert!(text.contains(from), "the request has no {from}");
        *request = text.replace(from, to).into_bytes();
    }

    /// Says under ELIP-100 what the asset's contract is.
    pub(crate) fn say_contract(&mut self, asset: AssetId, contract: impl Into<String>, prevout: OutPoint) {
        let replaced = self.pset.add_asset_metadata(asset, &AssetMetadata::new(contract.into(), prevout));
        assert!(replaced.is_none(), "an asset has one contract");
    }

    /// Says under ELIP-100 whose token this is.
    pub(crate) fn say_token(&mut self, token: AssetId, of: AssetId, blinded: bool) {
        self.pset.add_token_metadata(token, &TokenMetadata::new(of, blinded));
    }

    /// Says which entropy the asset has.
    pub(crate) fn say_entropy(&mut self, entropy: Option<AssetEntropy>) {
        match entropy {
            Some(entropy) => {
                self.pset.global.proprietary.insert(entropy_key(), entropy.to_byte_array().to_vec())
            }
            None => self.pset.global.proprietary.remove(&entropy_key()),
        };
    }

    /// Makes the whole job one of another asset: request, outputs, and coins that look explicit. Says nothing of it.
    pub(crate) fn rename_asset(&mut self, becomes: AssetId) {
        let asset = self.honest.asset();
        self.request(&asset.to_string(), &becomes.to_string());
        for index in 0..self.pset.inputs().len() {
            let coin = self.coin_of(index);
            if coin.asset() == asset {
                self.pretend_explicit(index, becomes, coin.secrets.value);
            }
        }
        for output in self.pset.outputs_mut().iter_mut().filter(|output| output.asset == Some(asset)) {
            output.asset = Some(becomes);
        }
        self.say_entropy(None);
    }

    /// Pays [`Bench::fee`], and gives each change output what its asset has left, so that nothing is out of balance.
    pub(crate) fn settle(&mut self) {
        if let Some(index) = self.roles.iter().position(|role| *role == Some(Role::Fee)) {
            self.pset.outputs_mut()[index].amount = Some(self.fee);
        }
        for change in [Role::PolicyChange, Role::AssetChange] {
            if self.roles.contains(&Some(change)) {
                let asset = self.output(change).asset.expect("an asset");
                *self.amount(change) = 0;
                let (held, paid) = (self.held(asset), self.paid(asset));
                *self.amount(change) = held.checked_sub(paid).expect("enough for the attack");
            }
        }
    }

    /// Base units of an asset that go in or are issued.
    pub(crate) fn held(&self, asset: AssetId) -> u64 {
        let worth = |input: &Input| {
            let spent = input.witness_utxo.as_ref()?;
            match (spent.asset, spent.value) {
                (Asset::Explicit(found), Value::Explicit(value)) => (found == asset).then_some(value),
                _ => {
                    let coin = self.honest.coins.iter().find(|coin| coin.txout.value == spent.value)?;
                    (coin.asset() == asset).then_some(coin.secrets.value)
                }
            }
        };
        let issued = |input: &Input| {
            let made = input.issuance_asset_entropy.map(AssetId::from_entropy);
            input.issuance_value_amount.filter(|_| made == Some(asset))
        };
        let inputs = self.pset.inputs();
        inputs.iter().filter_map(worth).chain(inputs.iter().filter_map(issued)).sum()
    }

    /// Base units of an asset that go out.
    pub(crate) fn paid(&self, asset: AssetId) -> u64 {
        let outputs = self.pset.outputs().iter().filter(|output| output.asset == Some(asset));
        outputs.filter_map(|output| output.amount).sum()
    }
}

/// A transaction that nobody made.
pub(crate) fn unknown_txid() -> Txid {
    Txid::from_byte_array([0x77; 32])
}
