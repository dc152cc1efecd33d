//! The log-in.

use coldamp_tests::RequestKind;
use serde_json::json;

use super::row::*;
use super::stage::Stage;

#[test]
fn a_login_is_a_token_and_nothing_else() {
    let stage = Stage::asked(RequestKind::Burn);
    let refused = Fails(12, "AMP_CREDENTIALS", "refuses the credentials");
    let done = Done("Compare this SHA-256");
    let no_token = Fails(12, "AMP_ANSWER", "it holds no token");
    let failed = Fails(11, "AMP_FAILED", "with status");
    let mut rows = bodies(&NO_OBJECT, &no_token);
    rows.extend([
        set("/token", json!(null), no_token.clone()),
        set("/token", json!(7), no_token.clone()),
        set("/token", json!(["a"]), no_token.clone()),
        set("/token", json!(""), Fails(12, "AMP_CREDENTIALS", "characters that no token has")),
        set("/token", json!("a b"), Fails(12, "AMP_CREDENTIALS", "characters that no token has")),
        set("/token", json!("a\r\nx: y"), Fails(12, "AMP_CREDENTIALS", "characters that no token has")),
        set("/token", json!("of somebody else"), Fails(12, "AMP_CREDENTIALS", "")),
        set("/token", json!("expired"), refused.clone()),
        set("/expires", json!(86_400), done.clone()),
        renamed("/token", no_token.clone()),
        replaced("the token stands there twice", "\"token\"", "\"token\":\"x\",\"token\"", no_token.clone()),
        body("[\"0123456789\"]", no_token),
        refuses(400, refused.clone()),
        refuses(401, refused.clone()),
        refuses(403, refused),
        refuses(404, Fails(12, "AMP_REFUSED", "status 404")),
        refuses(429, Fails(12, "AMP_REFUSED", "status 429")),
        dropped(false, Fails(11, "AMP_UNREACHABLE", "no answer from AMP")),
    ]);
    rows.extend([201, 204, 302, 307, 500, 502, 503].map(|code| status(code, failed.clone())));
    let check = format!("request check burn.json --network regtest {}", stage.issuer.amp());
    stage.run(&check, ("POST", "user/obtain_token"), &[], &rows, &|_| {});
}
