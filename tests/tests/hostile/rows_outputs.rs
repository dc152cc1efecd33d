//! Outputs of a distribution that pay other people, other amounts or other assets than AMP asked for
//! (docs/rules.md#recipients).

use coldamp_core::code::Code;
use coldamp_core::elements::opcodes::all::{OP_RESERVED, OP_RETURN};
use coldamp_core::elements::script::Builder;
use coldamp_core::sign::review::Role;
use coldamp_tests::RequestKind;

use super::bench::{attacker_key, attacker_script};
use super::job::{BURN, DISTRIBUTE, JobName, REISSUE};
use super::row::Expected::{Among, Only};
use super::row::{Row, refused, typed};

/// Every second recipient is unconfidential.
const OPEN_RECIPIENTS: JobName = (RequestKind::Distribute, "wpkh-blinded-issuance");

const FIRST: Role = Role::Recipient(0);
const SECOND: Role = Role::Recipient(1);
/// Gets 1.31383005.
const LAST: Role = Role::Recipient(4);

#[test]
fn recipients_get_what_they_are_due_or_nothing_is_signed() {
    let mut rows = paid_wrongly();
    rows.extend(paid_to_others());
    rows.extend(left_in_the_open());
    refused(rows);
}

#[test]
fn no_output_stands_there_unexplained() {
    refused(unexplained());
}

fn paid_wrongly() -> Vec<Row> {
    vec![
        typed(DISTRIBUTE, "a base unit less", Only(Code::AmountMismatch), |bench| {
            *bench.amount(FIRST) -= 1;
            bench.settle();
        }),
        typed(DISTRIBUTE, "a base unit more", Only(Code::AmountMismatch), |bench| {
            *bench.amount(LAST) += 1;
            bench.settle();
        }),
        typed(REISSUE, "a base unit less to ourselves", Among(Code::AmountMismatch), |bench| {
            *bench.amount(Role::Reissued) -= 1;
        }),
        typed(REISSUE, "a base unit more to ourselves", Among(Code::AmountMismatch), |bench| {
            *bench.amount(Role::Reissued) += 1;
        }),
        typed(DISTRIBUTE, "two amounts change places", Only(Code::AmountMismatch), |bench| {
            let (first, second) = (*bench.amount(FIRST), *bench.amount(SECOND));
            (*bench.amount(FIRST), *bench.amount(SECOND)) = (second, first);
        }),
        typed(DISTRIBUTE, "L-BTC of the same amount", Only(Code::AssetMismatch), |bench| {
            bench.request("1.31383005", "0.00001");
            *bench.amount(LAST) = 1_000;
            bench.output(LAST).asset = Some(bench.honest.policy_asset());
            bench.settle();
        }),
        typed(DISTRIBUTE, "our other asset of the same amount", Among(Code::AssetMismatch), |bench| {
            let coin = bench.honest.unspent(bench.honest.other_asset());
            bench.request("1.31383005", "0.01762228");
            bench.spend(&coin);
            *bench.amount(LAST) = coin.secrets.value;
            bench.output(LAST).asset = Some(coin.asset());
            bench.settle();
        }),
        typed(DISTRIBUTE, "the token, whose amount is worth more", Among(Code::AssetMismatch), |bench| {
            let coin = bench.honest.unspent(bench.honest.token());
            bench.request("1.31383005", "1");
            bench.spend(&coin);
            *bench.amount(LAST) = coin.secrets.value;
            bench.output(LAST).asset = Some(coin.asset());
            bench.settle();
        }),
    ]
}

fn paid_to_others() -> Vec<Row> {
    vec![
        typed(DISTRIBUTE, "script replaced, blinding key kept", Among(Code::RecipientMismatch), |bench| {
            bench.output(FIRST).script_pubkey = attacker_script();
        }),
        typed(DISTRIBUTE, "script and blinding key replaced", Among(Code::RecipientMismatch), |bench| {
            let output = bench.output(FIRST);
            output.script_pubkey = attacker_script();
            output.blinding_key = Some(attacker_key());
        }),
        typed(DISTRIBUTE, "the attacker's blinding key", Only(Code::BlindingKeyMismatch), |bench| {
            bench.output(FIRST).blinding_key = Some(attacker_key());
        }),
        typed(DISTRIBUTE, "another recipient's blinding key", Only(Code::BlindingKeyMismatch), |bench| {
            bench.output(FIRST).blinding_key = bench.output(SECOND).blinding_key;
        }),
        typed(DISTRIBUTE, "two blinding keys change places", Only(Code::BlindingKeyMismatch), |bench| {
            let (first, second) = (bench.output(FIRST).blinding_key, bench.output(SECOND).blinding_key);
            bench.output(FIRST).blinding_key = second;
            bench.output(SECOND).blinding_key = first;
        }),
        typed(DISTRIBUTE, "our own blinding key", Only(Code::BlindingKeyMismatch), |bench| {
            let script = bench.output(FIRST).script_pubkey.clone();
            bench.output(FIRST).blinding_key = Some(bench.honest.own_blinding_key(&script));
        }),
        typed(OPEN_RECIPIENTS, "blinded for nobody", Only(Code::BlindingKeyMismatch), |bench| {
            let output = bench.output(SECOND);
            output.blinding_key = Some(attacker_key());
            output.blinder_index = Some(0);
            bench.settle();
        }),
        typed(DISTRIBUTE, "one is left out, the change raised", Only(Code::RecipientMissing), |bench| {
            bench.remove(SECOND);
            bench.settle();
        }),
        typed(DISTRIBUTE, "one is left out for ourselves", Among(Code::RecipientMissing), |bench| {
            let amount = bench.remove(SECOND).amount.unwrap();
            let limit = bench.honest.highest_allowed_index();
            bench.pay_own(coldamp_core::treasury::Branch::Internal, limit, bench.honest.asset(), amount);
        }),
        typed(DISTRIBUTE, "one is left out, others get it", Among(Code::RecipientMissing), |bench| {
            let amount = bench.remove(SECOND).amount.unwrap();
            *bench.amount(FIRST) += amount;
        }),
        typed(DISTRIBUTE, "one is paid in place of another", Among(Code::RecipientMismatch), |bench| {
            let (script, key) = (bench.output(FIRST).script_pubkey.clone(), bench.output(FIRST).blinding_key);
            let output = bench.output(SECOND);
            (output.script_pubkey, output.blinding_key) = (script, key);
        }),
        typed(DISTRIBUTE, "one is paid a second time", Among(Code::RecipientMismatch), |bench| {
            let again = bench.output(FIRST).clone();
            bench.add(again);
            bench.settle();
        }),
        typed(DISTRIBUTE, "one is paid in two halves", Among(Code::RecipientMismatch), |bench| {
            let mut half = bench.output(FIRST).clone();
            half.amount = Some(1_000);
            *bench.amount(FIRST) -= 1_000;
            bench.add(half);
            bench.settle();
        }),
    ]
}

fn left_in_the_open() -> Vec<Row> {
    let recipients = (0..5).map(Role::Recipient);
    let open = |roles: Vec<Role>, attack: &str| {
        typed(DISTRIBUTE, attack, Only(Code::MustBeBlinded), move |bench| {
            for role in &roles {
                let output = bench.output(*role);
                (output.blinding_key, output.blinder_index) = (None, None);
            }
            bench.settle();
        })
    };
    let changes = [Role::AssetChange, Role::PolicyChange];
    vec![
        open(vec![FIRST], "a confidential recipient is paid in the open"),
        open(recipients.clone().collect(), "all recipients are paid in the open"),
        open(recipients.chain([Role::AssetChange]).collect(), "only the L-BTC change stays blinded"),
        open((1..5).map(Role::Recipient).chain(changes).collect(), "only one recipient stays blinded"),
        open(changes.to_vec(), "the change is left in the open"),
    ]
}

fn unexplained() -> Vec<Row> {
    let mut rows = vec![
        typed(DISTRIBUTE, "our other asset to the attacker", Among(Code::OutputUnexplained), |bench| {
            let coin = bench.honest.unspent(bench.honest.other_asset());
            bench.spend(&coin);
            bench.pay_attacker(coin.asset(), coin.secrets.value);
            bench.settle();
        }),
        typed(DISTRIBUTE, "the token to the attacker", Among(Code::OutputUnexplained), |bench| {
            let coin = bench.honest.unspent(bench.honest.token());
            bench.spend(&coin);
            bench.pay_attacker(coin.asset(), coin.secrets.value);
            bench.settle();
        }),
        typed(DISTRIBUTE, "the attacker's dust, for tracing", Only(Code::OutputUnexplained), |bench| {
            bench.pay(attacker_script(), bench.honest.policy_asset(), 1, None);
            bench.settle();
        }),
        typed(DISTRIBUTE, "all of the change to the attacker", Among(Code::OutputUnexplained), |bench| {
            let output = bench.output(Role::AssetChange);
            output.script_pubkey = attacker_script();
            output.blinding_key = Some(attacker_key());
            output.bip32_derivation.clear();
        }),
    ];
    for job in [DISTRIBUTE, BURN] {
        rows.push(typed(job, "some of the asset to the attacker", Only(Code::OutputUnexplained), |bench| {
            bench.pay_attacker(bench.honest.asset(), 1_000);
            bench.settle();
        }));
    }
    for job in [DISTRIBUTE, REISSUE, BURN] {
        rows.push(typed(job, "some L-BTC to the attacker", Only(Code::OutputUnexplained), |bench| {
            bench.pay_attacker(bench.honest.policy_asset(), 1_000);
            bench.settle();
        }));
        let unspendable = [
            ("a script that starts with a reserved opcode", OP_RESERVED),
            ("a script that never ends well", coldamp_core::elements::opcodes::all::OP_PUSHBYTES_75),
        ];
        for (attack, opcode) in unspendable {
            rows.push(typed(
                job,
                format!("L-BTC lost in {attack}"),
                Only(Code::OutputUnexplained),
                move |bench| {
                    let script = Builder::new().push_opcode(opcode).into_script();
                    bench.pay(script, bench.honest.policy_asset(), 1_000, None);
                    bench.settle();
                },
            ));
        }
    }
    for job in [DISTRIBUTE, REISSUE] {
        rows.push(typed(job, "L-BTC burnt on the side", Only(Code::OutputUnexplained), |bench| {
            let burn = Builder::new().push_opcode(OP_RETURN).into_script();
            bench.pay(burn, bench.honest.policy_asset(), 1_000, None);
            bench.settle();
        }));
    }
    rows.push(typed(DISTRIBUTE, "the asset burnt on the side", Only(Code::OutputUnexplained), |bench| {
        let burn = Builder::new().push_opcode(OP_RETURN).push_slice(b"for ever").into_script();
        bench.pay(burn, bench.honest.asset(), 1_000, None);
        bench.settle();
    }));
    rows
}

/// The tests above that refuse rows, for `codes`.
pub(crate) const LISTS: &[fn()] =
    &[recipients_get_what_they_are_due_or_nothing_is_signed, no_output_stands_there_unexplained];
