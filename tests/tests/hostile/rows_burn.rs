//! Burns of something else, of more or less, or in a form that burns nothing or that AMP cannot see
//! (docs/rules.md#burn).

use coldamp_core::code::Code;
use coldamp_core::elements::opcodes::all::{OP_PUSHBYTES_0, OP_PUSHNUM_1, OP_RETURN};
use coldamp_core::elements::script::Builder;
use coldamp_core::elements::{Script, WScriptHash};
use coldamp_core::sign::review::Role;
use coldamp_core::treasury::Branch;

use super::bench::{Bench, attacker_key, attacker_script};
use super::job::BURN;
use super::row::Expected::{self, Among, Only};
use super::row::{Row, refused, typed};

fn row(attack: &str, expected: Expected, how: fn(&mut Bench)) -> Row {
    typed(BURN, attack, expected, how)
}

#[test]
fn the_right_asset_and_amount_are_burnt() {
    refused(vec![
        row("L-BTC instead", Only(Code::BurnAsset), |bench| {
            bench.output(Role::Burn).asset = Some(bench.honest.policy_asset());
            bench.settle();
        }),
        row("the token instead", Among(Code::BurnAsset), |bench| {
            let coin = bench.honest.unspent(bench.honest.token());
            bench.spend(&coin);
            let burnt = *bench.amount(Role::Burn);
            bench.output(Role::Burn).asset = Some(coin.asset());
            bench.pay_own(Branch::External, 30, coin.asset(), coin.secrets.value - burnt);
            bench.settle();
        }),
        row("our other asset instead", Among(Code::BurnAsset), |bench| {
            let coin = bench.honest.unspent(bench.honest.other_asset());
            bench.spend(&coin);
            let burnt = *bench.amount(Role::Burn);
            bench.output(Role::Burn).asset = Some(coin.asset());
            bench.pay_own(Branch::Internal, 30, coin.asset(), coin.secrets.value - burnt);
            bench.settle();
        }),
        row("a base unit more", Only(Code::BurnAmount), |bench| {
            *bench.amount(Role::Burn) += 1;
            bench.settle();
        }),
        row("a base unit less", Only(Code::BurnAmount), |bench| {
            *bench.amount(Role::Burn) -= 1;
            bench.settle();
        }),
        row("everything that is there", Among(Code::BurnAmount), |bench| {
            let change = bench.remove(Role::AssetChange).amount.unwrap();
            *bench.amount(Role::Burn) += change;
            bench.settle();
        }),
    ]);
}

#[test]
fn a_burn_is_one_bare_op_return_in_the_open() {
    let mut rows = vec![
        row("an output that anybody can spend", Among(Code::BurnScript), |bench| {
            bench.output(Role::Burn).script_pubkey = Builder::new().push_opcode(OP_PUSHNUM_1).into_script();
        }),
        row("an output to an unknown script", Among(Code::BurnScript), |bench| {
            bench.output(Role::Burn).script_pubkey =
                Script::new_v0_wsh(&WScriptHash::hash_script(&Script::new()));
        }),
        row("an output to the attacker", Among(Code::BurnScript), |bench| {
            bench.output(Role::Burn).script_pubkey = attacker_script();
        }),
        row("a push before OP_RETURN", Among(Code::BurnScript), |bench| {
            let script = Builder::new().push_opcode(OP_PUSHBYTES_0).push_opcode(OP_RETURN).into_script();
            bench.output(Role::Burn).script_pubkey = script;
        }),
        row("no burn, the units as change", Among(Code::BurnScript), |bench| {
            bench.remove(Role::Burn);
            bench.settle();
        }),
        row("blinded to the attacker", Only(Code::BurnScript), |bench| {
            let output = bench.output(Role::Burn);
            output.blinding_key = Some(attacker_key());
            output.blinder_index = Some(0);
            bench.settle();
        }),
        row("a blinded twin beside it", Among(Code::BurnScript), |bench| {
            let script = bench.output(Role::Burn).script_pubkey.clone();
            bench.pay(script, bench.honest.asset(), 1_000, Some(attacker_key()));
            bench.settle();
        }),
        row("in two halves", Among(Code::BurnScript), |bench| {
            let script = bench.output(Role::Burn).script_pubkey.clone();
            *bench.amount(Role::Burn) -= 1_000;
            bench.pay(script, bench.honest.asset(), 1_000, None);
            bench.settle();
        }),
        row("L-BTC burnt on the side", Among(Code::BurnScript), |bench| {
            let script = bench.output(Role::Burn).script_pubkey.clone();
            bench.pay(script, bench.honest.policy_asset(), 1_000, None);
            bench.settle();
        }),
        row("a peg-out of L-BTC beside the burn", Among(Code::BurnScript), |bench| {
            bench.pay(peg_out(), bench.honest.policy_asset(), 1_000, None);
            bench.settle();
        }),
    ];
    let scripts: [(&str, Script); 4] = [
        ("a peg-out", peg_out()),
        ("data", Builder::new().push_opcode(OP_RETURN).push_slice(b"data").into_script()),
        ("an empty push", Script::new_op_return(&[])),
        ("an opcode", Builder::new().push_opcode(OP_RETURN).push_opcode(OP_RETURN).into_script()),
    ];
    for (name, script) in scripts {
        rows.push(typed(BURN, format!("{name} behind OP_RETURN"), Only(Code::BurnScript), move |bench| {
            bench.output(Role::Burn).script_pubkey = script.clone();
            bench.settle();
        }));
    }
    refused(rows);
}

/// OP_RETURN, a genesis hash and a script: what the federation pays out on Bitcoin.
fn peg_out() -> Script {
    let script = attacker_script();
    Builder::new().push_opcode(OP_RETURN).push_slice(&[0x6f; 32]).push_slice(script.as_bytes()).into_script()
}

/// The tests above that refuse rows, for `codes`.
pub(crate) const LISTS: &[fn()] =
    &[the_right_asset_and_amount_are_burnt, a_burn_is_one_bare_op_return_in_the_open];
