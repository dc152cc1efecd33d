//! What a person at the page is told to do, by code.

/// The hint of a code; empty where the message says it all.
pub(crate) fn of(code: &str) -> &'static str {
    match code {
        "INTERNAL" => {
            "report the line above; amounts and addresses in it may be left out; then load the page anew"
        }
        _ => "",
    }
}
