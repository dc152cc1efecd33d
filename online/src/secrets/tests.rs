use super::*;

/// With every character that some encoding changes.
const PASSWORD: &str = "p\"a\\s/s&w<o>r'd +%é€";
const TOKEN: &str = "0123456789abcdef0123456789abcdef01234567";
const NAME: &str = "me@example.org";

fn secrets() -> Secrets {
    let mut secrets = Secrets::default();
    secrets.add(PASSWORD);
    secrets.add(TOKEN);
    secrets.add_name(NAME);
    secrets
}

fn percent(text: &str, kept: &str) -> String {
    let byte = |byte: u8| match kept.bytes().any(|own| own == byte) {
        true => char::from(byte).to_string(),
        false => format!("%{byte:02X}"),
    };
    text.bytes().map(byte).collect()
}

fn each(text: &str, write: impl Fn(char) -> String) -> String {
    text.chars().map(write).collect()
}

fn json(text: &str) -> String {
    serde_json::to_string(text).unwrap().trim_matches('"').to_owned()
}

fn entities(text: &str) -> String {
    each(text, |character| match character {
        '&' => "&amp;".to_owned(),
        '<' => "&lt;".to_owned(),
        '>' => "&gt;".to_owned(),
        '"' => "&quot;".to_owned(),
        '\'' => "&#x27;".to_owned(),
        '@' => "&commat;".to_owned(),
        '+' => "&plus;".to_owned(),
        other => other.to_string(),
    })
}

fn utf16(text: &str) -> String {
    each(text, |character| {
        let mut units = [0; 2];
        character.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}")).collect()
    })
}

fn base64(text: &str) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(text)
}

fn hex(text: &str) -> String {
    text.bytes().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn credentials_are_left_out_in_every_encoding() {
    const PLAIN: &str = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.~";
    for secret in [PASSWORD, TOKEN, NAME] {
        for (name, written) in
            [
                ("as it is", secret.to_owned()),
                ("in capitals", secret.to_ascii_uppercase()),
                ("JSON", json(secret)),
                ("JSON within JSON", json(&json(secret))),
                ("JSON with escaped slashes", json(secret).replace('/', "\\/")),
                ("UTF-16 escapes", utf16(secret)),
                ("Rust, as serde quotes", format!("{secret:?}").trim_matches('"').to_owned()),
                ("Rust escapes", secret.escape_default().to_string()),
                (
                    "hexadecimal escapes",
                    each(secret, |c| {
                        if c.is_ascii() { format!("\\x{:02x}", u32::from(c)) } else { c.to_string() }
                    }),
                ),
                ("Python", secret.replace('\\', "\\\\").replace('\'', "\\'")),
                ("percent-encoded", percent(secret, PLAIN)),
                ("percent-encoded in small letters", percent(secret, PLAIN).to_ascii_lowercase()),
                ("percent-encoded wholly", percent(secret, "")),
                ("percent-encoded twice", percent(&percent(secret, PLAIN), PLAIN)),
                ("form-encoded", percent(secret, &format!("{PLAIN} ")).replace(' ', "+")),
                ("encodeURI", percent(secret, &format!("{PLAIN}'+&/"))),
                ("HTML", entities(secret)),
                ("HTML numbers", each(secret, |c| format!("&#{};", u32::from(c)))),
                ("HTML hexadecimal numbers", each(secret, |c| format!("&#X{:x};", u32::from(c)))),
                ("HTML within JSON", json(&entities(secret))),
                ("JSON within HTML", entities(&json(secret))),
                ("percent within HTML within JSON", json(&entities(&percent(secret, PLAIN)))),
                ("base64", base64(secret)),
                ("base64, one byte in", base64(&format!(":{secret}"))),
                ("base64, two bytes in", base64(&format!(": {secret}"))),
                ("base64 behind other letters", format!("abc{}", base64(secret))),
                (
                    "base64 for addresses",
                    base64(secret).replace('+', "-").replace('/', "_").trim_end_matches('=').to_owned(),
                ),
                ("base64, percent-encoded", percent(&base64(secret), PLAIN)),
                ("hexadecimal", hex(secret)),
                ("hexadecimal in capitals", hex(secret).to_ascii_uppercase()),
            ]
        {
            let text = format!("it said: '{written}' and went on");
            assert_eq!(
                secrets().left_out_of(&text),
                format!("it said: '{LEFT_OUT}' and went on"),
                "{name}: {text}"
            );
        }
    }
}

#[test]
fn headers_are_left_out_too() {
    let basic = format!("Authorization: Basic {}", base64(&format!("{NAME}:{PASSWORD}")));
    assert_eq!(secrets().left_out_of(&basic), format!("Authorization: Basic {LEFT_OUT}"));
    for scheme in ["token", "Token", "Bearer"] {
        let header = format!("{{\"authorization\": \"{scheme} {TOKEN}\"}}");
        assert_eq!(secrets().left_out_of(&header), format!("{{\"authorization\": \"{scheme} {LEFT_OUT}\"}}"));
    }
}

#[test]
fn other_words_stay_as_they_are() {
    let mut secrets = Secrets::default();
    secrets.add_name("me");
    secrets.add("");
    for text in [
        "",
        "{\"detail\": \"some message\"}",
        "100 % & more \\ than &amp; %zz \\u12 &#xffffffff; &nothing; \\ud800",
        "b4f7070f1f068b11b985188f30898b6fba19ecc005d2e29cfc94055373e9d8cf",
    ] {
        assert_eq!(secrets.left_out_of(text), text);
    }
    assert_eq!(secrets.left_out_of("user \"me\" of some"), format!("user \"{LEFT_OUT}\" of some"));
}

#[test]
fn of_an_answer_that_holds_credentials_nothing_is_quoted() {
    let answer = format!("{{\"asset\":\"{}\"}}", utf16(TOKEN));
    let cut: String = format!("found \"{answer}").chars().take(100).collect();
    let reason = format!("asset: {cut}…\", expected an id");
    let shown = secrets().left_out_of_reason(&reason, answer.as_bytes());
    assert_eq!(shown, format!("asset: found {LEFT_OUT}, expected an id"));
    assert_eq!(secrets().left_out_of_reason("found \"x\"", b"{}"), "found \"x\"");
    assert_eq!(secrets().left_out_of_reason(&format!("found {TOKEN}"), b""), format!("found {LEFT_OUT}"));
    let long = " ".repeat(MAX_TEXT + 1);
    assert_eq!(secrets().left_out_of_reason("a \"x\" b", long.as_bytes()), "a (too long to quote) b");
}

#[test]
fn a_secret_is_found_in_a_text_of_any_length_and_a_name_is_none() {
    for before in [0, 10, MAX_TEXT - 20, MAX_TEXT, 2 * MAX_TEXT + 7] {
        for written in [TOKEN.to_owned(), utf16(TOKEN), hex(PASSWORD), base64(TOKEN), json(PASSWORD)] {
            let text = format!("{} {written} {}", ".".repeat(before), ".".repeat(100));
            assert!(secrets().are_in(text.as_bytes()), "{written} behind {before}");
        }
    }
    let text = format!("{} {NAME} {}", ".".repeat(MAX_TEXT), TOKEN.get(1..).unwrap());
    assert!(!secrets().are_in(text.as_bytes()));
    assert!(
        secrets().are_in(&[b"\xff\xfe", TOKEN.as_bytes(), b"\x00"].concat()),
        "in bytes that are no text"
    );
    assert!(!Secrets::default().are_in(TOKEN.as_bytes()) && !secrets().are_in(b""));
}

#[test]
fn a_text_that_is_too_long_to_look_through_is_not_shown() {
    let long = format!("{}{TOKEN}", "x".repeat(MAX_TEXT));
    assert!(!secrets().left_out_of(&long).contains(TOKEN));
    assert!(secrets().left_out_of(&long).len() < 100);
}
