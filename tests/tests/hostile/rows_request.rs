//! Requests inside a PSET that AMP did not give out so: missing, replaced, or wrong by themselves (rows 64, 65 and 67
//! to 72). What a request may say is core's own test; here each code comes through a PSET once.

use coldamp_core::pset::{UnsignedPset, request_key};
use coldamp_core::sign::review::{Code, Review};

use super::bench::Bench;
use super::job::{BURN, DISTRIBUTE, EACH, Honest, REISSUE};
use super::row::Expected::{Among, Only};
use super::row::{Row, refused, typed};

/// The first recipient of every distribution.
const ADDRESS: &str = "AzpjC7eBYvSm33G4veLDbXJKTe36BpdTPSaFGwv4vC1pFcqHMVekioxywWkHqM8NQUwdKN4He1ACM9uJ";

fn altered(number: u8, code: Code, from: &'static str, to: &'static str) -> Row {
    typed(number, DISTRIBUTE, format!("{from} becomes {to}"), Only(code), move |bench| {
        bench.request(from, to)
    })
}

#[test]
fn a_request_of_another_shape_than_amps_is_refused_by_name() {
    let mut rows = vec![
        altered(
            64,
            Code::Address,
            ADDRESS,
            "VJLBCUaw6cLrtN1NMHJvGjCuxuxWKi4NFxVGrmRvkPiR8wnhxpNS7wFd9zDgHgxqmJn6QbVJbCpAE3Qu",
        ),
        altered(64, Code::Address, "Azpj", "Azpk"),
        altered(65, Code::Command, "\"distribute\"", "\"mint\""),
        altered(65, Code::Command, "\"distribute\"", "\"Distribute\""),
        altered(65, Code::JsonShape, "\"distribute\"", "\"burn\""),
        altered(67, Code::AmountSyntax, "190.92792622", "190.927926221"),
        altered(67, Code::AmountSyntax, "190.92792622", "-190.92792622"),
        altered(67, Code::AmountSyntax, "190.92792622", "0"),
        altered(67, Code::AmountSyntax, "190.92792622", "1e20"),
        altered(67, Code::AmountSyntax, "190.92792622", "\"190.92792622\""),
        altered(68, Code::JsonShape, "\"map_address_asset\": {", "\"map_address_asset\": {\"x\":\"y\","),
        altered(69, Code::JsonShape, "\"command\"", "\"command\":\"burn\",\"command\""),
        altered(69, Code::JsonShape, "{\n  \"command\"", "\u{feff}{\n  \"command\""),
        altered(69, Code::JsonShape, "{\n  \"command\"", "[]{\n  \"command\""),
        altered(69, Code::Parse, "{\n  \"command\"", "{{\n  \"command\""),
        altered(
            70,
            Code::Host,
            "https://amp-test.blockstream.com",
            "https://amp-test.blockstream.com.example.org",
        ),
        altered(70, Code::Host, "https://amp-test", "http://amp-test"),
        altered(70, Code::Host, "https://amp-test", "https://amp"),
        altered(71, Code::ClientVersion, "version\": 2", "version\": 3"),
        altered(72, Code::TextUnsafe, "\"command\"", "\"memo\": \"to\\u202e you\", \"command\""),
        altered(72, Code::TextUnsafe, "\"command\"", "\"memo\": \"to\u{202e} you\", \"command\""),
        altered(72, Code::TextUnsafe, "\"command\"", "\"me\\u200bmo\": 1, \"command\""),
        altered(72, Code::TextUnsafe, "\"command\"", "\"memo\": [{\"x\": \"\\u001b[2J\"}], \"command\""),
        altered(72, Code::TextUnsafe, "\"distribute\"", "\"distribute\\u2069\""),
        altered(72, Code::TextUnsafe, "Azpj", "\\u200eAzpj"),
    ];
    rows.push(typed(64, DISTRIBUTE, "the same amounts to nobody", Only(Code::Parse), |bench| {
        set(bench, b"")
    }));
    rows.push(typed(69, DISTRIBUTE, "bytes that are no text", Only(Code::Parse), |bench| {
        set(bench, &[0xff; 10])
    }));
    rows.push(typed(69, DISTRIBUTE, "more than any request", Only(Code::JsonShape), |bench| {
        set(bench, &vec![b' '; coldamp_core::limits::MAX_REQUEST_BYTES + 1]);
    }));
    rows.push(typed(65, REISSUE, "the asset is L-BTC", Only(Code::RequestAsset), |bench| {
        let (asset, policy) = (bench.honest.info.asset.clone(), bench.honest.info.policy_asset.clone());
        bench.request(&asset, &policy);
    }));
    rows.push(typed(25, BURN, "another amount is asked for", Only(Code::BurnAmount), |bench| {
        bench.request("1.775e-05", "1.776e-05");
    }));
    rows.push(typed(10, REISSUE, "another amount is asked for", Among(Code::IssuanceAmount), |bench| {
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
                typed(0, job, "no request", Only(Code::RequestMissing), |bench| {
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
        let passed = reviewed(honest, &pset, &honest.request).checked;
        assert_eq!(passed.map(|checked| checked.content().hash()), Some(honest.content.hash()));

        let blank = [honest.request.as_slice(), b"\n"].concat();
        let refused = reviewed(honest, &pset, &blank);
        let codes: Vec<Code> = refused.mismatches.iter().map(|mismatch| mismatch.code).collect();
        assert_eq!(codes, [Code::RequestDiffers]);
        assert!(refused.checked.is_none());
    }
}

#[test]
fn a_request_given_beside_the_pset_counts_as_if_it_were_inside() {
    for job in EACH {
        let honest = Honest::of(job);
        let mut pset = UnsignedPset::read(honest.text.as_bytes()).unwrap();
        pset.request = None;
        let passed = reviewed(honest, &pset, &honest.request).checked;
        assert_eq!(passed.map(|checked| checked.content().hash()), Some(honest.content.hash()));
    }
}
