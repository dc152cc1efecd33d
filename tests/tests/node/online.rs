//! The whole way back on a real node: prepared from it, sent to it, two blocks deep in it, and reported to the sandbox's
//! AMP, which opens every commitment of the report against what the node has.

use coldamp_core::amp::{Job as AmpJob, Request};
use coldamp_core::signed::SignedFile;
use coldamp_core::units::Precision;
use coldamp_sandbox::amp::{Amp, AssetRecord, TreasuryOutput};
use coldamp_sandbox::server::{PASSWORD, Sandbox, USERNAME};
use coldamp_tests::node::{Elementsd, Node};
use coldamp_tests::{Desk, Job, RequestKind, Scenario, Treasury};

/// AMP as it was when the request was recorded.
pub(crate) fn set_up(amp: &mut Amp, treasury: &Treasury, request: &Request) {
    let holdings = treasury.holdings(request);
    let coins = holdings.coins.iter().filter(|coin| coin.asset() != treasury.network.policy_asset());
    let outputs = coins.clone().map(|coin| TreasuryOutput {
        outpoint: coin.outpoint,
        asset: coin.asset(),
        amount: coin.amount(),
        asset_blinder: coin.secrets.asset_bf,
        amount_blinder: coin.secrets.value_bf,
    });
    let outputs: Vec<TreasuryOutput> = outputs.collect();
    let token = coins.map(|coin| coin.asset()).find(|asset| holdings.is_token(*asset));
    let total = |wanted| {
        let of = outputs.iter().filter(|output| output.asset == wanted);
        of.map(|output| output.amount)
            .fold(Default::default(), |sum: coldamp_core::units::AssetAmount, amount| {
                sum.checked_add(amount).unwrap()
            })
    };
    let uuid = amp.add_asset(AssetRecord {
        uuid: Some(request.asset_uuid.clone()),
        name: "A recorded asset".to_owned(),
        ticker: "REC".to_owned(),
        precision: Precision::new(8).unwrap(),
        domain: "example.org".to_owned(),
        pubkey: String::new(),
        asset: request.asset,
        token,
        txid: outputs[0].outpoint.txid,
        amount: total(request.asset),
        token_amount: token.map(total).unwrap_or_default(),
        treasury: outputs.clone(),
    });
    match &request.job {
        AmpJob::Distribute { uuid: distribution, recipients } => {
            let pay = |number: usize| amp_user(number);
            let payments: Vec<_> = recipients
                .iter()
                .enumerate()
                .map(|(number, recipient)| {
                    (amp.add_user(&pay(number)), recipient.address.clone(), recipient.amount)
                })
                .collect();
            amp.add_distribution(&uuid, distribution, &payments).unwrap();
        }
        AmpJob::Reissue { amount, .. } => amp.ask_reissue(&uuid, *amount).unwrap(),
        AmpJob::Burn { amount, .. } => amp.ask_burn(&uuid, *amount).unwrap(),
    }
}

fn amp_user(number: usize) -> String {
    format!("Holder {number}")
}

/// Carries a job from AMP's request to AMP's record over a chain source that is given by its arguments. `mined` waits until
/// that source shows what the node has.
pub(crate) fn carried(scenario: &Scenario, kind: RequestKind, node: &Node, chain: &str, mined: &dyn Fn()) {
    let sign = |job: &Job<'_>, pset: &str| job.sign(pset.as_bytes()).to_json().unwrap();
    carried_signed_by(&sign, scenario, kind, node, chain, mined);
}

/// The same, signed by `sign`, which makes the text of signed.json of a PSET.
pub(crate) fn carried_signed_by(
    sign: &dyn Fn(&Job<'_>, &str) -> String,
    scenario: &Scenario,
    kind: RequestKind,
    node: &Node,
    chain: &str,
    mined: &dyn Fn(),
) {
    let place = format!("{} {}", scenario.name(), kind.name());
    let treasury = Treasury::of(scenario);
    let job = treasury.job(scenario, kind);
    let sandbox = Sandbox::amp_over(Box::new(node.ledger()), 0).unwrap();
    sandbox.with(|_, amp| set_up(amp, &treasury, &job.request()));
    let desk = Desk::default();
    desk.write("request.json", &job.request);
    desk.write("treasury.descriptor", scenario.ct_descriptor());
    desk.write("cookie", node.address_and_cookie().1);
    desk.write("credentials", format!("{USERNAME}\n{PASSWORD}\n"));
    let amp = format!("--amp {} --amp-credentials credentials", sandbox.amp_url());
    let online = |arguments: String| desk.run("coldamp-online", &arguments);

    let issuance = format!("--issuance-tx {}", scenario.info().issuance.txid);
    let treasury_files = "--descriptor treasury.descriptor --network regtest";
    online(format!("prepare request.json {treasury_files} {chain} {issuance} -o job.pset")).done();
    let text = sign(&job, &desk.read("job.pset"));
    desk.write("job.signed.json", &text);
    let signed = SignedFile::read(text.as_bytes()).unwrap();

    let audit = "--pset job.pset --descriptor treasury.descriptor";
    let sent = online(format!("broadcast job.signed.json {chain} {amp} {audit}")).done();
    assert!(sent.stderr.contains("\nsent           "), "{place}: {}", sent.stderr);
    let waiting = online(format!("report job.signed.json {chain} {amp} --no-wait"));
    assert_eq!(waiting.code, 10, "{place}: {}", waiting.stderr);
    node.mine();
    node.mine();
    mined();
    let report = online(format!("report job.signed.json {chain} {amp} --no-wait")).done();
    assert!(report.stderr.contains("AMP took the report"), "{place}: {}", report.stderr);
    assert!(report.stderr.contains("agrees with the report"), "{place}: {}", report.stderr);
    let times: Vec<_> = sandbox.with(|_, amp| amp.confirms().to_vec());
    assert_eq!(times.len(), 1, "{place}");
    assert_eq!((times[0].txid, times[0].times), (signed.txid(), 1), "{place}");
    online(format!("status job.signed.json {chain}")).done();
}

#[test]
fn every_job_is_prepared_sent_and_reported_on_a_live_node() {
    let Some(elementsd) = Elementsd::named_or_skipped() else { return };
    for name in ["wpkh", "wpkh-blinded-issuance", "wpkh-split-token"] {
        let scenario = Scenario::load(name);
        for kind in RequestKind::ALL {
            let node = elementsd.replay(&scenario);
            let (address, _) = node.address_and_cookie();
            carried(&scenario, kind, &node, &format!("--node {address} --node-cookie cookie"), &|| ());
        }
    }
}
