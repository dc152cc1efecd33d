//! Reports that a hot node's script posted to AMP are accepted, and change its records as they should.

use serde_json::{Value, json};

use super::{Treasury, body, detail};

const JOBS: [&str; 3] = ["distribute", "reissue", "burn"];

#[test]
fn every_report_of_a_hot_node_is_taken() {
    let mut taken = 0;
    for name in Treasury::NAMES {
        let mut treasury = Treasury::load(name);
        for job in JOBS.into_iter().filter(|job| treasury.did(job)).collect::<Vec<_>>() {
            let answer = treasury.carry_out(job);
            assert_eq!(answer.status, 200, "{job} of {name}: {}", body(&answer));
            taken += 1;
        }
        assert!(treasury.amp.confirms().iter().all(|confirmed| confirmed.times == 1));
        let lost = body(&treasury.get_asset("lost-outputs"));
        assert_eq!(lost, json!({ "lost_outputs": [], "reissuance_lost_outputs": [] }), "{name}");
    }
    assert_eq!(taken, 14);
}

#[test]
fn each_confirm_answers_in_its_own_way() {
    let mut treasury = Treasury::load("wpkh");
    let distributed = treasury.carry_out("distribute");
    let distribution = body(&distributed);
    assert_eq!(distribution["distribution_status"], "CONFIRMED");
    assert_eq!(distribution["transactions"][0]["included_blockheight"], 99);
    let rows = distribution["transactions"][0]["assignments"].as_array().unwrap();
    let mut vouts: Vec<u64> = rows.iter().map(|row| row["vout"].as_u64().unwrap()).collect();
    vouts.sort_unstable();
    assert_eq!(vouts, [0, 2, 3, 4, 5]);

    let reissued = body(&treasury.carry_out("reissue"));
    let txid = treasury.transaction("reissue").txid().to_string();
    assert_eq!(reissued, json!({ "txid": txid, "vin": 0, "reissuance_amount": 59_996_572_739_u64 }));

    let burnt = treasury.carry_out("burn");
    assert_eq!((burnt.status, burnt.body.len()), (200, 0));
}

#[test]
fn the_same_report_again_is_taken_again_and_counted() {
    let mut treasury = Treasury::load("wpkh");
    for job in JOBS {
        let first = treasury.carry_out(job);
        let (path, payload) = (treasury.endpoint(job), treasury.payload_text(job));
        let second = treasury.ask("POST", &path, "", payload);
        assert_eq!(first, second, "{job}");
    }
    let confirms = treasury.amp.confirms();
    assert_eq!(confirms.len(), 3);
    for (confirmed, job) in confirms.iter().zip(JOBS) {
        assert_eq!((confirmed.times, confirmed.path.clone()), (2, treasury.endpoint(job)));
        assert_eq!(confirmed.txid, treasury.transaction(job).txid());
    }
    // The records hold each of them once.
    assert_eq!(body(&treasury.get_asset("summary"))["reissued"], 59_996_572_739_u64);
}

#[test]
fn a_report_waits_for_two_confirmations() {
    let mut treasury = Treasury::load("wpkh");
    let (path, payload) = (treasury.endpoint("distribute"), treasury.payload("distribute"));
    assert!(detail(&treasury.post(&path, &payload)).ends_with("is not known."));
    for confirmations in [0, 1] {
        treasury.mine("distribute", confirmations);
        let refused = detail(&treasury.post(&path, &payload));
        assert!(refused.ends_with(&format!("has {confirmations} confirmations; 2 are needed.")), "{refused}");
    }
    assert!(treasury.amp.confirms().is_empty());
    treasury.mine("distribute", 2);
    assert_eq!(treasury.post(&path, &payload).status, 200);
}

#[test]
fn outputs_spent_by_an_unreported_transaction_are_lost_until_it_is_reported() {
    let mut treasury = Treasury::load("wpkh");
    let none = json!({ "lost_outputs": [], "reissuance_lost_outputs": [] });
    treasury.request("reissue");
    for (job, list) in [("distribute", "lost_outputs"), ("reissue", "reissuance_lost_outputs")] {
        treasury.mine(job, 0);
        assert_eq!(body(&treasury.get_asset("lost-outputs")), none, "in the mempool nothing is lost");
        treasury.mine(job, 1);
        let lost = body(&treasury.get_asset("lost-outputs"));
        assert_eq!(lost[list].as_array().unwrap().len(), 1, "{lost}");
        let balance = body(&treasury.get_asset("balance"));
        assert_eq!((&balance["lost_outputs"], list), (&lost["lost_outputs"], list));
        treasury.mine(job, 2);
        let (path, payload) = (treasury.endpoint(job), treasury.payload_text(job));
        assert_eq!(treasury.ask("POST", &path, "", payload).status, 200);
        assert_eq!(body(&treasury.get_asset("lost-outputs")), none);
    }
}

#[test]
fn an_output_can_be_lost_and_recovered_by_hand() {
    let mut treasury = Treasury::load("wpkh");
    let request: Value = Treasury::json("wpkh", "requests/reissue.json");
    let token = &request["reissuance_utxos"][0];
    let outpoint: coldamp_core::elements::OutPoint =
        format!("{}:{}", token["txid"].as_str().unwrap(), token["vout"]).parse().unwrap();
    assert!(treasury.amp.lose(outpoint));
    let lost = body(&treasury.get_asset("lost-outputs"));
    assert_eq!(lost, json!({ "lost_outputs": [], "reissuance_lost_outputs": [token] }));
    assert!(treasury.amp.recover(outpoint) && !treasury.amp.recover(outpoint));
    assert!(!treasury.amp.lose(coldamp_core::elements::OutPoint { vout: 77, ..outpoint }));
}

#[test]
fn the_record_of_a_reported_transaction_is_what_was_reported() {
    let mut treasury = Treasury::load("wpkh");
    treasury.carry_out("distribute");
    let txid = treasury.transaction("distribute").txid();
    let record = body(&treasury.get_asset(&format!("txs/{txid}")));
    assert_eq!((&record["is_distribution"], &record["is_issuance"]), (&json!(true), &json!(false)));
    assert_eq!((&record["blockheight"], &record["txid"]), (&json!(99), &json!(txid.to_string())));
    let inputs = record["inputs"].as_array().unwrap();
    assert_eq!((inputs.len(), &inputs[0]["prev_vout"], &inputs[0]["vin"]), (1, &json!(2), &json!(0)));
    assert_eq!(inputs[0]["amount"], 140_800_000_001_u64);
    let outputs = record["outputs"].as_array().unwrap();
    let payload = treasury.payload("distribute");
    let rows = payload["tx_data"]["details"].as_array().unwrap();
    for row in rows.iter().chain(payload["change_data"].as_array().unwrap()) {
        let output = outputs.iter().find(|output| output["vout"] == row["vout"]).unwrap();
        assert_eq!(output["asset_blinder"], row["assetblinder"]);
        assert_eq!(output["amount_blinder"], row["amountblinder"]);
        assert_eq!(output["asset_id"], row["asset"]);
        assert_eq!(output["is_treasury"], json!(row.get("spendable").is_some()));
        assert_eq!(output["registered_user"].is_null(), row.get("spendable").is_some());
        assert_eq!((&output["is_spent"], &output["is_burnt"]), (&json!(false), &json!(false)));
    }
    assert_eq!(outputs.len(), 6);

    treasury.carry_out("reissue");
    treasury.carry_out("burn");
    let txid = treasury.transaction("burn").txid();
    let record = body(&treasury.get_asset(&format!("txs/{txid}")));
    let burnt: Vec<&Value> =
        record["outputs"].as_array().unwrap().iter().filter(|row| row["is_burnt"] == true).collect();
    assert_eq!((burnt.len(), &burnt[0]["amount"]), (1, &json!(1_775)));
    let all = body(&treasury.get_asset("txs"));
    assert_eq!(all[0]["is_issuance"], true);
    assert_eq!(all.as_array().unwrap().iter().filter(|row| row["is_reissuance"] == true).count(), 1);
    let reissuances = body(&treasury.get_asset("reissuances"));
    assert_eq!(reissuances[0]["reissuance_amount"], 59_996_572_739_u64);
    assert_eq!(reissuances[0]["destination_address"], "ert1qz62u6t0px5tpyplrxuh2zyw6ycejyt9jh6yvts");
}

#[test]
fn balances_follow_what_was_reported() {
    let mut treasury = Treasury::load("wpkh");
    let treasury_holds = |treasury: &mut Treasury| {
        let balance = body(&treasury.get_asset("balance"));
        let rows = balance["confirmed_balance"].as_array().unwrap().clone();
        let owned = rows.iter().filter(|row| row["GAID"].as_str().is_some()).count();
        (rows.iter().find(|row| row["owner"].is_null()).unwrap()["amount"].as_u64().unwrap(), owned)
    };
    let at_first = 469_410_398_235;
    assert_eq!(treasury_holds(&mut treasury), (at_first, 0));
    treasury.carry_out("distribute");
    let paid = 92_562_719_514;
    let after = treasury_holds(&mut treasury);
    assert_eq!((after.0, after.1), (at_first - paid, 5));
    treasury.carry_out("reissue");
    assert_eq!(treasury_holds(&mut treasury).0, at_first - paid + 59_996_572_739);
    treasury.carry_out("burn");
    assert_eq!(treasury_holds(&mut treasury).0, at_first - paid + 59_996_572_739 - 1_775);
    let summary = body(&treasury.get_asset("summary"));
    assert_eq!((&summary["distributed"], &summary["burned"]), (&json!(paid), &json!(1_775)));
}
