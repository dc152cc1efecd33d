//! The rest of the API: who may ask, what is answered, and the awkward parts.

use coldamp_core::amp::Request;
use coldamp_core::amp::request::{Command, Uuid};
use coldamp_core::elements::{OutPoint, Txid};
use coldamp_core::network::{Chain, Network};
use coldamp_core::units::AssetAmount;
use serde_json::{Value, json};

use super::{Treasury, body, detail};
use crate::amp::Endpoint;
use crate::exchange::Question;

#[test]
fn only_a_token_opens_what_is_not_for_everybody() {
    let mut treasury = Treasury::load("wpkh");
    let ask = |treasury: &mut Treasury, path: &str, authorization: Option<&str>| {
        let question = Question {
            method: "GET".to_owned(),
            path: path.to_owned(),
            query: String::new(),
            authorization: authorization.map(str::to_owned),
            body: Vec::new(),
        };
        treasury.amp.answer(&mut treasury.ledger, &question)
    };
    assert_eq!(ask(&mut treasury, "info", None).status, 200);
    assert_eq!(ask(&mut treasury, "changelog", None).status, 200);
    let token = treasury.token.clone();
    assert!(token.len() == 40 && token.bytes().all(|byte| byte.is_ascii_hexdigit()));
    let bearer = format!("Bearer {token}");
    for authorization in [None, Some("token 00"), Some(token.as_str()), Some(bearer.as_str())] {
        let answer = ask(&mut treasury, "assets", authorization);
        assert_eq!(answer.status, 401, "{authorization:?}");
        assert!(body(&answer)["detail"].is_string());
    }
    assert_eq!(treasury.get("assets").status, 200);
    treasury.amp.revoke_tokens();
    assert_eq!(treasury.get("assets").status, 401);
    treasury.log_in();
    assert_ne!(treasury.token, token);
    assert_eq!(treasury.get("assets").status, 200);
    assert!(!format!("{:?}", treasury.amp).contains("correct horse"));
    assert!(!format!("{:?}", treasury.amp).contains(&treasury.token));
}

#[test]
fn wrong_credentials_are_a_400_without_a_token() {
    let mut treasury = Treasury::load("wpkh");
    for (username, password) in [("issuer", "wrong"), ("other", "correct horse"), ("", "")] {
        let answer =
            treasury.post("user/obtain_token", &json!({ "username": username, "password": password }));
        assert_eq!(answer.status, 400);
        assert_eq!(body(&answer).as_object().unwrap().keys().collect::<Vec<_>>(), ["non_field_errors"]);
    }
    let answer = treasury.post("user/obtain_token", &json!({ "username": "issuer" }));
    assert_eq!((answer.status, body(&answer)), (400, json!({ "password": ["This field is required."] })));
}

#[test]
fn unknown_paths_are_404_and_other_methods_405() {
    let mut treasury = Treasury::load("wpkh");
    let uuid = treasury.uuid.to_string();
    for path in
        ["", "assets/", "asset", "assets/x", "assets/025b413f-8a9a-421e-a648-a7dd06839eb0", "v1/assets"]
    {
        let answer = treasury.get(path);
        assert_eq!((answer.status, body(&answer)), (404, json!({ "detail": "Not found." })), "{path}");
    }
    for (method, rest) in
        [("POST", "balance"), ("GET", "burn-request"), ("PUT", "txs"), ("POST", "distributions/create/")]
    {
        let answer = treasury.ask(method, &format!("assets/{uuid}/{rest}"), "", Vec::new());
        assert_eq!(
            (answer.status, body(&answer)),
            (405, json!({ "detail": format!("Method \"{method}\" not allowed.") }))
        );
    }
    assert_eq!(treasury.amp.distributions_created(), 0);
}

#[test]
fn a_locked_assignment_is_left_out_of_the_next_distribution_until_it_is_unlocked() {
    let mut treasury = Treasury::load("wpkh");
    let uuid = treasury.uuid.clone();
    let user = treasury.amp.add_user("A holder");
    let mut assign = || treasury.amp.assign(&uuid, user, AssetAmount::from_base_units(5)).unwrap();
    let (one, two) = (assign(), assign());
    let put = |treasury: &mut Treasury, id: u64, what: &str| {
        treasury.ask("PUT", &format!("assets/{uuid}/assignments/{id}/{what}"), "", Vec::new())
    };
    let locked = put(&mut treasury, two, "lock");
    assert_eq!((locked.status, &body(&locked)["ready_for_distribution"]), (200, &json!(false)));
    assert_eq!(put(&mut treasury, two, "lock").status, 400, "it is locked already");
    assert_eq!(put(&mut treasury, one, "unlock").status, 400, "it is not locked");
    assert_eq!(put(&mut treasury, 999, "lock").status, 404);
    let made = body(&treasury.get_asset("distributions/create/"));
    assert_eq!(made["map_address_amount"].as_object().unwrap().len(), 1);
    assert_eq!(put(&mut treasury, one, "lock").status, 400, "a distribution has it");
    assert_eq!(put(&mut treasury, two, "unlock").status, 200);
    let made = body(&treasury.get_asset("distributions/create/"));
    assert_eq!(made["map_address_amount"].as_object().unwrap().len(), 1);
}

#[test]
fn an_endpoint_can_be_taken_away() {
    let mut treasury = Treasury::load("wpkh");
    let txid = treasury.carry_out("distribute");
    assert_eq!(txid.status, 200);
    let tx = format!("txs/{}", treasury.transaction("distribute").txid());
    assert_eq!(treasury.get_asset(&tx).status, 200);
    treasury.amp.without(Endpoint::Tx);
    assert_eq!(treasury.get_asset(&tx).status, 404);
    assert_eq!(treasury.get_asset("txs").status, 200);
    treasury.amp.with(Endpoint::Tx);
    assert_eq!(treasury.get_asset(&tx).status, 200);
}

#[test]
fn request_answers_are_those_that_were_recorded() {
    let mut treasury = Treasury::load("wpkh");
    for (rest, body, file) in [
        ("reissue-request", json!({ "amount_to_reissue": 59_996_572_739_u64 }), "requests/reissue.json"),
        ("burn-request", json!({ "amount": 1_775 }), "requests/burn.json"),
    ] {
        let answer = treasury.post_asset(rest, &body);
        let recorded = Treasury::file("wpkh", file);
        // But for blanks, byte by byte: key order, and amounts as Python writes them.
        let blank = |text: &str| text.split_whitespace().collect::<String>();
        assert_eq!(blank(&String::from_utf8(answer.body).unwrap()), blank(&recorded), "{file}");
    }
}

#[test]
fn requests_for_impossible_amounts_are_refused_by_field() {
    let mut treasury = Treasury::load("wpkh");
    for amount in [json!(0), json!(2_100_000_000_000_001_u64)] {
        let answer = treasury.post_asset("reissue-request", &json!({ "amount_to_reissue": amount }));
        assert_eq!(answer.status, 400);
        assert!(body(&answer)["amount_to_reissue"][0].as_str().unwrap().starts_with("Ensure this value"));
    }
    for amount in [json!(1.5), json!("1"), json!(-1), json!(1.0)] {
        let answer = treasury.post_asset("burn-request", &json!({ "amount": amount }));
        assert!(detail(&answer).starts_with("JSON parse error"), "{amount}");
    }
    let answer = treasury.post_asset("burn-request", &json!({}));
    assert_eq!(body(&answer), json!({ "amount": ["This field is required."] }));
    let answer = treasury.post_asset("burn-request", &json!({ "amount": 469_410_398_236_u64 }));
    assert_eq!(answer.status, 400);
    assert!(
        body(&answer)["non_field_errors"][0].as_str().unwrap().contains("not enough in the treasury balance")
    );
}

#[test]
fn a_distribution_takes_what_is_due_and_is_listed_only_once_confirmed() {
    let mut treasury = Treasury::load("wpkh");
    let uuid = treasury.uuid.clone();
    let ann = treasury.amp.add_user("Ann");
    let nothing = treasury.get_asset("distributions/create/");
    assert_eq!(nothing.status, 200);
    assert!(body(&nothing).get("distribution_uuid").is_none());
    assert_eq!(body(&nothing)["map_address_amount"], json!({}));
    assert_eq!(treasury.amp.distributions_created(), 0);

    let create = |treasury: &mut Treasury, amount: u64, vesting: Value, ready: bool| {
        let row = json!({ "registered_user": ann, "amount": amount, "vesting_timestamp": vesting,
            "ready_for_distribution": ready });
        let answer = treasury.post_asset("assignments/create", &json!({ "assignments": [row] }));
        assert_eq!(answer.status, 200, "{}", body(&answer));
        body(&answer)[0].clone()
    };
    let first = create(&mut treasury, 1_250_000_000, Value::Null, true);
    assert_eq!((&first["receiving_address"], &first["distribution_uuid"]), (&Value::Null, &Value::Null));
    create(&mut treasury, 1, Value::Null, true);
    create(&mut treasury, 5, json!(1_800_000_000), true);
    create(&mut treasury, 7, Value::Null, false);

    let answer = treasury.get_asset("distributions/create");
    let text = String::from_utf8(answer.body.clone()).unwrap();
    assert!(
        text.starts_with(
            r#"{"command":"distribute","min_supported_client_script_version":2,"base_url":"https"#
        )
    );
    assert!(text.contains(":12.5") && text.contains(":1e-08"), "{text}");
    let request = Request::parse(&answer.body, &Network::new(Chain::Regtest)).unwrap();
    assert_eq!((request.command(), request.asset), (Command::Distribute, treasury.asset));
    let maps = body(&answer);
    assert_eq!(maps["map_address_amount"].as_object().unwrap().len(), 2);
    assert!(maps["map_address_asset"].as_object().unwrap().keys().all(|address| address.starts_with("Azp")));
    assert_eq!(treasury.amp.distributions_created(), 1);

    // Those are reserved now, and no list shows the distribution.
    assert!(body(&treasury.get_asset("distributions/create/")).get("distribution_uuid").is_none());
    assert_eq!(body(&treasury.get_asset("distributions")), json!([]));
    let distribution = Uuid::parse(maps["distribution_uuid"].as_str().unwrap()).unwrap();
    let shown = body(&treasury.get_asset(&format!("distributions/{distribution}")));
    assert_eq!((&shown["distribution_status"], &shown["transactions"]), (&json!("UNCONFIRMED"), &json!([])));
    let rows = body(&treasury.get_asset("assignments"));
    let carried = |row: &&Value| row["distribution_uuid"] == distribution.to_string();
    let carried: Vec<&Value> = rows.as_array().unwrap().iter().filter(carried).collect();
    assert_eq!(carried.len(), 2);
    assert!(carried.iter().all(|row| row["is_distributed"] == false && row["receiving_address"].is_string()));

    // Time passes, and the next distribution carries what has vested.
    treasury.amp.set_time(1_800_000_000);
    let next = body(&treasury.get_asset("distributions/create/"));
    assert_eq!(next["map_address_amount"].as_object().unwrap().len(), 1);
    assert_eq!(treasury.amp.distributions_created(), 2);
    assert!(treasury.amp.assign(&uuid, 999, AssetAmount::from_base_units(1)).is_err());
}

#[test]
fn a_cancelled_distribution_cannot_be_confirmed_and_frees_its_assignments() {
    let mut treasury = Treasury::load("wpkh");
    let path = treasury.endpoint("distribute");
    let cancel = path.replace("/confirm", "/cancel");
    let cancelled = treasury.ask("DELETE", &cancel, "", Vec::new());
    assert_eq!((cancelled.status, cancelled.body.len()), (200, 0));
    treasury.mine("distribute", 2);
    let payload = treasury.payload("distribute");
    assert_eq!(treasury.post(&path, &payload).status, 404);
    let again = body(&treasury.get_asset("distributions/create/"));
    let recorded = Treasury::json("wpkh", "requests/distribute.json");
    assert_eq!(again["map_address_amount"], recorded["map_address_amount"]);
    assert_ne!(again["distribution_uuid"], recorded["distribution_uuid"]);
}

#[test]
fn two_assignments_of_one_distribution_never_share_an_address() {
    let mut treasury = Treasury::load("wpkh");
    let (asset, user) = (treasury.uuid.clone(), treasury.amp.add_user("Ann"));
    let address: coldamp_core::elements::Address =
        "AzpjC7eBYvSm33G4veLDbXJKTe36BpdTPSaFGwv4vC1pFcqHMVekioxywWkHqM8NQUwdKN4He1ACM9uJ".parse().unwrap();
    let uuid = Uuid::parse("00000000-0000-0000-0000-000000000001").unwrap();
    let payments = [
        (user, address.clone(), AssetAmount::from_base_units(1)),
        (user, address, AssetAmount::from_base_units(2)),
    ];
    treasury.amp.add_distribution(&asset, &uuid, &payments).unwrap();
    let path = treasury.path(&format!("distributions/{uuid}/cancel"));
    assert_eq!(treasury.ask("DELETE", &path, "", Vec::new()).status, 200);
    let created = body(&treasury.get_asset("distributions/create/"));
    assert_eq!(created["map_address_amount"].as_object().unwrap().len(), 2);
}

#[test]
fn a_confirmed_distribution_is_listed_and_cannot_be_cancelled() {
    let mut treasury = Treasury::load("wpkh");
    treasury.carry_out("distribute");
    let listed = body(&treasury.get_asset("distributions"));
    assert_eq!(
        (listed.as_array().unwrap().len(), &listed[0]["distribution_status"]),
        (1, &json!("CONFIRMED"))
    );
    let cancel = treasury.endpoint("distribute").replace("/confirm", "/cancel");
    assert!(
        detail(&treasury.ask("DELETE", &cancel, "", Vec::new()))
            .starts_with("The distribution was confirmed by")
    );
    let path = treasury.path("assignments");
    let mut count =
        |query: &str| body(&treasury.ask("GET", &path, query, Vec::new())).as_array().unwrap().len();
    assert_eq!((count("distributed=true"), count("distributed=false"), count("")), (5, 0, 5));
}

#[test]
fn assignments_are_made_one_by_one_and_within_what_is_there() {
    let mut treasury = Treasury::load("wpkh");
    let ann = treasury.amp.add_user("Ann");
    let row = |user: u64, amount: u64| json!({ "registered_user": user, "amount": amount, "ready_for_distribution": true });
    let mut create = |rows: Value| {
        let answer = treasury.post_asset("assignments/create", &json!({ "assignments": rows }));
        (answer.status, body(&answer))
    };
    for rows in [json!([]), json!([row(ann, 1), row(ann, 2)])] {
        assert_eq!(create(rows), (400, json!({ "assignments": ["Exactly one assignment is expected."] })));
    }
    assert_eq!(create(json!([row(77, 1)])).0, 400);
    // The recorded distribution owes 92562719514 of 469410398235.
    let (status, refused) = create(json!([row(ann, 376_847_678_722)]));
    assert_eq!(status, 400);
    assert!(refused["non_field_errors"][0].as_str().unwrap().contains("not enough in the treasury balance"));
    let (status, made) = create(json!([row(ann, 376_847_678_721)]));
    assert_eq!((status, made.as_array().unwrap().len()), (200, 1));
    let id = made[0]["id"].as_u64().unwrap();
    assert_eq!(body(&treasury.get_asset(&format!("assignments/{id}"))), made[0]);
    let path = treasury.path(&format!("assignments/{id}/delete"));
    assert_eq!(treasury.ask("DELETE", &path, "", Vec::new()).status, 204);
    assert_eq!(treasury.get_asset(&format!("assignments/{id}")).status, 404);
}

#[test]
fn missing_blinders_are_zeros_until_they_are_updated_with_the_right_ones() {
    let mut treasury = Treasury::load("wpkh");
    let coins = Treasury::json("wpkh", "chain/listunspent.json");
    let issuance = Treasury::json("wpkh", "chain/info.json")["issuance"]["txid"].clone();
    let coin = coins.as_array().unwrap().iter().find(|coin| coin["txid"] == issuance).unwrap();
    let vout = u32::try_from(coin["vout"].as_u64().unwrap()).unwrap();
    let txid: Txid = issuance.as_str().unwrap().parse().unwrap();
    assert!(treasury.amp.forget_blinders(OutPoint { txid, vout }));
    let shown = |treasury: &mut Treasury| body(&treasury.get_asset("txs"))[0]["outputs"][0].clone();
    assert_eq!(shown(&mut treasury)["asset_blinder"], "0".repeat(64));
    let update = json!({ "txid": issuance, "vout": vout, "asset_blinder": coin["assetblinder"],
        "amount_blinder": coin["amountblinder"] });
    let mut wrong = update.clone();
    wrong["amount_blinder"] = coin["assetblinder"].clone();
    let refused = detail(&treasury.post_asset("update-blinders", &wrong));
    assert_eq!(refused, format!("amountblinder does not open output {vout} as 1.00000000"));
    let answer = treasury.post_asset("update-blinders", &update);
    assert_eq!((answer.status, answer.body.len()), (200, 0));
    assert_eq!(shown(&mut treasury)["asset_blinder"], coin["assetblinder"]);
    assert_eq!(shown(&mut treasury)["amount_blinder"], coin["amountblinder"]);
    let mut stranger = update;
    stranger["vout"] = json!(9);
    assert!(
        detail(&treasury.post_asset("update-blinders", &stranger)).ends_with("is no output of this asset.")
    );
}

#[test]
fn an_asset_is_shown_with_its_token() {
    let mut treasury = Treasury::load("wpkh");
    let shown = body(&treasury.get(&format!("assets/{}", treasury.uuid)));
    assert_eq!(shown["asset_id"], treasury.asset.to_string());
    assert_eq!(shown["reissuance_token_id"], treasury.reissuance_token.to_string());
    assert_eq!(shown["precision"], 2);
    assert_eq!(body(&treasury.get("assets")), json!([shown]));
    let users = body(&treasury.get("registered_users"));
    assert_eq!(users.as_array().unwrap().len(), 5);
    assert_eq!(body(&treasury.get("registered_users/1")), users[0]);
    assert_eq!(treasury.get("registered_users/6").status, 404);
}

#[test]
fn treasury_addresses_are_added_once() {
    let mut treasury = Treasury::load("wpkh");
    let address = "ert1qz62u6t0px5tpyplrxuh2zyw6ycejyt9jh6yvts";
    let added = treasury.post_asset("treasury-addresses/add", &json!([address]));
    assert_eq!((added.status, added.body.len()), (200, 0));
    assert_eq!(body(&treasury.get_asset("treasury-addresses")), json!([address]));
    let again = body(&treasury.post_asset("treasury-addresses/add", &json!([address])));
    assert!(again["non_field_errors"][0].as_str().unwrap().contains("already been added"));
    let wrong = body(&treasury.post_asset("treasury-addresses/add", &json!(["bc1q"])));
    assert!(wrong["non_field_errors"][0].as_str().unwrap().contains("Invalid value"));
    let path = treasury.path("treasury-addresses/delete");
    assert_eq!(treasury.ask("DELETE", &path, "", json!([address]).to_string().into_bytes()).status, 200);
    assert_eq!(body(&treasury.get_asset("treasury-addresses")), json!([]));
}
