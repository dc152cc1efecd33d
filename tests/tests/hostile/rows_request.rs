//! Requests inside a PSET that AMP did not give out so: missing, replaced, or wrong by themselves
//! (docs/rules.md#request-form). Core's own tests say what a request may hold; here each code occurs in a PSET once.

use coldamp_core::code::Code;
use coldamp_core::pset::{UnsignedPset, request_key};
use coldamp_core::sign::review::Review;

use super::bench::Bench;
use super::job::{BURN, DISTRIBUTE, EACH, Honest, REISSUE};
use super::row::Expected::{Among, Only};
use super::row::{Row, refused, typed};

/// The first recipient of every distribution.
const ADDRESS: &str = "AzpjC7eBYvSm33G4veLDbXJKTe36BpdTPSaFGwv4vC1pFcqHMVekioxywWkHqM8NQUwdKN4He1ACM9uJ";

fn altered(code: Code, from: &'static str, to: &'static str) -> Row {
    typed(DISTRIBUTE, format!("{from} becomes {to}"), Only(code), move |bench| bench.request(from, to))
}

#[test]
fn a_request_of_another_shape_than_amps_is_refused_by_name() {
    let mut rows = vec![
        altered(
            Code::Address,
            ADDRESS,
            "VJLBCUaw6cLrtN1NMHJvGjCuxuxWKi4NFxVGrmRvkPiR8wnhxpNS7wFd9zDgHgxqmJn6QbVJbCpAE3Qu",
        ),
        altered(Code::Address, "Azpj", "Azpk"),
        altered(Code::Command, "\"distribute\"", "\"mint\""),
        altered(Code::Command, "\"distribute\"", "\"Distribute\""),
        altered(Code::JsonShape, "\"distribute\"", "\"burn\""),
        altered(Code::AmountSyntax, "190.92792622", "190.927926221"),
        altered(Code::AmountSyntax, "190.92792622", "-190.92792622"),
        altered(Code::AmountSyntax, "190.92792622", "0"),
        altered(Code::AmountSyntax, "190.92792622", "1e20"),
        altered(Code::AmountSyntax, "190.92792622", "\"190.92792622\""),
        altered(Code::JsonShape, "\"map_address_asset\": {", "\"map_address_asset\": {\"x\":\"y\","),
        altered(Code::JsonShape, "\"command\"", "\"command\":\"burn\",\"command\""),
        altered(Code::JsonShape, "{\n  \"command\"", "\u{feff}{\n  \"command\""),
        altered(Code::JsonShape, "{\n  \"command\"", "[]{\n  \"command\""),
        altered(Code::Parse, "{\n  \"command\"", "{{\n  \"command\""),
        altered(
            Code::Host,
            "https://amp-test.blockstream.com",
            "https://amp-test.blockstream.com.example.org",
        ),
        altered(Code::Host, "https://amp-test", "http://amp-test"),
        altered(Code::Host, "https://amp-test", "https://amp"),
        altered(Code::ClientVersion, "version\": 2", "version\": 3"),
        altered(Code::TextUnsafe, "\"command\"", "\"memo\": \"to\\u202e you\", \"command\""),
        altered(Code::TextUnsafe, "\"command\"", "\"memo\": \"to\u{202e} you\", \"command\""),
        altered(Code::TextUnsafe, "\"command\"", "\"me\\u200bmo\": 1, \"command\""),
        altered(Code::TextUnsafe, "\"command\"", "\"memo\": [{\"x\": \"\\u001b[2J\"}], \"command\""),
        altered(Code::TextUnsafe, "\"distribute\"", "\"distribute\\u2069\""),
        altered(Code::TextUnsafe, "Azpj", "\\u200eAzpj"),
    ];
    rows.push(typed(DISTRIBUTE, "the same amounts to nobody", Only(Code::Parse), |bench| set(bench, b"")));
    rows.push(typed(DISTRIBUTE, "bytes that are no text", Only(Code::Parse), |bench| {
        set(bench, &[0xff; 10])
    }));
    rows.push(typed(DISTRIBUTE, "more than any request", Only(Code::JsonShape), |bench| {
        set(bench, &vec![b' '; coldamp_core::limits::MAX_REQUEST_BYTES + 1]);
    }));
    rows.push(typed(REISSUE, "the asset is L-BTC", Only(Code::RequestAsset), |bench| {
        let (asset, policy) = (bench.honest.info.asset.clone(), bench.honest.info.policy_asset.clone());
        bench.request(&asset, &policy);
    }));
    rows.push(typed(BURN, "another amount is asked for", Only(Code::BurnAmount), |bench| {
        bench.request("1.775e-05", "1.776e-05");
    }));
    rows.push(typed(REISSUE, "another amount is asked for", Among(Code::IssuanceAmount), |bench| {
        bench.request("599.96572739", "599.96572738");
    }));
    refused(rows);
}

fn set(bench: &mut Bench, bytes: &[u8]) {
    bench.pset.global.proprietary.insert(request_key(), bytes.to_vec());
}

#[test]
fn without_a_request_a_pset_is_only_described() {
    refused(
        EACH.into_iter()
            .map(|job| {
                typed(job, "no request", Only(Code::RequestMissing), |bench| {
                    bench.pset.global.proprietary.remove(&request_key());
                })
            })
            .collect(),
    );
}

fn reviewed(honest: &Honest, pset: &UnsignedPset, given: &[u8]) -> Review {
    honest.treasury.review(pset, Some(given))
}

#[test]
fn the_request_given_is_the_one_inside_byte_for_byte() {
    for job in EACH {
        let honest = Honest::of(job);
        let pset = UnsignedPset::read(honest.text.as_bytes()).unwrap();
        let passed = reviewed(honest, &pset, &honest.request);
        assert_eq!(passed.checked().map(|checked| checked.content().hash()), Some(honest.content.hash()));

        let blank = [honest.request.as_slice(), b"\n"].concat();
        let refused = reviewed(honest, &pset, &blank);
        let codes: Vec<Code> = refused.mismatches.iter().map(|mismatch| mismatch.code).collect();
        assert_eq!(codes, [Code::RequestDiffers]);
        assert!(refused.checked().is_none());
    }
}

#[test]
fn a_request_given_beside_the_pset_counts_as_if_it_were_inside() {
    for job in EACH {
        let honest = Honest::of(job);
        let mut pset = UnsignedPset::read(honest.text.as_bytes()).unwrap();
        pset.request = None;
        let passed = reviewed(honest, &pset, &honest.request);
        assert_eq!(passed.checked().map(|checked| checked.content().hash()), Some(honest.content.hash()));
    }
}

/// The tests above that refuse rows, for `codes`.
pub(crate) const LISTS: &[fn()] =
    &[a_request_of_another_shape_than_amps_is_refused_by_name, without_a_request_a_pset_is_only_described];
