//! The coins that AMP's request lists: where one is gone the request may have been carried out before, and nobody else
//! remembers it once state folder and journal are lost.

use coldamp_tests::RequestKind;

use crate::desk::{Issuer, fails};

#[test]
fn a_burn_that_was_mined_is_not_prepared_again_by_a_desk_that_remembers_nothing() {
    let issuer = Issuer::new();
    let burn = issuer.signed(RequestKind::Burn, &issuer.assets[0]);
    issuer.broadcast("burn", "").done();
    std::fs::copy(issuer.desk.path("burn.json"), issuer.desk.path("again.json")).unwrap();
    // Waiting: the coin is spent by the mempool already.
    let words = fails(issuer.prepare("again", "--state fresh"), 3, "COINS_SPENT");
    assert!(words.contains("the request lists coin ") && words.contains("which is spent"), "{words}");
    // What is to take its place may spend what it spends.
    issuer.prepare("again", "--state fresh --replace burn.signed.json").done();
    std::fs::remove_file(issuer.desk.path("again.pset")).unwrap();
    issuer.mine(2);
    assert_eq!(issuer.confirmations(burn.txid()), Some(2));
    let words = fails(issuer.prepare("again", "--state another"), 3, "COINS_SPENT");
    assert!(words.contains("which is spent") && words.contains("--allow-missing-coins"), "{words}");
    assert!(!issuer.desk.path("again.pset").exists());
    // The option gives up that sign: what AMP listed and is left burns a second time, where it suffices.
    fails(issuer.prepare("again", "--state another --allow-missing-coins"), 3, "MISSING_COINS");
    // Where the request lists the change of the first burn too, that is burnt.
    let outputs = u32::try_from(burn.transaction().output.len()).unwrap();
    let is_enough = |vout: &u32| {
        let mut request: serde_json::Value = serde_json::from_str(&issuer.desk.read("burn.json")).unwrap();
        let listed = serde_json::json!({ "txid": burn.txid().to_string(), "vout": vout });
        request["utxos"].as_array_mut().unwrap().push(listed);
        issuer.desk.write(&format!("with-{vout}.json"), request.to_string());
        let forced = issuer.prepare(&format!("with-{vout}"), "--state another --allow-missing-coins");
        assert!(forced.code == 0 || forced.stderr.contains("error[MISSING_COINS]"), "{}", forced.stderr);
        forced.code == 0
    };
    assert_eq!((0..outputs).filter(is_enough).count(), 1);
}

#[test]
fn a_burn_that_lists_a_coin_of_another_prepared_request_says_so() {
    let issuer = Issuer::new();
    issuer.ask(RequestKind::Burn, &issuer.assets[0]).done();
    std::fs::rename(issuer.desk.path("burn.json"), issuer.desk.path("first.json")).unwrap();
    issuer.prepare("first", "").done();
    // Another burn of the same coins: AMP lists whatever the treasury holds. Its planning has a state of its own.
    let other = issuer.request(RequestKind::Burn, &issuer.assets[0], "--amount 7 --state elsewhere");
    other.done();
    let words = fails(issuer.prepare("burn", ""), 3, "COINS_RESERVED");
    assert!(words.contains("is reserved by another prepared request"), "{words}");
    assert!(words.contains("status"), "{words}");
}

#[test]
fn a_listed_coin_that_is_not_the_treasurys_or_nowhere_is_told_apart() {
    let issuer = Issuer::new();
    issuer.ask(RequestKind::Burn, &issuer.assets[0]).done();
    let honest: serde_json::Value = serde_json::from_str(&issuer.desk.read("burn.json")).unwrap();
    let listed = |txid: String, vout: u32| {
        let mut request = honest.clone();
        request["utxos"].as_array_mut().unwrap().push(serde_json::json!({ "txid": txid, "vout": vout }));
        issuer.desk.write("other.json", request.to_string());
        fails(issuer.prepare("other", ""), 3, "COINS_SPENT")
    };
    let nowhere = listed("11".repeat(32), 0);
    assert!(nowhere.contains("is not known to the chain source"), "{nowhere}");
    // The fee output of a transaction of the treasury: there, and nobody's coin.
    let own = honest["utxos"][0]["txid"].as_str().unwrap().to_owned();
    let beyond = listed(own, 200);
    assert!(beyond.contains("is not known to the chain source"), "{beyond}");
    let somebody = issuer.sandbox.with(|chain, _| {
        let own = issuer.assets[0].issued.txid;
        chain.transaction(own).map(|transaction| transaction.output.len())
    });
    assert!(somebody.is_some_and(|outputs| outputs > 1));
    let fee_output = u32::try_from(somebody.unwrap() - 1).unwrap();
    let theirs = listed(issuer.assets[0].issued.txid.to_string(), fee_output);
    assert!(theirs.contains("does not belong to this treasury"), "{theirs}");
}
