//! A second person's look at AMP, and the blinders that AMP misses.

use coldamp_core::elements::AssetId;
use coldamp_core::elements::OutPoint;
use coldamp_core::elements::hex::DisplayHex as _;
use coldamp_sandbox::faults::{Edit, Fault, Rule};
use coldamp_tests::RequestKind;
use serde_json::json;

use crate::desk::{Issuer, fails};

#[test]
fn a_request_that_says_what_amp_shows_is_told_with_the_hash_that_the_cold_side_shows() {
    let issuer = Issuer::new();
    for kind in RequestKind::ALL {
        issuer.ask(kind, &issuer.assets[0]).done();
        let check = format!("request check {}.json --network regtest {}", kind.name(), issuer.amp());
        let before = issuer.sandbox.with(|_, amp| amp.distributions_created());
        let run = issuer.desk.run("coldamp-online", &check).done();
        let request = issuer.desk.read(&format!("{}.json", kind.name()));
        let network = issuer.treasury.network;
        let request = coldamp_core::amp::Request::parse(request.as_bytes(), &network).unwrap();
        assert_eq!(run.stdout.trim(), request.sha256().to_lower_hex_string());
        assert_eq!(issuer.sandbox.with(|_, amp| amp.distributions_created()), before, "looking makes none");
    }
    let posts = issuer.sandbox.faults().log();
    let posts: Vec<_> =
        posts.iter().filter(|asked| asked.method == "POST").map(|asked| &asked.path).collect();
    assert!(
        posts.iter().all(|path| path.ends_with("obtain_token") || path.ends_with("-request")),
        "a check posts nothing: {posts:?}"
    );
}

#[test]
fn a_request_with_exchanged_recipients_or_another_sum_is_told() {
    let issuer = Issuer::new();
    issuer.ask(RequestKind::Distribute, &issuer.assets[0]).done();
    let honest = issuer.desk.read("distribute.json");
    for (from, to) in [("12.5", "12.50000001"), ("12.5", "25.0")] {
        let forged = honest.replacen(from, to, 1);
        assert_ne!(forged, honest);
        issuer.desk.write("forged.json", forged);
        let check = format!("request check forged.json --network regtest {}", issuer.amp());
        let words = fails(issuer.desk.run("coldamp-online", &check), 3, "AMP_DIFFERS");
        assert!(words.contains("differs        "), "{words}");
    }
}

#[test]
fn blinders_that_amp_misses_are_told_from_the_view_key_alone() {
    let issuer = Issuer::new();
    let asset = &issuer.assets[1];
    let outputs =
        [asset.issued.asset_vout, asset.issued.token_vout].map(|vout| OutPoint::new(asset.issued.txid, vout));
    issuer.sandbox.with(|_, amp| {
        for output in outputs {
            assert!(amp.forget_blinders(output));
        }
    });
    let arguments = format!(
        "treasury blinders --asset {} --asset-id {} --descriptor treasury.descriptor --network regtest {}",
        asset.uuid,
        asset.issued.asset,
        issuer.network()
    );
    let told = issuer.desk.run("coldamp-online", &arguments).done();
    assert_eq!(told.stderr.matches("AMP now has its blinders").count(), 2, "{}", told.stderr);
    let again = issuer.desk.run("coldamp-online", &arguments).done();
    assert!(again.stderr.contains("AMP lacks no blinders"), "{}", again.stderr);
}

#[test]
fn an_amp_that_names_another_asset_of_the_treasury_learns_nothing_of_it() {
    let issuer = Issuer::new();
    let [asset, other] = [&issuer.assets[0], &issuer.assets[1]];
    let coin = OutPoint::new(other.issued.txid, other.issued.asset_vout);
    issuer.sandbox.with(|_, amp| assert!(amp.forget_blinders(coin)));
    let faults = issuer.sandbox.faults();
    let before = faults.count();
    let (uuid, network) = (&asset.uuid, issuer.network());
    let told_of = |id: AssetId| {
        let treasury = "--descriptor treasury.descriptor --network regtest";
        let arguments = format!("treasury blinders --asset {uuid} --asset-id {id} {treasury} {network}");
        fails(issuer.desk.run("coldamp-online", &arguments), 3, "AMP_DIFFERS")
    };
    let value = json!(other.issued.asset.to_string());
    let fault = Fault::Altered { status: None, edits: vec![Edit::Set { at: "/asset_id".to_owned(), value }] };
    let path = format!("/api/assets/{uuid}$");
    faults.set(vec![Rule { method: Some("GET".to_owned()), path, skip: 0, count: None, fault }]);
    let words = told_of(asset.issued.asset);
    assert!(words.contains(&other.issued.asset.to_string()), "{words}");
    faults.clear();
    told_of(other.issued.asset);
    let log = faults.log();
    assert!(log[before..].iter().all(|asked| !asked.path.ends_with("/update-blinders")), "{log:?}");
}
