use elements::{AssetId, Txid};

use super::*;
use crate::network::{Chain, Network};
use crate::units::{AssetAmount, Satoshi};

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
            own_index: Some(number),
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
    history.judge(candidate(request, inputs, 0xcc))
}

/// A PSET of this content and transaction.
fn candidate<'a>(request: &'a Request, inputs: &'a [OutPoint], byte: u8) -> Candidate<'a> {
    let content: &'static ContentHash = Box::leak(Box::new(ContentHash([byte; 32])));
    Candidate { request, inputs, content: Some(content), txid: Some(Txid::from_byte_array([byte; 32])) }
}

/// One that disagrees with its request, so that no transaction follows from it.
fn unchecked<'a>(request: &'a Request, inputs: &'a [OutPoint]) -> Candidate<'a> {
    Candidate { request, inputs, content: None, txid: None }
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
    // Another request does not matter for this rule, but its transaction may confirm as well.
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
    let verdict = history.judge(candidate(&burn, &[coin(1)], 1));
    assert_eq!((codes(&verdict), verdict.same), (vec![], Some(1)));
    assert_eq!(verdict.warnings[0].code, Code::SignedBefore);
    let verdict = history.judge(unchecked(&burn, &[coin(9)]));
    assert_eq!((codes(&verdict).len(), verdict.same), (2, None));
}

#[test]
fn a_coin_of_an_entry_that_was_declared_void_shows_that_it_confirmed() {
    let burn = request("burn", 5, &[1]);
    let void = PastSigning { declared_void: true, ..signing(1, &burn, &[coin(1)]) };
    let made_by = |past: &PastSigning| OutPoint::new(past.facts.txid, 0);
    let other = request("burn", 7, &[2]);
    let warned = |signings: &[PastSigning], input: OutPoint| {
        let verdict = judged(signings, &other, &[input]);
        verdict.warnings.iter().filter(|warning| warning.code == Code::VoidConfirmed).count()
    };
    assert_eq!(warned(std::slice::from_ref(&void), made_by(&void)), 1);
    // Through a signing in between, too.
    let child = signing(2, &request("burn", 6, &[3]), &[made_by(&void)]);
    assert_eq!(warned(&[void.clone(), child.clone()], made_by(&child)), 1);
    assert_eq!(warned(std::slice::from_ref(&void), coin(2)), 0);
    let standing = PastSigning { declared_void: false, ..void };
    assert_eq!(warned(std::slice::from_ref(&standing), made_by(&standing)), 0);
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
        let verdict = history.judge(unchecked(&burn, &[coin(1)]));
        let codes: Vec<Code> = verdict.warnings.iter().map(|warning| warning.code).collect();
        assert_eq!(codes, if unknown { vec![Code::EarlierUnknown] } else { vec![] });
    }
}

#[test]
fn the_highest_index_is_that_of_what_signings_pay_ourselves() {
    let burn = request("burn", 7, &[1]);
    let history = |numbers: &[u32]| History {
        signings: numbers.iter().map(|number| signing(*number, &burn, &[])).collect(),
        earlier_unknown: false,
    };
    assert_eq!(history(&[]).highest_own_index(), None);
    let mut known = history(&[4, 9, 2]);
    assert_eq!(known.highest_own_index(), Some(9));
    known.signings[1].declared_void = true;
    assert_eq!(known.highest_own_index(), Some(4), "its change will never be there");
    known.signings[0].facts.own_index = None;
    assert_eq!(known.highest_own_index(), Some(2));
    // Only what is spent shows that it was sent.
    let on = |parent: u32| OutPoint::new(Txid::from_byte_array([u8::try_from(parent).unwrap(); 32]), 1);
    let known = |spent: &[u32], void: bool| {
        let mut known = history(&[4, 9, 2]);
        known.signings[0].facts.inputs = spent.iter().map(|parent| on(*parent)).collect();
        known.signings[0].declared_void = void;
        known
    };
    for (spent, void, coins, highest) in [
        (&[][..], false, &[][..], None),
        (&[2], false, &[], Some(2)),
        (&[2], true, &[], None),
        (&[2, 9], false, &[], Some(9)),
        (&[2], false, &[9, 7], Some(9)),
        (&[], true, &[4], None),
    ] {
        let found = known(spent, void).highest_spent_index(coins.iter().map(|parent| on(*parent)));
        assert_eq!(found, highest, "{spent:?} {void} {coins:?}");
    }
    assert_eq!(history(&[4, 9]).signing_of(&ContentHash([9; 32])).map(|past| past.number), Some(9));
}

#[test]
fn what_is_much_like_an_earlier_signing_is_said_to_be_settled_or_open() {
    let warned = |past: PastSigning, request: &Request, inputs: &[OutPoint]| {
        let verdict = judged(&[past], request, inputs);
        verdict.warnings.iter().any(|warning| warning.code == Code::Alike)
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

/// Signings by number, each of a request of its own: what it spends, and whether it is void. Its txid repeats its number.
fn chain(signings: &[(u8, &[u8], bool)]) -> History {
    let signings = signings.iter().map(|(number, parents, declared_void)| {
        let request = request("burn", u64::from(*number) + 100, &[1]);
        let inputs: Vec<OutPoint> = parents.iter().map(|parent| of(*parent)).collect();
        PastSigning { declared_void: *declared_void, ..signing(u32::from(*number), &request, &inputs) }
    });
    History { signings: signings.collect(), earlier_unknown: false }
}

/// An output of the transaction that repeats this byte.
fn of(parent: u8) -> OutPoint {
    OutPoint::new(Txid::from_byte_array([parent; 32]), 0)
}

#[test]
fn a_transaction_that_a_void_signing_descends_from_is_refused() {
    const X: u8 = 0xaa;
    for (case, signings, refused) in [
        ("its coin", &[(1, &[X][..], true)][..], true),
        ("one of its coins", &[(1, &[0xee, X], true)], true),
        ("a coin of what it spends, signed before", &[(1, &[X], false), (2, &[1], true)], true),
        ("three generations", &[(1, &[X], false), (2, &[1], false), (3, &[2], false), (4, &[3], true)], true),
        ("the parent was signed after the void one", &[(2, &[1], true), (3, &[X], false)], false),
        ("through a parent that was signed after it", &[(2, &[3], true), (3, &[X], false)], true),
        ("through one that is void itself", &[(1, &[X], true), (2, &[1], false)], true),
        ("a void one between", &[(1, &[X], true), (2, &[1], true)], true),
        ("not void", &[(1, &[X], false), (2, &[1], false)], false),
        ("a void one beside it", &[(1, &[X], false), (2, &[0xee], true)], false),
        ("a parent that nobody has signed yet", &[(2, &[0x77], true)], false),
        ("signings that name each other", &[(1, &[2], true), (2, &[1, X], false)], true),
    ] {
        let burn = request("burn", 7, &[1]);
        let coins = [coin(9)];
        let verdict = chain(signings).judge(candidate(&burn, &coins, X));
        let expected = if refused { vec![Code::VoidRevived] } else { vec![] };
        assert_eq!(codes(&verdict), expected, "{case}");
        // Without a transaction there is nothing to say, and nothing that could be signed.
        assert_eq!(codes(&chain(signings).judge(unchecked(&burn, &coins))), [], "{case}");
    }
}

#[test]
fn what_was_declared_void_is_not_given_out_again_nor_is_what_it_descends_from() {
    let burn = request("burn", 7, &[1]);
    let mut history = chain(&[(1, &[0xee], false), (2, &[1], true), (3, &[0xee], false)]);
    for (number, code) in [(1, Some(Code::VoidRevived)), (2, Some(Code::VoidRevived)), (3, None)] {
        let verdict = history.judge(candidate(&burn, &[coin(1)], number));
        assert_eq!((codes(&verdict), verdict.same), (Vec::from_iter(code), Some(number.into())));
    }
    history.signings[1].declared_void = false;
    assert_eq!(codes(&history.judge(candidate(&burn, &[coin(1)], 2))), []);
}

#[test]
fn before_a_signing_is_declared_void_it_is_known_what_makes_its_coins_and_what_spends_them() {
    let history = chain(&[
        (1, &[0xee], false),
        (2, &[1], false),
        (3, &[2, 0x55], false),
        (4, &[3], false),
        (5, &[0x77], false),
        (6, &[1], true),
    ]);
    let ties = |number| history.void_dependencies(number).map(|ties| (ties.parents, ties.descendants));
    assert_eq!(ties(3), Some((vec![1, 2], vec![4])));
    assert_eq!(ties(5), Some((vec![], vec![])));
    assert_eq!(ties(1), Some((vec![], vec![2, 3, 4])), "a void descendant is no longer in the way");
    assert_eq!(ties(7), None);
    let voided_by = |number, byte| history.can_be_invalidated_by(number, Txid::from_byte_array([byte; 32]));
    for (byte, may, why) in [
        (3, false, "itself"),
        (2, false, "its parent"),
        (1, false, "the parent of that"),
        (0x55, false, "a parent that was not signed here"),
        (0xee, false, "a parent further up"),
        (4, false, "its child"),
        (5, false, "a signing that spends other coins"),
        (6, true, "a signing that spends the coin of its parent"),
        (0x99, true, "a transaction that nobody here knows"),
    ] {
        assert_eq!(voided_by(3, byte), may, "{why}");
    }
    assert!(!voided_by(7, 0x99));
}
