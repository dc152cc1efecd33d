use super::*;

const READY: &str = r#"{"id":1,"amount":5,"receiving_address":null,"distribution_uuid":null,
    "ready_for_distribution":true,"vesting_timestamp":null,"has_vested":true,"is_distributed":false,"creator":7}"#;
const UUID: &str = "125b413f-8a9a-421e-a648-a7dd06839eb9";

fn read(row: &str) -> Result<Assignment, String> {
    let mut rows = assignments(format!("[{row}]").as_bytes())?;
    Ok(rows.remove(0))
}

#[test]
fn only_a_ready_vested_and_free_assignment_goes_into_the_next_distribution() {
    assert!(read(READY).unwrap().is_ready());
    for (from, to) in [
        (r#""ready_for_distribution":true"#, r#""ready_for_distribution":false"#),
        (r#""ready_for_distribution":true"#, r#""ready_for_distribution":null"#),
        (r#""has_vested":true"#, r#""has_vested":false"#),
        (r#""vesting_timestamp":null,"has_vested":true"#, r#""vesting_timestamp":5,"has_vested":null"#),
        (r#""vesting_timestamp":null,"has_vested":true"#, r#""has_vested":null"#),
        (r#""is_distributed":false"#, r#""is_distributed":true"#),
        (r#""distribution_uuid":null"#, &format!("\"distribution_uuid\":\"{UUID}\"")),
    ] {
        assert!(!read(&READY.replace(from, to)).unwrap().is_ready(), "{to}");
    }
    let capitals = format!("\"distribution_uuid\":\"{}\"", UUID.to_uppercase());
    let open = read(&READY.replace(r#""distribution_uuid":null"#, &capitals)).unwrap();
    assert_eq!(open.open_in(), Uuid::parse(UUID).as_ref());
}

#[test]
fn null_is_none_and_so_is_the_empty_text_where_amp_writes_one() {
    let row = READY
        .replace(r#""receiving_address":null"#, r#""receiving_address":"""#)
        .replace(r#""distribution_uuid":null"#, r#""distribution_uuid":"""#)
        .replace(r#""has_vested":true"#, r#""has_vested":null"#);
    let row = read(&row).unwrap();
    assert!(row.is_ready() && row.receiving_address.is_none());
}

#[test]
fn a_field_that_is_read_must_be_there() {
    for field in [
        "id",
        "amount",
        "receiving_address",
        "distribution_uuid",
        "ready_for_distribution",
        "has_vested",
        "is_distributed",
    ] {
        let renamed = READY.replacen(&format!("\"{field}\""), "\"renamed\"", 1);
        assert!(read(&renamed).is_err(), "{field}");
    }
    assert!(lost_outputs(br#"{"lost_outputs":[],"reissuance_lost_outputs":[]}"#).is_ok());
    for nothing in [
        "{}",
        "[]",
        "[[],[]]",
        "null",
        "\"\"",
        r#"{"detail":"Not found."}"#,
        r#"{"lost_outputs":[]}"#,
        r#"{"lost_outputs":null,"reissuance_lost_outputs":[]}"#,
        r#"{"lost_outputs":{},"reissuance_lost_outputs":[]}"#,
        r#"{"lost_outputs":[],"reissuance_lost_outputs":[],"lost_outputs":[]}"#,
    ] {
        assert!(lost_outputs(nothing.as_bytes()).is_err(), "{nothing}");
    }
}

#[test]
fn whose_an_assignment_is_never_stands_in_its_way() {
    let of = |more: &str| {
        let found = read(&READY.replace(r#","creator":7"#, more)).unwrap();
        (found.user, found.gaid)
    };
    let text = |text: &str| Some(text.to_owned());
    assert_eq!(of(""), (None, None));
    assert_eq!(of(r#","registered_user":1936,"GAID":"GA2M8u2""#), (text("1936"), text("GA2M8u2")));
    assert_eq!(of(r#","registered_user":"alice","GAID":null"#), (text("alice"), None));
    assert_eq!(of(r#","registered_user":{"id":1},"GAID":"" "#), (None, None));
}

#[test]
fn an_amount_that_is_not_whole_is_not_read() {
    for amount in ["1.5", "-1", "\"5\"", "1e3", "5.0", "18446744073709551616", "null"] {
        let text = READY.replace(r#""amount":5"#, &format!("\"amount\":{amount}"));
        assert!(read(&text).is_err(), "{amount}");
    }
}

#[test]
fn what_stands_there_twice_is_not_read() {
    assert!(assignments(format!("[{READY},{READY}]").as_bytes()).is_err());
    let output = r#"{"vout":0,"amount":1,"asset_blinder":null,"amount_blinder":"","is_treasury":null}"#;
    let record = |outputs: &str| {
        let txid = "01".repeat(32);
        format!(r#"[{{"txid":"{txid}","is_issuance":true,"outputs":[{outputs}]}}]"#)
    };
    assert!(transactions(record(output).as_bytes()).is_ok());
    assert!(transactions(record(&format!("{output},{output}")).as_bytes()).is_err());
}

#[test]
fn a_blinder_of_zeros_is_one_that_amp_misses_and_a_wrong_one_is_not_quoted() {
    let read = |text| blinder::<AssetBlindingFactor>("asset_blinder", text);
    assert_eq!(read(Some(MISSING_BLINDER)), Ok(None));
    assert_eq!(read(None), Ok(None));
    let some = "01".repeat(32);
    assert!(read(Some(&some)).unwrap().is_some());
    assert!(!read(Some("5ecret")).unwrap_err().contains("5ecret"));
}
