use super::*;
use crate::request::draft;
use coldamp_core::elements::{AssetId, Txid};
use coldamp_core::network::{Chain, Network};
use coldamp_core::units::AssetAmount;

/// Paths of the change branch.
fn change(indices: &[u32]) -> Vec<KeyPath> {
    indices.iter().map(|index| KeyPath { branch: Branch::Internal, index: *index }).collect()
}

/// With these indices used on the chain.
fn seen(indices: &[u32]) -> FreeIndices {
    let mut used = UsedIndices::default();
    change(indices).into_iter().for_each(|path| used.mark(path));
    FreeIndices::besides(used)
}

/// The first indices of change that a request would take.
fn takes(reservations: &Reservations, request: &Request, seen: &FreeIndices, count: usize) -> Vec<u32> {
    let mut free = reservations.free(request, seen);
    let mut take = || {
        let path = free.next(Branch::Internal);
        free.take(path);
        path.index
    };
    (0..count).map(|_| take()).collect()
}

fn coin(digit: u8) -> OutPoint {
    OutPoint::new(Txid::from_byte_array([digit; 32]), 1)
}

/// A burn of this many base units.
fn burn(amount: u64) -> Request {
    let network = Network::new(Chain::Regtest);
    let uuid = "025b413f-8a9a-421e-a648-a7dd06839eb9";
    let asset = AssetId::from_byte_array([7; 32]);
    let text = draft::burn(&network, uuid, asset, AssetAmount::from_base_units(amount), &[coin(1)]);
    Request::parse(&text, &network).unwrap()
}

#[test]
fn a_request_keeps_its_own_indices_and_the_next_takes_others() {
    let mut reservations = Reservations::default();
    let on_chain = seen(&[0, 1, 5]);
    assert_eq!(takes(&reservations, &burn(1), &on_chain, 4), [6, 7, 8, 9]);
    reservations.reserve(&burn(1), change(&[6, 7]), []);
    assert_eq!(takes(&reservations, &burn(1), &on_chain, 4), [6, 7, 8, 9]);
    assert_eq!(takes(&reservations, &burn(2), &on_chain, 3), [8, 9, 10]);
    reservations.reserve(&burn(2), change(&[8, 9]), []);
    assert_eq!(takes(&reservations, &burn(3), &on_chain, 2), [10, 11]);
    assert_eq!(takes(&reservations, &burn(3), &seen(&[0, 1, 5, 10]), 2), [11, 12], "used indices count too");
    // Its own, also if somebody has paid there meanwhile.
    assert_eq!(takes(&reservations, &burn(2), &seen(&[0, 1, 5, 8]), 3), [8, 9, 10]);
}

#[test]
fn an_address_far_out_that_a_request_pays_reserves_no_others() {
    let mut reservations = Reservations::default();
    reservations.reserve(&burn(1), change(&[0, 19_999]), []);
    assert_eq!(takes(&reservations, &burn(2), &seen(&[]), 2), [1, 2]);
    assert_eq!(reservations.next_unreserved(), UnusedIndices::from_first(0, 1));
}

#[test]
fn a_request_keeps_its_own_coins_and_no_other_gets_them() {
    let mut reservations = Reservations::default();
    reservations.reserve(&burn(1), change(&[0]), [coin(1), coin(2)]);
    reservations.reserve(&burn(2), change(&[1]), [coin(3)]);
    assert_eq!(reservations.coins_of(&burn(1)), BTreeSet::from([coin(1), coin(2)]));
    assert_eq!(reservations.coins_of_others(&burn(1)), BTreeSet::from([coin(3)]));
    assert_eq!(reservations.coins_of_others(&burn(3)), BTreeSet::from([coin(1), coin(2), coin(3)]));
    reservations.reserve(&burn(1), change(&[0]), [coin(4)]);
    assert_eq!(reservations.coins_of(&burn(1)).len(), 3, "an earlier PSET of it may still be signed");
}

#[test]
fn a_request_with_an_unspent_coin_is_open_until_it_is_released() {
    let mut reservations = Reservations::default();
    reservations.reserve(&burn(1), change(&[0]), [coin(1), coin(2)]);
    reservations.reserve(&burn(2), change(&[1]), [coin(3)]);
    let open = reservations.open(&BTreeSet::from([coin(2)]));
    assert_eq!(open.len(), 1);
    assert_eq!(open[0].coins, BTreeSet::from([coin(2)]));
    assert!(open[0].what.starts_with("burn 1 base unit of"), "{}", open[0].what);
    assert!(
        reservations.release(&open[0].request)
            && !reservations.release(&open[0].request)
            && !reservations.release("x")
    );
    assert_eq!(reservations.open(&BTreeSet::from([coin(2)])), []);
    assert_eq!(takes(&reservations, &burn(3), &seen(&[]), 1), [2], "indices stay reserved");
}

#[test]
fn reservations_read_back_and_another_form_is_refused() {
    let mut reservations = Reservations::default();
    reservations.reserve(&burn(1), change(&[4, 5]), [coin(1)]);
    assert_eq!(Reservations::parse(reservations.to_json().unwrap().as_bytes()), Ok(reservations.clone()));
    let newer = reservations.to_json().unwrap().replace("\"version\": 3", "\"version\": 4");
    assert_eq!(Reservations::parse(newer.as_bytes()), Err(ReservationsError::Version { found: 4 }));
    for text in ["", "{}", "[]", r#"{"version":3,"promises":{},"more":1}"#] {
        assert!(
            matches!(Reservations::parse(text.as_bytes()), Err(ReservationsError::Unreadable { .. })),
            "{text}"
        );
    }
}

#[test]
fn a_coin_that_cannot_be_read_is_refused() {
    let mut reservations = Reservations::default();
    reservations.reserve(&burn(1), change(&[4]), [coin(1)]);
    let whole = reservations.to_json().unwrap();
    let name = format!("{}:1", coin(1).txid);
    assert!(whole.contains(&name), "{whole}");
    for damaged in [
        "",
        "x",
        name.get(1..).unwrap(),
        &name.replacen('0', "g", 1),
        &format!("{name}x"),
        &name.replace(':', ";"),
    ] {
        let text = whole.replace(&name, damaged);
        let error = Reservations::parse(text.as_bytes()).unwrap_err();
        assert!(error.to_string().contains("expected a coin as TXID:VOUT"), "{damaged}: {error}");
        assert_eq!(error.code().as_str(), "RECORD");
    }
}
