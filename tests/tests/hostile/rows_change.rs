//! Outputs that claim to be the treasury's and are not, or that the treasury could not find or open
//! (docs/rules.md#own-outputs, docs/rules.md#change-index).

use coldamp_core::code::Code;
use coldamp_core::elements::bitcoin::bip32::{DerivationPath, Fingerprint, Xpriv};
use coldamp_core::elements::bitcoin::{CompressedPublicKey, NetworkKind, PublicKey};
use coldamp_core::elements::{Script, ScriptHash};
use coldamp_core::sign::review::Role;
use coldamp_core::treasury::Branch;
use coldamp_tests::{RequestKind, Scenario};

use super::bench::{Bench, attacker_key, attacker_script};
use super::job::{BURN, DISTRIBUTE, EACH, Honest, JobName, REISSUE};
use super::row::Expected::{Among, Only};
use super::row::{Row, refused, typed};

const NESTED: JobName = (RequestKind::Distribute, "sh-wpkh");

const CHANGES: [Role; 2] = [Role::PolicyChange, Role::AssetChange];

#[test]
fn change_that_is_not_ours_is_told_from_change() {
    refused(forged());
}

#[test]
fn our_own_coins_stay_in_sight_and_can_be_opened() {
    let mut rows = blinded_to_others();
    rows.extend(out_of_sight());
    rows.extend(behind_dust());
    rows.extend(claimed_wrongly());
    refused(rows);
}

#[test]
fn what_is_left_over_comes_back() {
    refused(kept());
}

fn forged() -> Vec<Row> {
    let mut rows = Vec::new();
    for role in CHANGES {
        rows.push(typed(
            DISTRIBUTE,
            format!("{role:?}: our key and path on the attacker's script"),
            Among(Code::ChangeForged),
            move |bench| {
                bench.output(role).script_pubkey = attacker_script();
            },
        ));
        rows.push(typed(
            DISTRIBUTE,
            format!("{role:?}: the attacker's key at our path"),
            Among(Code::ChangeForged),
            move |bench| {
                let output = bench.output(role);
                output.script_pubkey = attacker_script();
                let (_, source) = output.bip32_derivation.pop_first().unwrap();
                output.bip32_derivation.insert(attacker_key(), source);
            },
        ));
        rows.push(typed(
            DISTRIBUTE,
            format!("{role:?}: our key in a nested script"),
            Among(Code::ChangeForged),
            move |bench| {
                let program = bench.output(role).script_pubkey.clone();
                bench.output(role).script_pubkey = Script::new_p2sh(&ScriptHash::hash_script(&program));
            },
        ));
        rows.push(typed(
            DISTRIBUTE,
            format!("{role:?}: our key in a legacy script"),
            Among(Code::ChangeForged),
            move |bench| {
                let (key, _) = bench.output(role).bip32_derivation.first_key_value().unwrap();
                bench.output(role).script_pubkey = Script::new_p2pkh(&key.pubkey_hash());
            },
        ));
        rows.push(typed(
            NESTED,
            format!("{role:?}: our key in a native script"),
            Among(Code::ChangeForged),
            move |bench| {
                let output = bench.output(role);
                output.script_pubkey = output.redeem_script.take().unwrap();
            },
        ));
    }
    rows.push(typed(
        REISSUE,
        "the reissued units to a script that claims to be ours",
        Among(Code::ChangeForged),
        |bench| {
            bench.output(Role::Reissued).script_pubkey = attacker_script();
        },
    ));
    rows.push(typed(
        DISTRIBUTE,
        "a recipient who is said to be ourselves",
        Only(Code::ChangeForged),
        |bench| {
            let claims = bench.output(Role::AssetChange).bip32_derivation.clone();
            bench.output(Role::Recipient(0)).bip32_derivation = claims;
        },
    ));
    rows.push(typed(
        DISTRIBUTE,
        "a recipient with somebody's key and path",
        Only(Code::ChangeForged),
        |bench| {
            let source = (Fingerprint::from([1; 4]), DerivationPath::master());
            bench.output(Role::Recipient(0)).bip32_derivation.insert(attacker_key(), source);
        },
    ));
    rows.push(typed(DISTRIBUTE, "a fee that claims to be ours", Only(Code::ChangeForged), |bench| {
        let claims = bench.output(Role::AssetChange).bip32_derivation.clone();
        bench.output(Role::Fee).bip32_derivation = claims;
    }));
    rows
}

fn blinded_to_others() -> Vec<Row> {
    let ours = [
        (DISTRIBUTE, Role::AssetChange),
        (DISTRIBUTE, Role::PolicyChange),
        (REISSUE, Role::Reissued),
        (REISSUE, Role::Token),
        (REISSUE, Role::PolicyChange),
        (BURN, Role::AssetChange),
        (BURN, Role::PolicyChange),
    ];
    let mut rows = Vec::new();
    for (job, role) in ours {
        rows.push(typed(
            job,
            format!("{role:?} blinded to the attacker"),
            Only(Code::ChangeBlinding),
            move |bench| {
                bench.output(role).blinding_key = Some(attacker_key());
            },
        ));
    }
    rows.push(typed(
        DISTRIBUTE,
        "two own outputs blinded to each other's keys",
        Only(Code::ChangeBlinding),
        |bench| {
            let [first, second] = CHANGES.map(|role| bench.output(role).blinding_key);
            bench.output(Role::PolicyChange).blinding_key = second;
            bench.output(Role::AssetChange).blinding_key = first;
        },
    ));
    rows
}

fn out_of_sight() -> Vec<Row> {
    let wrong_branch = [
        (DISTRIBUTE, Role::AssetChange, Branch::External),
        (DISTRIBUTE, Role::PolicyChange, Branch::External),
        (BURN, Role::AssetChange, Branch::External),
        (BURN, Role::PolicyChange, Branch::External),
        (REISSUE, Role::PolicyChange, Branch::External),
        (REISSUE, Role::Reissued, Branch::Internal),
        (REISSUE, Role::Token, Branch::Internal),
    ];
    let mut rows = Vec::new();
    for (job, role, branch) in wrong_branch {
        rows.push(typed(
            job,
            format!("{role:?} on branch {}", branch.number()),
            Only(Code::ChangePath),
            move |bench| {
                bench.move_own(role, branch, 30);
            },
        ));
    }
    for job in EACH {
        let row = typed(job, "change one above the limit", Only(Code::ChangePath), |bench| {
            let above = bench.honest.highest_allowed_index() + 1;
            bench.move_own(Role::PolicyChange, Branch::Internal, above);
        });
        rows.push(row.where_a_journal_is());
        rows.push(typed(job, "change at the last index there is", Only(Code::ChangePath), |bench| {
            bench.move_own(Role::PolicyChange, Branch::Internal, 0x7fff_ffff);
        }));
        rows.push(typed(
            job,
            "change far away, with no path to show for it",
            Among(Code::OutputUnexplained),
            |bench| {
                bench.move_own(Role::PolicyChange, Branch::Internal, 1_000_000);
                bench.output(Role::PolicyChange).bip32_derivation.clear();
            },
        ));
    }
    for (place, path) in [
        ("of another account", "84h/1h/1h/1/5"),
        ("at a hardened index", "84h/1h/0h/1/5h"),
        ("on a hardened branch", "84h/1h/0h/1h/5"),
        ("on a third branch", "84h/1h/0h/2/5"),
        ("of another purpose", "49h/1h/0h/1/5"),
        ("a level too deep", "84h/1h/0h/1/5/0"),
        ("a level too high", "84h/1h/0h/5"),
    ] {
        for role in CHANGES {
            rows.push(typed(
                DISTRIBUTE,
                format!("{role:?} to our key {place}"),
                Among(Code::ChangePath),
                move |bench| {
                    to_key_of_ours(bench, role, path);
                },
            ));
        }
    }
    rows
}

/// Pays a key of our own words that no descriptor of ours derives.
fn to_key_of_ours(bench: &mut Bench, role: Role, path: &str) {
    let treasury = &bench.honest.treasury;
    let words = Scenario::load("wpkh").mnemonic().to_owned();
    let seed = bip39::Mnemonic::parse(words).unwrap().to_seed("");
    let path: DerivationPath = path.parse().unwrap();
    let master = Xpriv::new_master(NetworkKind::Test, &seed).unwrap();
    let key = master.derive_priv(&treasury.secp, &path).unwrap().private_key.public_key(&treasury.secp);
    let script = Script::new_v0_wpkh(&CompressedPublicKey(key).wpubkey_hash());
    let blinding_key = bench.honest.own_blinding_key(&script);
    let fingerprint = treasury.descriptor.keys()[0].fingerprint();
    let output = bench.output(role);
    output.script_pubkey = script;
    output.blinding_key = Some(blinding_key);
    output.bip32_derivation = [(PublicKey::new(key), (fingerprint, path))].into();
}

/// Whoever knows an address can pay a coin there. It is spent like any other, and moves no change after it.
fn behind_dust() -> Vec<Row> {
    let row = |attack: &str, dust: &'static [u32], branch: Branch, change: u32| {
        let how = move |bench: &mut Bench| {
            for index in dust {
                bench.spend_dust(branch, *index);
            }
            bench.settle();
            bench.move_own(Role::PolicyChange, Branch::Internal, change);
            bench.move_own(Role::AssetChange, Branch::Internal, change - 1);
        };
        typed(DISTRIBUTE, attack, Only(Code::ChangePath), how).where_a_journal_is()
    };
    let limit = Honest::of(DISTRIBUTE).highest_allowed_index();
    let every_gap = typed(DISTRIBUTE, "dust at every 200th index", Only(Code::ChangePath), |bench| {
        for index in (200..=20_000).step_by(200) {
            bench.spend_dust(Branch::Internal, index);
        }
        bench.fee = 1_500;
        bench.settle();
        bench.move_own(Role::PolicyChange, Branch::Internal, 20_000);
    });
    vec![
        row("all change behind a coin at 0/19999", &[19_999], Branch::External, 20_000),
        row("all change beside a coin at 1/19999", &[19_999], Branch::Internal, 19_998),
        row("change behind a coin just out of sight", &[201], Branch::Internal, limit + 2),
        row(
            "change behind the second of two coins, a gap from each other",
            &[200, 400],
            Branch::Internal,
            402,
        ),
        every_gap.where_a_journal_is(),
    ]
}

fn claimed_wrongly() -> Vec<Row> {
    let row = |attack, how: fn(&mut Bench)| typed(DISTRIBUTE, attack, Only(Code::ChangePath), how);
    vec![
        row("our change under another path's name", |bench| {
            let other = bench.honest.own(Branch::Internal, 9);
            let source = other.keys()[0].source.clone();
            let claims = &mut bench.output(Role::AssetChange).bip32_derivation;
            *claims.values_mut().next().unwrap() = source;
        }),
        row("our change under another key's name", |bench| {
            let claims = &mut bench.output(Role::AssetChange).bip32_derivation;
            let (_, source) = claims.pop_first().unwrap();
            claims.insert(attacker_key(), source);
        }),
        row("our change under another fingerprint", |bench| {
            let claims = &mut bench.output(Role::AssetChange).bip32_derivation;
            claims.values_mut().next().unwrap().0 = Fingerprint::from([1; 4]);
        }),
        row("our change under two names", |bench| {
            let claims = &mut bench.output(Role::AssetChange).bip32_derivation;
            let (_, source) = claims.first_key_value().unwrap();
            let source = source.clone();
            claims.insert(attacker_key(), source);
        }),
    ]
}

fn kept() -> Vec<Row> {
    let mut rows = Vec::new();
    for job in [DISTRIBUTE, BURN] {
        rows.push(typed(job, "no change of the asset", Only(Code::AssetUnbalanced), |bench| {
            bench.remove(Role::AssetChange);
            bench.settle();
        }));
        rows.push(typed(job, "change of the asset as a second fee", Among(Code::FeeShape), |bench| {
            let change = bench.remove(Role::AssetChange);
            bench.pay(Script::new(), bench.honest.asset(), change.amount.unwrap(), None);
            bench.settle();
        }));
        rows.push(typed(job, "a base unit of change too little", Only(Code::AssetUnbalanced), |bench| {
            *bench.amount(Role::AssetChange) -= 1;
        }));
        rows.push(typed(job, "a base unit of change too much", Only(Code::AssetUnbalanced), |bench| {
            *bench.amount(Role::AssetChange) += 1;
        }));
        rows.push(typed(
            job,
            "amounts that would overflow together",
            Among(Code::AssetUnbalanced),
            |bench| {
                *bench.amount(Role::AssetChange) = u64::MAX;
            },
        ));
    }
    for job in EACH {
        rows.push(typed(job, "no change of L-BTC", Only(Code::AssetUnbalanced), |bench| {
            bench.remove(Role::PolicyChange);
        }));
        rows.push(typed(job, "all L-BTC as fee", Only(Code::FeeTooHigh), |bench| {
            let change = bench.remove(Role::PolicyChange).amount.unwrap();
            *bench.amount(Role::Fee) += change;
        }));
        rows.push(typed(job, "a satoshi of change too much", Only(Code::AssetUnbalanced), |bench| {
            *bench.amount(Role::PolicyChange) += 1;
        }));
    }
    for (role, branch) in [(Role::AssetChange, Branch::Internal), (Role::PolicyChange, Branch::Internal)] {
        rows.push(typed(
            DISTRIBUTE,
            format!("{role:?} split in two"),
            Only(Code::OutputUnexplained),
            move |bench| {
                let asset = bench.output(role).asset.unwrap();
                let limit = bench.honest.highest_allowed_index();
                bench.pay_own(branch, limit, asset, 1_000);
                bench.settle();
            },
        ));
    }
    rows.push(typed(REISSUE, "the reissued units split in two", Among(Code::OutputUnexplained), |bench| {
        *bench.amount(Role::Reissued) -= 1_000;
        let limit = bench.honest.highest_allowed_index();
        bench.pay_own(Branch::External, limit, bench.honest.asset(), 1_000);
        bench.settle();
    }));
    rows
}

/// The tests above that refuse rows, for `codes`.
pub(crate) const LISTS: &[fn()] = &[
    change_that_is_not_ours_is_told_from_change,
    our_own_coins_stay_in_sight_and_can_be_opened,
    what_is_left_over_comes_back,
];
