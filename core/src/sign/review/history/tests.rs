use super::*;
use crate::network::{Chain, Network};

const ASSET: &str = "c827f4a9f08a0eb9372c163621585f3d795c68b6a577505b457ff1c6ebb71015";
const OLD: &str = "afbd67f9-6196-49cf-a198-8ad9f06c144a";
const NEW: &str = "bfbd67f9-6196-49cf-a198-8ad9f06c144a";
const HOLDER: &str = "AzpjC7eBYvSm33G4veLDbXJKTe36BpdTPSaFGwv4vC1pFcqHMVekioxywWkHqM8NQUwdKN4He1ACM9uJ";
const OTHER_HOLDER: &str = "AzpmsQWPU5NFFBcfXzg5yAd2NdEFFciEZJ2QtZj6Q6RWgC1MUZodubbMDATdX5B519FF8S6MyanWqLit";

fn parsed(fields: &str) -> Request {
    let text = format!(
        r#"{{"min_supported_client_script_version":2,"base_url":"https://amp-test.blockstream.com/api/{{}}",
        "asset_uuid":"025b413f-8a9a-421e-a648-a7dd06839eb9","asset_id":"{ASSET}",{fields}}}"#
    );
    Request::parse(text.as_bytes(), &Network::new(Chain::Regtest)).unwrap()
}

/// A coin of a transaction that no journal knows.
fn coin(number: u8) -> OutPoint {
    OutPoint::new(Txid::from_byte_array([0xee; 32]), number.into())
}

/// A reissue or burn of base units that lists these coins.
pub(in crate::sign::review) fn request(command: &str, units: u64, coins: &[u8]) -> Request {
    let list: Vec<String> =
        coins.iter().map(|number| format!(r#"{{"txid":"{}","vout":{number}}}"#, "ee".repeat(32))).collect();
    let name = if command == "burn" { "utxos" } else { "reissuance_utxos" };
    parsed(&format!(r#""command":"{command}","amount":{units}e-8,"{name}":[{}]"#, list.join(",")))
}

fn distribution(uuid: &str, holder: &str) -> Request {
    parsed(&format!(
        r#""command":"distribute","distribution_uuid":"{uuid}","map_address_amount":{{"{holder}":1e-8}},
        "map_address_asset":{{"{holder}":"{ASSET}"}}"#
    ))
}

/// A signing of a request, by an entry of this number, that spends these coins.
fn signing(number: u32, request: &Request, inputs: &[OutPoint]) -> PastSigning {
    let byte = u8::try_from(number).unwrap();
    PastSigning {
        number,
        declared_void: false,
        facts: SigningFacts {
            content: ContentHash([byte; 32]),
            txid: Txid::from_byte_array([byte; 32]),
            request: RequestIdentity::of(request),
            request_sha256: request.sha256(),
            command: request.command(),
            distribution: request.distribution_uuid().cloned(),
            asset: request.asset,
            amount: request.total(),
            fee: Satoshi::from_sat(100),
            inputs: inputs.to_vec(),
            recipients: recipients(request),
            highest_index: number,
        },
    }
}

/// A signing of a reissue or burn of so much.
pub(in crate::sign::review) fn past(number: u32, command: &str, units: u64, coins: &[u8]) -> PastSigning {
    let inputs: Vec<OutPoint> = coins.iter().map(|number| coin(*number)).collect();
    // A sum that no request can name, for what must not overflow.
    let named = units.min(1_000_000_000_000);
    let mut past = signing(number, &request(command, named, coins), &inputs);
    past.facts.amount = AssetAmount::from_base_units(units);
    past
}

fn judged(signings: &[PastSigning], request: &Request, inputs: &[OutPoint]) -> HistoryVerdict {
    let history = History { signings: signings.to_vec(), earlier_unknown: false };
    history.judge(request, inputs, Some(&ContentHash([0xcc; 32])))
}

fn codes(verdict: &HistoryVerdict) -> Vec<Code> {
    verdict.mismatches.iter().map(|mismatch| mismatch.code).collect()
}

fn open(verdict: &HistoryVerdict) -> Vec<u32> {
    verdict.open.iter().map(|past| past.number).collect()
}

#[test]
fn a_request_is_signed_again_only_if_every_earlier_transaction_for_it_is_excluded() {
    let burn = request("burn", 7, &[1]);
    let a = signing(1, &burn, &[coin(1), coin(2)]);
    let b = signing(2, &burn, &[coin(1), coin(3)]);
    let c = [coin(2), coin(4)];
    let verdict = judged(&[a.clone(), b.clone()], &burn, &c);
    assert_eq!((codes(&verdict), open(&verdict)), (vec![Code::AlreadySigned], vec![2]));
    let verdict = judged(&[a.clone(), b.clone()], &burn, &[coin(2), coin(3)]);
    assert_eq!((codes(&verdict), open(&verdict)), (vec![], vec![]));
    let verdict = judged(&[a.clone(), b.clone()], &burn, &[coin(5)]);
    assert_eq!(codes(&verdict), [Code::AlreadySigned, Code::AlreadySigned]);
    // Another request is none of its business, but may confirm beside it.
    let verdict = judged(&[a, b], &request("burn", 8, &[1]), &[coin(5)]);
    assert_eq!((codes(&verdict), open(&verdict)), (vec![], vec![1, 2]));
}

#[test]
fn what_is_settled_by_a_descendant_is_not_excluded_by_it() {
    let burn = request("burn", 7, &[1]);
    let a = signing(1, &burn, &[coin(1)]);
    let child = OutPoint::new(a.facts.txid, 0);
    let verdict = judged(std::slice::from_ref(&a), &burn, &[child]);
    assert_eq!((codes(&verdict), open(&verdict)), (vec![Code::AlreadySigned], vec![]));
    let verdict = judged(&[a], &request("burn", 8, &[1]), &[child]);
    assert_eq!((codes(&verdict), open(&verdict)), (vec![], vec![]));
}

#[test]
fn the_same_transaction_is_given_out_again_whatever_else_was_signed() {
    let burn = request("burn", 7, &[1]);
    let history = History {
        signings: vec![signing(1, &burn, &[coin(1)]), signing(2, &burn, &[coin(1), coin(2)])],
        earlier_unknown: false,
    };
    let verdict = history.judge(&burn, &[coin(1)], Some(&ContentHash([1; 32])));
    assert_eq!((codes(&verdict), verdict.same), (vec![], Some(1)));
    assert_eq!(verdict.warnings[0].code, WarningCode::SignedBefore);
    let verdict = history.judge(&burn, &[coin(9)], None);
    assert_eq!((codes(&verdict).len(), verdict.same), (2, None));
}

#[test]
fn what_was_declared_void_stands_in_no_ones_way() {
    let burn = request("burn", 7, &[1]);
    let void = PastSigning { declared_void: true, ..signing(1, &burn, &[coin(1)]) };
    let verdict = judged(std::slice::from_ref(&void), &burn, &[coin(2)]);
    assert_eq!((codes(&verdict), open(&verdict)), (vec![], vec![]));
    // It counts for itself alone: a second one is still in the way.
    let verdict = judged(&[void, signing(2, &burn, &[coin(3)])], &burn, &[coin(2)]);
    assert_eq!(codes(&verdict), [Code::AlreadySigned]);
}

#[test]
fn an_open_distribution_to_the_same_holder_is_a_twin_until_it_is_excluded_or_settled() {
    let old = distribution(OLD, HOLDER);
    let a = signing(1, &old, &[coin(1)]);
    let new = distribution(NEW, HOLDER);
    let verdict = judged(std::slice::from_ref(&a), &new, &[coin(2)]);
    assert_eq!(codes(&verdict), [Code::OpenTwin]);
    assert_eq!(verdict.twins, [Uuid::parse(OLD).unwrap()]);
    for inputs in [coin(1), OutPoint::new(a.facts.txid, 3)] {
        let verdict = judged(std::slice::from_ref(&a), &new, &[inputs]);
        assert_eq!((codes(&verdict), verdict.twins.len()), (vec![], 0));
    }
    let mut other_asset = a.clone();
    other_asset.facts.asset = AssetId::from_byte_array([7; 32]);
    for (case, past, request) in [
        ("other holders", a.clone(), distribution(NEW, OTHER_HOLDER)),
        ("another asset", other_asset, new.clone()),
        ("no distribution", a.clone(), request("burn", 1, &[1])),
        ("declared void", PastSigning { declared_void: true, ..a.clone() }, new.clone()),
    ] {
        assert_eq!(codes(&judged(&[past], &request, &[coin(2)])), [], "{case}");
    }
    // Of the same uuid it is the other rule's.
    assert_eq!(codes(&judged(std::slice::from_ref(&a), &old, &[coin(2)])), [Code::AlreadySigned]);
    // Two transactions of one older uuid are typed once.
    let again = signing(2, &old, &[coin(1), coin(3)]);
    let verdict = judged(&[a, again], &new, &[coin(2)]);
    assert_eq!((codes(&verdict).len(), verdict.twins.len()), (2, 1));
}

#[test]
fn earlier_signings_that_nobody_knows_are_warned_of() {
    let burn = request("burn", 7, &[1]);
    for unknown in [true, false] {
        let history = History { signings: Vec::new(), earlier_unknown: unknown };
        let verdict = history.judge(&burn, &[coin(1)], None);
        let codes: Vec<WarningCode> = verdict.warnings.iter().map(|warning| warning.code).collect();
        assert_eq!(codes, if unknown { vec![WarningCode::EarlierUnknown] } else { vec![] });
    }
}

#[test]
fn the_highest_index_is_that_of_all_signings() {
    let burn = request("burn", 7, &[1]);
    let history = |numbers: &[u32]| History {
        signings: numbers.iter().map(|number| signing(*number, &burn, &[])).collect(),
        earlier_unknown: false,
    };
    assert_eq!(history(&[]).highest_index(), None);
    assert_eq!(history(&[4, 9, 2]).highest_index(), Some(9));
    assert_eq!(history(&[4, 9]).same(&ContentHash([9; 32])).map(|past| past.number), Some(9));
}

#[test]
fn what_is_much_like_an_earlier_signing_is_said_to_be_settled_or_open() {
    let warned = |past: PastSigning, request: &Request, inputs: &[OutPoint]| {
        let verdict = judged(&[past], request, inputs);
        verdict.warnings.iter().any(|warning| warning.code == WarningCode::Alike)
    };
    let burn = signing(1, &request("burn", 7, &[1]), &[coin(1)]);
    let paid = signing(1, &distribution(OLD, HOLDER), &[coin(1)]);
    let mut other_asset = burn.clone();
    other_asset.facts.asset = AssetId::from_byte_array([7; 32]);
    let mut same_sum = signing(1, &distribution(OLD, OTHER_HOLDER), &[coin(1)]);
    same_sum.facts.amount = distribution(NEW, HOLDER).total();
    let child = |past: &PastSigning| [OutPoint::new(past.facts.txid, 0)];
    for (case, past, new, inputs, expected) in [
        ("the same amount", &burn, request("burn", 7, &[1, 2]), &[coin(2)][..], true),
        ("the same amount, from its change", &burn, request("burn", 7, &[1, 2]), &child(&burn), true),
        ("the same amount, excluded", &burn, request("burn", 7, &[1, 2]), &[coin(1)], false),
        ("another amount", &burn, request("burn", 8, &[1, 2]), &[coin(2)], false),
        ("another command", &burn, request("reissue", 7, &[1, 2]), &[coin(2)], false),
        ("another asset", &other_asset, request("burn", 7, &[1, 2]), &[coin(2)], false),
        ("the very request", &burn, request("burn", 7, &[1]), &[coin(2)], false),
        ("the same holder", &paid, distribution(NEW, HOLDER), &[coin(2)], true),
        ("the same holder, from its change", &paid, distribution(NEW, HOLDER), &child(&paid), true),
        ("other holders, the same sum", &same_sum, distribution(NEW, HOLDER), &[coin(2)], false),
    ] {
        assert_eq!(warned(past.clone(), &new, inputs), expected, "{case}");
    }
    let verdict = judged(std::slice::from_ref(&burn), &request("burn", 7, &[1, 2]), &child(&burn));
    let after: Vec<u32> = verdict.after.iter().map(|past| past.number).collect();
    assert_eq!((after, open(&verdict)), (vec![1], vec![]));
}

#[test]
fn a_void_signing_waits_for_the_coins_that_it_spends() {
    let parent = Txid::from_byte_array([0xaa; 32]);
    let past = signing(1, &request("burn", 7, &[1]), &[coin(1), OutPoint::new(parent, 3)]);
    let void = PastSigning { declared_void: true, ..past.clone() };
    let revived = |past: &PastSigning, txid: Txid| {
        let history = History { signings: vec![past.clone()], earlier_unknown: false };
        history.revived_by(txid).map(|past| past.number)
    };
    assert_eq!(revived(&void, parent), Some(1));
    assert_eq!(revived(&void, Txid::from_byte_array([0xab; 32])), None);
    assert_eq!(revived(&past, parent), None);
}
