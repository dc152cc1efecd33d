//! What a PSET says of the asset itself: contracts, tokens and entropies that are not the asset's, that lie, or that two
//! parsers would read differently (docs/rules.md#contract). None of it is in the content, so all of it is proven or
//! refused.

use coldamp_core::code::Code;
use coldamp_core::elements::encode::serialize;
use coldamp_core::elements::{AssetEntropy, AssetId, OutPoint};
use coldamp_core::sign::review::{AssetKnowledge, JournalState, Policy};
use coldamp_core::treasury::contract_ids;
use coldamp_core::units::{Precision, grouped_digits};
use coldamp_tests::{Desk, KEYS, Scenario};

use super::bench::{Bench, unknown_txid};
use super::binary;
use super::job::{BURN, DISTRIBUTE, EACH, JobName, REISSUE};
use super::pairs::{Pairs, proprietary, set};
use super::row::Expected::Only;
use super::row::{Row, raw, refused, typed};
use super::rows_records::policy;

fn each(attack: &str, code: Code, how: fn(&mut Bench)) -> Vec<Row> {
    EACH.into_iter().map(|job| typed(job, attack, Only(code), how)).collect()
}

/// Says the asset's own contract with another text in it.
fn altered(bench: &mut Bench, from: &str, to: &str) {
    let contract = bench.honest.contract();
    assert!(contract.contains(from), "the contract has no {from}");
    bench.say_contract(bench.honest.asset(), contract.replace(from, to), bench.honest.issuance_prevout());
}

#[test]
fn a_contract_whose_hash_leads_elsewhere_proves_nothing_and_is_refused() {
    let mut rows = Vec::new();
    rows.extend(each("another precision", Code::Contract, |bench| altered(bench, ":2,", ":8,")));
    rows.extend(each("another ticker", Code::Contract, |bench| altered(bench, "DTST", "USDt")));
    rows.extend(each("a second precision", Code::Contract, |bench| {
        altered(bench, "\"precision\":2", "\"precision\":2,\"precision\":8");
    }));
    rows.extend(each("a line end behind", Code::Contract, |bench| altered(bench, "}", "}\n")));
    rows.extend(each("5 KiB of blanks behind", Code::Contract, |bench| {
        altered(bench, "\"version\"", &format!("{}\"version\"", " ".repeat(5 * 1024)));
    }));
    rows.extend(each("another coin of the issuance", Code::Contract, |bench| {
        let prevout = OutPoint::new(unknown_txid(), 0);
        bench.say_contract(bench.honest.asset(), bench.honest.contract(), prevout);
    }));
    rows.extend(each("the next coin", Code::Contract, |bench| {
        let prevout = bench.honest.issuance_prevout();
        let next = OutPoint::new(prevout.txid, prevout.vout + 1);
        bench.say_contract(bench.honest.asset(), bench.honest.contract(), next);
    }));
    rows.extend(each("an output of the issuance itself", Code::Contract, |bench| {
        let prevout = OutPoint::new(bench.honest.issuance_txid(), 0);
        bench.say_contract(bench.honest.asset(), bench.honest.contract(), prevout);
    }));
    rows.extend(each("blanks between the tokens", Code::Contract, |bench| altered(bench, ",", ", ")));
    rows.extend(each("keys in another order", Code::Contract, |bench| {
        altered(bench, "\"precision\":2,\"ticker\":\"DTST\"", "\"ticker\":\"DTST\",\"precision\":2");
    }));
    rows.extend(each("the ticker left out", Code::Contract, |bench| {
        altered(bench, "\"ticker\":\"DTST\",", "");
    }));
    rows.extend(each("the registry's whole answer", Code::Contract, |bench| {
        let OutPoint { txid, vout } = bench.honest.issuance_prevout();
        let (asset, contract) = (bench.honest.asset(), bench.honest.contract());
        let answer = format!(
            "{{\"asset_id\":\"{asset}\",\"contract\":{contract},\"entity\":{{\"domain\":\"example.com\"}},\"issuance_prevout\":{{\"txid\":\"{txid}\",\"vout\":{vout}}},\"name\":\"Treasury Share\",\"precision\":2,\"ticker\":\"DTST\"}}"
        );
        bench.say_contract(asset, answer, bench.honest.issuance_prevout());
    }));
    rows.extend(each("an empty contract", Code::Contract, |bench| {
        bench.say_contract(bench.honest.asset(), "", bench.honest.issuance_prevout());
    }));
    refused(rows);
}

/// The job of an asset that was issued with this very contract: its hash leads to the id, and nothing but the strict
/// reading contradicts what it says.
fn issued_with(bench: &mut Bench, contract: &str) {
    let prevout = bench.honest.issuance_prevout();
    let asset = contract_ids(contract.as_bytes(), prevout).asset;
    bench.rename_asset(asset);
    bench.say_contract(asset, contract, prevout);
}

#[test]
fn a_contract_that_could_be_read_in_two_ways_is_refused_although_its_hash_is_right() {
    let mut rows = Vec::new();
    let long = " ".repeat(5 * 1024);
    for (attack, from, to) in [
        ("two precisions", "\"precision\":2", "\"precision\":2,\"precision\":8"),
        ("two precisions, one escaped", "\"precision\":2", "\"precision\":2,\"\\u0070recision\":8"),
        ("two domains", "\"domain\":", "\"domain\":\"tether.to\",\"domain\":"),
        ("precision 9", "\"precision\":2", "\"precision\":9"),
        ("precision 1.0", "\"precision\":2", "\"precision\":1.0"),
        ("precision as text", "\"precision\":2", "\"precision\":\"8\""),
        ("no precision", "\"precision\":2,", ""),
        ("a ticker of blanks", "DTST", "D ST"),
        ("an empty ticker", "DTST", ""),
        ("a ticker that is no text", "\"DTST\"", "false"),
        ("a ticker and none", "\"DTST\"", "\"DTST\",\"ticker\":null"),
        ("a ticker with a turned direction", "DTST", "\\u202eTSTD"),
        ("a name with a bell", "Treasury", "\\u0007"),
        ("a name outside ASCII", "Treasury", "Tr\u{e9}sor"),
        ("no domain", "\"domain\":\"example.com\"", ""),
        ("a tab between the tokens", ",", ",\t"),
        ("5 KiB", "\"version\"", &format!("{long}\"version\"")),
        ("no object", "{", "[{"),
    ] {
        for job in [DISTRIBUTE, BURN] {
            let (from, to) = (from.to_owned(), to.to_owned());
            rows.push(typed(job, attack, Only(Code::Contract), move |bench| {
                let contract = bench.honest.contract();
                assert!(contract.contains(&from), "the contract has no {from}");
                issued_with(bench, &contract.replace(&from, &to));
            }));
        }
    }
    refused(rows);
}

#[test]
fn an_asset_issued_with_another_honest_contract_passes() {
    for job in [DISTRIBUTE, BURN] {
        let mut bench = Bench::new(job);
        let contract = bench.honest.contract().replace("\"version\":0", "\"note\":\"\\n\"");
        issued_with(&mut bench, &contract);
        let review = bench.honest.review(&serialize(&bench.pset));
        assert!(review.checked().is_some(), "{:?}", review.mismatches);
    }
}

#[test]
fn a_contract_without_a_ticker_proves_the_precision_and_says_that_it_has_none() {
    for job in [DISTRIBUTE, BURN] {
        for (from, to) in [("\"ticker\":\"DTST\",", ""), ("\"DTST\"", "null")] {
            let mut bench = Bench::new(job);
            let contract = bench.honest.contract().replace(from, to);
            issued_with(&mut bench, &contract);
            let review = bench.honest.review(&serialize(&bench.pset));
            assert!(review.checked().is_some(), "{:?}", review.mismatches);
            let proven = review.asset().contract().unwrap();
            assert_eq!((proven.ticker(), proven.precision().decimals()), (None, 2));
            let codes: Vec<Code> = review.warnings.iter().map(|warning| warning.code).collect();
            assert!(codes.contains(&Code::NoTicker), "{codes:?}");
            assert!(!codes.contains(&Code::TickerNotProven), "{codes:?}");
            // Without a ticker it is the id that is typed, under a policy with this very contract too.
            let checked = review.checked().unwrap();
            let asset = checked.request().asset;
            let policy = Policy { proof: review.asset().clone(), ..policy(asset) };
            let amount = checked.request().total().to_decimal(Precision::new(2).unwrap());
            let under_policy = JournalState { policies: vec![policy], ..JournalState::default() };
            for journal in [JournalState::default(), under_policy] {
                let review = bench.honest.job().review_under(&serialize(&bench.pset), &journal);
                let questions = review.judged().unwrap().questions();
                assert!(questions[0].is_answered_by(&amount), "{:?}", questions[0]);
                assert!(questions[0].text.contains("in units of the asset"), "{:?}", questions[0]);
                assert!(questions[1].is_answered_by(&asset.to_string()[56..]), "{:?}", questions[1]);
                assert!(!questions[1].text.contains("ticker"), "{:?}", questions[1]);
            }
            if binary::is_wanted() {
                let desk = Desk::cold_copy(&Scenario::load(job.1));
                desk.write("unsigned.pset", serialize(&bench.pset));
                let screen = desk.run("coldamp", &format!("review unsigned.pset {KEYS}")).done().stdout;
                for words in [
                    format!("{} units of the asset (", grouped_digits(&amount)),
                    "ticker       none: its contract has no ticker".to_owned(),
                    "precision    1 unit of the asset is 100 base units".to_owned(),
                    "WARNING NO_TICKER: ".to_owned(),
                ] {
                    assert!(screen.contains(&words), "{words}: {screen}");
                }
            }
        }
    }
}

#[test]
fn metadata_is_of_the_requests_asset_and_its_token_only() {
    let mut rows = Vec::new();
    rows.extend(each("a contract of our other asset", Code::UnknownField, |bench| {
        bench.say_contract(bench.honest.other_asset(), "{}", bench.honest.issuance_prevout());
    }));
    rows.extend(each("the asset's contract as the token's", Code::UnknownField, |bench| {
        bench.say_contract(bench.honest.token(), bench.honest.contract(), bench.honest.issuance_prevout());
    }));
    rows.extend(each("the asset's contract as L-BTC's", Code::UnknownField, |bench| {
        bench.say_contract(
            bench.honest.policy_asset(),
            bench.honest.contract(),
            bench.honest.issuance_prevout(),
        );
    }));
    rows.extend(each("our other asset's token", Code::UnknownField, |bench| {
        bench.say_entropy(Some(bench.honest.entropy()));
        bench.say_token(bench.honest.other_token(), bench.honest.other_asset(), true);
    }));
    rows.extend(each("our other asset's token as this one's", Code::UnknownField, |bench| {
        bench.say_entropy(Some(bench.honest.entropy()));
        bench.say_token(bench.honest.other_token(), bench.honest.asset(), true);
    }));
    rows.extend(each("metadata of five assets", Code::UnknownField, |bench| {
        for asset in 1..=5 {
            bench.say_contract(AssetId::from_byte_array([asset; 32]), "{}", bench.honest.issuance_prevout());
        }
    }));
    for job in EACH {
        rows.push(raw(job, "two contracts of the asset", Only(Code::UnknownField), move |pairs| {
            let pair = asset_metadata(job);
            pairs.global.extend([pair.clone(), pair]);
        }));
    }
    refused(rows);
}

/// The honest pair of ELIP-100.
fn asset_metadata(job: JobName) -> (Vec<u8>, Vec<u8>) {
    let mut bench = Bench::new(job);
    bench.say_contract(bench.honest.asset(), bench.honest.contract(), bench.honest.issuance_prevout());
    let global = Pairs::split(&serialize(&bench.pset)).global;
    global.into_iter().find(|(key, _)| key.starts_with(&proprietary(b"pset_hww", 0))).unwrap()
}

#[test]
fn metadata_that_does_not_decode_is_refused() {
    let mut rows = Vec::new();
    for job in EACH {
        rows.push(raw(job, "a contract with a byte behind", Only(Code::Contract), move |pairs| {
            let (key, value) = asset_metadata(job);
            set(&mut pairs.global, &key, [value, vec![0]].concat());
        }));
        rows.push(raw(job, "a contract with a byte less", Only(Code::Contract), move |pairs| {
            let (key, mut value) = asset_metadata(job);
            value.pop();
            set(&mut pairs.global, &key, value);
        }));
        rows.push(raw(job, "a contract that is no text", Only(Code::Contract), move |pairs| {
            let (key, mut value) = asset_metadata(job);
            value[8] = 0xff;
            set(&mut pairs.global, &key, value);
        }));
        for (attack, value) in [
            ("nothing", vec![]),
            ("half an id", vec![0; 17]),
            ("a flag that means nothing", vec![2; 33]),
            ("a byte behind", vec![0; 34]),
        ] {
            let key = [proprietary(b"pset_hww", 1), vec![5; 32]].concat();
            rows.push(raw(job, format!("a token of {attack}"), Only(Code::Contract), move |pairs| {
                set(&mut pairs.global, &key, value.clone());
            }));
        }
        for value in [vec![], vec![1; 31], vec![1; 33]] {
            let attack = format!("an entropy of {} bytes", value.len());
            rows.push(raw(job, attack, Only(Code::Entropy), move |pairs| {
                set(&mut pairs.global, &proprietary(b"coldamp", 1), value.clone());
            }));
        }
    }
    refused(rows);
}

#[test]
fn what_is_said_of_the_token_is_true() {
    let mut rows = Vec::new();
    rows.extend(each("a lie about how the asset was issued", Code::Contract, |bench| {
        bench.say_entropy(Some(bench.honest.entropy()));
        bench.say_token(bench.honest.token(), bench.honest.asset(), true);
    }));
    rows.extend(each("a lie beside the contract", Code::Contract, |bench| {
        let honest = bench.honest;
        bench.say_contract(honest.asset(), honest.contract(), honest.issuance_prevout());
        bench.say_token(honest.token(), honest.asset(), true);
    }));
    rows.extend(each("our token as another asset's", Code::Contract, |bench| {
        bench.say_entropy(Some(bench.honest.entropy()));
        bench.say_token(bench.honest.token(), bench.honest.other_asset(), false);
    }));
    rows.extend(each("two tokens of the asset", Code::Contract, |bench| {
        bench.say_entropy(Some(bench.honest.entropy()));
        bench.say_token(bench.honest.token(), bench.honest.asset(), false);
        bench.say_token(never_made(bench), bench.honest.asset(), true);
    }));
    rows.push(typed(REISSUE, "the token that the asset does not have", Only(Code::Contract), |bench| {
        bench.say_token(never_made(bench), bench.honest.asset(), true);
    }));
    for job in [DISTRIBUTE, BURN] {
        rows.push(typed(job, "a token that nothing proves", Only(Code::Contract), |bench| {
            bench.say_entropy(None);
            bench.say_token(bench.honest.token(), bench.honest.asset(), false);
        }));
    }
    refused(rows);
}

/// The token id that the asset would have had, had it been issued blinded.
fn never_made(bench: &Bench) -> AssetId {
    AssetId::reissuance_token_from_entropy(bench.honest.entropy(), true)
}

#[test]
fn an_entropy_leads_to_the_requests_asset() {
    let mut rows = Vec::new();
    rows.extend(each("our other asset's entropy", Code::Entropy, |bench| {
        bench.say_entropy(Some(bench.honest.other_entropy()));
    }));
    rows.extend(each("an entropy with one bit wrong", Code::Entropy, |bench| {
        let mut entropy = bench.honest.entropy().to_byte_array();
        entropy[31] ^= 1;
        bench.say_entropy(Some(AssetEntropy::from_byte_array(entropy)));
    }));
    refused(rows);
}

#[test]
fn a_request_that_names_the_token_as_its_asset_is_refused_by_whatever_proves_it() {
    let mut rows = Vec::new();
    for job in [DISTRIBUTE, BURN] {
        let token = |attack: &str, say: fn(&mut Bench)| {
            typed(job, attack, Only(Code::TokenUnexpected), move |bench| {
                bench.rename_asset(bench.honest.token());
                say(bench);
            })
        };
        rows.push(token("the token with its true entropy", |bench| {
            bench.say_entropy(Some(bench.honest.entropy()));
        }));
        rows.push(token("the token with the asset's contract", |bench| {
            let honest = bench.honest;
            bench.say_contract(honest.asset(), honest.contract(), honest.issuance_prevout());
        }));
        rows.push(token("the token with the asset's contract as its own", |bench| {
            let honest = bench.honest;
            bench.say_contract(honest.token(), honest.contract(), honest.issuance_prevout());
        }));
        rows.push(token("the token, called one", |bench| {
            bench.say_token(bench.honest.token(), bench.honest.asset(), false);
        }));
    }
    refused(rows);
}

/// What the review warns of, of the two that a proof takes away.
fn unproven(bench: &Bench) -> (AssetKnowledge, Vec<Code>) {
    let review = bench.honest.review(&serialize(&bench.pset));
    assert!(review.checked().is_some(), "{:?}", review.mismatches);
    let both = [Code::TickerNotProven, Code::MayBeToken];
    let codes = review.warnings.iter().map(|warning| warning.code);
    (review.asset().clone(), codes.filter(|code| both.contains(code)).collect())
}

#[test]
fn a_proof_takes_away_the_warnings_and_nothing_else_does() {
    for job in EACH {
        let mut bench = Bench::new(job);
        bench.say_entropy(Some(bench.honest.entropy()));
        let (asset, warnings) = unproven(&bench);
        assert!(matches!(asset, AssetKnowledge::Entropy(ids) if ids.asset == bench.honest.asset()));
        assert_eq!(warnings, [Code::TickerNotProven], "{job:?}");

        bench.say_contract(bench.honest.asset(), bench.honest.contract(), bench.honest.issuance_prevout());
        let (asset, warnings) = unproven(&bench);
        assert_eq!(asset.contract().and_then(|contract| contract.ticker()), Some("DTST"), "{job:?}");
        assert_eq!(warnings, [], "{job:?}");

        bench.say_entropy(None);
        assert_eq!(unproven(&bench).0, asset, "{job:?}: a contract proves the entropy too");
    }
    for job in [DISTRIBUTE, BURN] {
        let mut bench = Bench::new(job);
        bench.say_entropy(None);
        let both = vec![Code::TickerNotProven, Code::MayBeToken];
        assert_eq!(unproven(&bench), (AssetKnowledge::Unproven, both.clone()), "{job:?}");
        // What is left to the operator's eyes and to policy: the token, and nothing said of it.
        bench.rename_asset(bench.honest.token());
        assert_eq!(unproven(&bench), (AssetKnowledge::Unproven, both), "{job:?}");
    }
    let mut reissue = Bench::new(REISSUE);
    reissue.say_entropy(None);
    let (asset, warnings) = unproven(&reissue);
    assert!(matches!(asset, AssetKnowledge::Entropy(_)), "a reissue proves its entropy by itself");
    assert_eq!(warnings, [Code::TickerNotProven]);
}

/// The tests above that refuse rows, for `codes`.
pub(crate) const LISTS: &[fn()] = &[
    a_contract_whose_hash_leads_elsewhere_proves_nothing_and_is_refused,
    a_contract_that_could_be_read_in_two_ways_is_refused_although_its_hash_is_right,
    metadata_is_of_the_requests_asset_and_its_token_only,
    metadata_that_does_not_decode_is_refused,
    what_is_said_of_the_token_is_true,
    an_entropy_leads_to_the_requests_asset,
    a_request_that_names_the_token_as_its_asset_is_refused_by_whatever_proves_it,
];
