use super::*;
use crate::network::{Chain, Network};
use crate::sign::review::history::tests::{past, request};
use crate::sign::review::journal_state::JournalState;

const ASSET: &str = "c827f4a9f08a0eb9372c163621585f3d795c68b6a577505b457ff1c6ebb71015";
const UUID: &str = "025b413f-8a9a-421e-a648-a7dd06839eb9";

fn policy() -> Policy {
    Policy {
        number: 3,
        counted_from: BTreeMap::new(),
        asset: ASSET.parse().unwrap(),
        proof: AssetKnowledge::Unproven,
        asset_uuid: None,
        limits: BTreeMap::new(),
        max_recipients: None,
        max_per_recipient: None,
        fee_cap: FeeCap::default(),
        approvers: BTreeSet::new(),
        forbid_unconfidential: false,
    }
}

fn limits(max: Option<u64>, budget: Option<u64>, budget_count: Option<u32>) -> JobLimits {
    let units = |amount: Option<u64>| amount.map(AssetAmount::from_base_units);
    JobLimits { max: units(max), budget: units(budget), budget_count }
}

/// Two confidential recipients of 30 and 70 base units, one of 5 unconfidential.
fn distribution() -> Request {
    let network = Network::new(Chain::Regtest);
    let (a, b) = (
        "AzpjC7eBYvSm33G4veLDbXJKTe36BpdTPSaFGwv4vC1pFcqHMVekioxywWkHqM8NQUwdKN4He1ACM9uJ",
        "AzpmsQWPU5NFFBcfXzg5yAd2NdEFFciEZJ2QtZj6Q6RWgC1MUZodubbMDATdX5B519FF8S6MyanWqLit",
    );
    let script = elements::Script::from([&[0x00, 0x14][..], &[9; 20]].concat());
    let open = elements::Address::from_script(&script, None, network.address_params()).unwrap();
    let text = format!(
        r#"{{"command":"distribute","min_supported_client_script_version":2,
        "base_url":"https://amp-test.blockstream.com/api/{{}}","asset_uuid":"{UUID}","asset_id":"{ASSET}",
        "distribution_uuid":"afbd67f9-6196-49cf-a198-8ad9f06c144a",
        "map_address_amount":{{"{a}":3e-7,"{b}":7e-7,"{open}":5e-8}},
        "map_address_asset":{{"{a}":"{ASSET}","{b}":"{ASSET}","{open}":"{ASSET}"}}}}"#
    );
    Request::parse(text.as_bytes(), &network).unwrap()
}

fn codes(state: &JournalState, request: &Request) -> Vec<Code> {
    state.judge_request(request, false).mismatches.iter().map(|mismatch| mismatch.code).collect()
}

fn under(policy: Policy, request: &Request) -> Vec<Code> {
    codes(
        &JournalState {
            policies: vec![policy],
            history: Some(History::default()),
            ..JournalState::default()
        },
        request,
    )
}

#[test]
fn each_limit_is_kept_to_the_unit_and_for_its_own_command() {
    let (burn, distribution) = (request("burn", 100, &[1]), distribution());
    let with = |command, limits| Policy { limits: BTreeMap::from([(command, limits)]), ..policy() };
    for (case, policy, request, expected) in [
        ("none", policy(), &burn, &[][..]),
        ("max", with(Command::Burn, limits(Some(100), None, None)), &burn, &[]),
        ("above max", with(Command::Burn, limits(Some(99), None, None)), &burn, &[Code::PolicyMax]),
        ("another command's max", with(Command::Reissue, limits(Some(99), None, None)), &burn, &[]),
        ("max of a sum", with(Command::Distribute, limits(Some(105), None, None)), &distribution, &[]),
        (
            "above max of a sum",
            with(Command::Distribute, limits(Some(104), None, None)),
            &distribution,
            &[Code::PolicyMax],
        ),
        ("budget", with(Command::Burn, limits(None, Some(100), None)), &burn, &[]),
        ("above budget", with(Command::Burn, limits(None, Some(99), None)), &burn, &[Code::PolicyBudget]),
        ("count", with(Command::Burn, limits(None, None, Some(1))), &burn, &[]),
        ("no count left", with(Command::Burn, limits(None, None, Some(0))), &burn, &[Code::PolicyBudget]),
        ("recipients", Policy { max_recipients: Some(3), ..policy() }, &distribution, &[]),
        (
            "too many recipients",
            Policy { max_recipients: Some(2), ..policy() },
            &distribution,
            &[Code::PolicyRecipients],
        ),
        (
            "each recipient",
            Policy { max_per_recipient: Some(AssetAmount::from_base_units(70)), ..policy() },
            &distribution,
            &[],
        ),
        (
            "two recipients with too much",
            Policy { max_per_recipient: Some(AssetAmount::from_base_units(29)), ..policy() },
            &distribution,
            &[Code::PolicyRecipients, Code::PolicyRecipients],
        ),
        (
            "one without a blinding key",
            Policy { forbid_unconfidential: true, ..policy() },
            &distribution,
            &[Code::PolicyUnconfidential],
        ),
        ("its uuid", Policy { asset_uuid: Uuid::parse(UUID), ..policy() }, &burn, &[]),
        (
            "another uuid",
            Policy { asset_uuid: Uuid::parse(&UUID.replace('0', "1")), ..policy() },
            &burn,
            &[Code::PolicyAsset],
        ),
    ] {
        assert_eq!(under(policy, request), expected, "{case}");
    }
}

#[test]
fn a_budget_counts_what_was_signed_for_asset_and_command_after_it_was_set() {
    let asset: AssetId = ASSET.parse().unwrap();
    let mut other_asset = past(5, "burn", 50, &[3]);
    other_asset.facts.asset = AssetId::from_byte_array([7; 32]);
    let history = History {
        signings: vec![
            past(2, "burn", 1_000, &[1]),
            past(3, "burn", 1_000, &[1]),
            past(4, "burn", 30, &[2]),
            other_asset,
            past(6, "reissue", 500, &[4]),
            past(7, "burn", 20, &[5]),
        ],
        earlier_unknown: false,
    };
    let policy = |limits| Policy { limits: BTreeMap::from([(Command::Burn, limits)]), ..policy() };
    assert_eq!(
        policy(limits(None, None, None)).used(Command::Burn, &history),
        BudgetUse { amount: AssetAmount::from_base_units(50), count: 2 }
    );
    let burn = request("burn", 100, &[9]);
    let judged = |limits, history: Option<&History>, same| {
        let state = JournalState {
            policies: vec![policy(limits)],
            history: history.cloned(),
            ..JournalState::default()
        };
        let verdict = state.judge_request(&burn, same);
        verdict.mismatches.iter().map(|mismatch| mismatch.code).collect::<Vec<_>>()
    };
    assert_eq!(judged(limits(None, Some(150), Some(3)), Some(&history), false), []);
    assert_eq!(judged(limits(None, Some(149), None), Some(&history), false), [Code::PolicyBudget]);
    assert_eq!(judged(limits(None, None, Some(2)), Some(&history), false), [Code::PolicyBudget]);
    // The very transaction again uses nothing.
    assert_eq!(judged(limits(None, Some(149), Some(2)), Some(&history), true), []);

    let mut endless = history;
    endless.signings.push(past(8, "burn", u64::MAX, &[6]));
    assert_eq!(judged(limits(None, Some(u64::MAX), None), Some(&endless), false), [Code::PolicyBudget]);
    assert_eq!(endless.signings.iter().filter(|past| past.facts.asset == asset).count(), 6);
}

#[test]
fn without_any_policy_there_is_a_warning_and_with_one_no_other_asset_passes() {
    let burn = request("burn", 1, &[1]);
    let none = JournalState::default();
    assert_eq!(codes(&none, &burn), []);
    assert_eq!(none.judge_request(&burn, false).warnings.len(), 1);
    assert_eq!(none.judge_request(&burn, false).warnings[0].code, Code::NoPolicy);
    let other = Policy { asset: AssetId::from_byte_array([7; 32]), ..policy() };
    assert_eq!(under(other.clone(), &burn), [Code::PolicyAsset]);
    let both = JournalState { policies: vec![other, policy()], history: None, ..JournalState::default() };
    assert_eq!(codes(&both, &burn), []);
    assert_eq!(both.judge_request(&burn, false).warnings, []);
}

#[test]
fn a_token_of_an_asset_under_policy_is_never_the_asset_of_a_request() {
    let ids = crate::treasury::IssuanceIds::from_entropy(elements::AssetEntropy::from_byte_array([5; 32]));
    let proven = Policy { asset: ids.asset, proof: AssetKnowledge::Entropy(ids), ..policy() };
    for token in [ids.explicit_token, ids.blinded_token] {
        let mut burn = request("burn", 1, &[1]);
        burn.asset = token;
        let named = codes(
            &JournalState { policies: vec![proven.clone()], history: None, ..JournalState::default() },
            &burn,
        );
        assert_eq!(named, [Code::TokenUnexpected, Code::PolicyAsset]);
        // Not even where the token has a policy of its own.
        let pinned = Policy { asset: token, ..policy() };
        let named = codes(
            &JournalState {
                policies: vec![pinned, proven.clone()],
                history: None,
                ..JournalState::default()
            },
            &burn,
        );
        assert_eq!(named, [Code::TokenUnexpected]);
    }
}
