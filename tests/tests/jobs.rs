//! Every job of every single-key scenario from AMP's bytes to the signed file, without a node.

use coldamp_core::elements::pset::PartiallySignedTransaction;
use coldamp_core::prepare::{Settings, prepare};
use coldamp_core::pset::entropy_key;
use coldamp_core::sign::review::{AssetKnowledge, Review};
use coldamp_tests::{RequestKind, Scenario, Treasury};

#[test]
fn every_job_is_prepared_reviewed_and_signed_and_twice_the_same() {
    for scenario in Scenario::all() {
        let treasury = Treasury::of(&scenario);
        let again = Treasury::of(&scenario);
        for kind in RequestKind::ALL {
            let name = format!("{} {}", scenario.name(), kind.name());
            let job = treasury.job(&scenario, kind);
            let prepared = job.prepare();
            assert_eq!(again.job(&scenario, kind).prepare().pset, prepared.pset, "{name}: preparing twice");
            // The extractor inside has verified proofs, token rule, scripts, weight and the report.
            let signed = job.sign(prepared.pset.as_bytes());
            let reviewed = job.review(prepared.pset.as_bytes()).checked().unwrap().txid();
            assert_eq!(reviewed, signed.txid(), "{name}: the id is known before anything is blinded");
            let second = again.job(&scenario, kind).sign(prepared.pset.as_bytes());
            assert_eq!(
                second.to_json().unwrap(),
                signed.to_json().unwrap(),
                "{name}: signing on another keystore"
            );
        }
    }
}

#[test]
fn coins_are_given_in_any_order_and_the_pset_is_the_same() {
    let scenario = Scenario::load("wpkh");
    let treasury = Treasury::of(&scenario);
    for kind in RequestKind::ALL {
        let job = treasury.job(&scenario, kind);
        let request = job.request();
        let holdings = treasury.holdings(&request);
        let mut reversed = holdings.clone();
        reversed.coins.reverse();
        let pset = |holdings: &coldamp_online::sync::Holdings| {
            let state = holdings.treasury(&treasury.network, &treasury.descriptor);
            prepare(&treasury.secp, &request, &state, &Settings::default(), None).unwrap().pset
        };
        assert_eq!(pset(&holdings), pset(&reversed), "{}", kind.name());
    }
}

#[test]
fn a_contract_shows_what_the_asset_is_and_changes_no_transaction() {
    for scenario in Scenario::all().into_iter().filter(|scenario| scenario.info().contract.is_some()) {
        let treasury = Treasury::of(&scenario);
        for kind in RequestKind::ALL {
            let name = format!("{} {}", scenario.name(), kind.name());
            let job = treasury.job(&scenario, kind);
            let (plain, named) = (job.prepare().pset, job.prepare_with_contract(&scenario).pset);
            assert_ne!(plain, named, "{name}");
            assert_eq!(named, job.prepare_with_contract(&scenario).pset, "{name}: preparing twice");
            let (plain, named) = (job.review(plain.as_bytes()), job.review(named.as_bytes()));
            let contract =
                named.asset().contract().unwrap_or_else(|| panic!("{name}: {:#?}", named.mismatches));
            assert_eq!(
                contract.ticker().unwrap(),
                scenario.info().contract.as_ref().unwrap()["ticker"],
                "{name}"
            );
            assert!(matches!(plain.asset(), AssetKnowledge::Entropy(ids) if ids == contract.ids()), "{name}");
            let code = |review: Review| review.checked().unwrap().approval_code();
            assert_eq!(code(plain), code(named), "{name}");
        }
    }
}

/// ELIP-100 as rust-elements reads it: what other tools find in the PSET.
#[test]
fn other_tools_read_contract_and_token_by_elip_100() {
    for name in ["wpkh", "sh-wpkh"] {
        let scenario = Scenario::load(name);
        let treasury = Treasury::of(&scenario);
        let issuance = &scenario.info().issuance;
        for kind in RequestKind::ALL {
            let text = treasury.job(&scenario, kind).prepare_with_contract(&scenario).pset;
            let pset: PartiallySignedTransaction = text.parse().unwrap();
            let metadata = pset.get_asset_metadata(issuance.asset.parse().unwrap()).unwrap().unwrap();
            assert_eq!(metadata.contract(), scenario.info().contract.as_ref().unwrap().to_string());
            assert_eq!(metadata.issuance_prevout().txid.to_string(), issuance.prevout.txid);
            assert_eq!(metadata.issuance_prevout().vout, issuance.prevout.vout);
            let token = pset.get_token_metadata(issuance.reissuance_token.parse().unwrap()).unwrap().unwrap();
            assert_eq!(token.asset_id().to_string(), issuance.asset);
            assert_eq!(token.issuance_blinded(), issuance.blinded, "{name}");
            assert!(!pset.global.proprietary.contains_key(&entropy_key()), "{name}: the contract says it");
        }
    }
}
