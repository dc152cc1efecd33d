//! An output that AMP does not count as the treasury's, by the addresses that were registered.

use coldamp_core::elements::{Address, AddressParams};
use coldamp_sandbox::faults::{Edit, Fault, Rule};
use coldamp_tests::RequestKind;
use serde_json::json;

use super::row::*;
use super::stage::Stage;

#[test]
fn an_address_that_was_never_registered_is_no_difference() {
    let stage = Stage::deep(RequestKind::Reissue);
    // The first output that AMP lists, as AMP would after it does not know the address.
    let signed = stage.signed_file();
    let vout = signed.payload().details().iter().map(|row| row.vout).min().unwrap();
    let script = &signed.transaction().output[vout].script_pubkey;
    let own = Address::from_script(script, None, &AddressParams::ELEMENTS).unwrap();
    let strange =
        stage.rule(("GET", "ASSET/txs/TXID"), &set("/outputs/0/is_treasury", json!(false), Done("")));
    let treasury = &stage.issuer.treasury;
    let key = treasury.descriptor.blinding_key(&treasury.secp, script);
    let blinded = Address::from_script(script, Some(key), &AddressParams::ELEMENTS).unwrap();
    let notice = Done("its address is not registered at AMP as one of the treasury's");
    let hidden = Fails(13, "RECORD_DIFFERS", "does not show which addresses are");
    let listed = Fails(13, "RECORD_DIFFERS", "whose address it is by AMP's own list");
    let mut rows = bodies(&NO_LIST, &hidden);
    rows.extend(nothing_to_read(&hidden));
    rows.extend(statuses_of_a_read());
    rows.extend([
        body("[]", notice.clone()),
        body("[\"nowhere\"]", hidden.clone()),
        body("[\"\"]", hidden.clone()),
        body("[7]", hidden),
        body(&json!([own.to_string()]).to_string(), listed.clone()),
        body(&json!([blinded.to_string()]).to_string(), listed),
    ]);
    stage.run_report(("GET", "ASSET/treasury-addresses"), &[strange], &rows, &|seen| {
        assert_eq!((seen.posts, seen.taken), (1, 1), "{}", seen.row.name);
    });
    // And of another holder's address in the list.
    let elsewhere = stage.issuer.assets[0].issued.txid;
    let other = stage
        .issuer
        .sandbox
        .with(|chain, _| chain.transaction(elsewhere).unwrap().output[0].script_pubkey.clone());
    let other = Address::from_script(&other, None, &AddressParams::ELEMENTS).unwrap();
    let edits = vec![Edit::Body { text: json!([other.to_string()]).to_string() }];
    let path = format!("/api/assets/{}/treasury-addresses$", stage.issuer.uuid());
    let fault = Fault::Altered { status: None, edits };
    let listed = Rule { method: Some("GET".to_owned()), path, skip: 0, count: None, fault };
    let rows = [set("/outputs/0/is_treasury", json!(false), notice)];
    stage.run_report(("GET", "ASSET/txs/TXID"), &[listed], &rows, &|_| {});
}
