//! A row of the table: what AMP answers, and what comes of it.

use coldamp_sandbox::faults::{Edit, Fault};
use serde_json::Value;

/// See the module.
pub(super) struct Row {
    pub(super) name: String,
    pub(super) fault: Fault,
    pub(super) expected: Expected,
    /// How many requests pass unchanged before this happens to all that follow.
    pub(super) skip: u32,
}

/// How the command ends.
#[derive(Debug, Clone)]
pub(super) enum Expected {
    /// With 0, and these words.
    Done(&'static str),
    /// With an exit code, the name of a rule, and these words.
    Fails(i32, &'static str, &'static str),
}

pub(super) use Expected::{Done, Fails};

/// No answer of AMP's.
pub(super) const NO_ANSWER: Expected = Fails(12, "AMP_ANSWER", "is not what it should be");

/// AMP's record does not tell, and only the log says that the report was accepted.
pub(super) const BY_LOG_ALONE: Expected = Done("Only the log says that it was accepted");

/// A page of maintenance.
const PAGE: &str = "<!doctype html><title>Maintenance</title><h1>502 Bad Gateway</h1>";

/// A row of its own kind.
pub(super) fn row(name: impl Into<String>, fault: Fault, expected: Expected) -> Row {
    Row { name: name.into(), fault, expected, skip: 0 }
}

fn edited(name: impl Into<String>, edits: Vec<Edit>, expected: Expected) -> Row {
    row(name, Fault::Altered { status: None, edits }, expected)
}

/// The same rows, where the first answer comes unchanged and the change begins at the second: what a command reads twice
/// may be another the second time.
pub(super) fn from_the_second(rows: Vec<Row>) -> Vec<Row> {
    let later = |row: Row| Row { name: format!("the second time, {}", row.name), skip: 1, ..row };
    rows.into_iter().map(later).collect()
}

/// A value of the answer is another one, or a new one.
pub(super) fn set(at: &str, value: Value, expected: Expected) -> Row {
    let edit = Edit::Set { at: at.to_owned(), value: value.clone() };
    edited(format!("{at} is {value}"), vec![edit], expected)
}

/// A value is not there.
pub(super) fn without(at: &str, expected: Expected) -> Row {
    edited(format!("{at} is not there"), vec![Edit::Remove { at: at.to_owned() }], expected)
}

/// A field has another name.
pub(super) fn renamed(at: &str, expected: Expected) -> Row {
    let edit = Edit::Rename { at: at.to_owned(), to: "renamed".to_owned() };
    edited(format!("{at} has another name"), vec![edit], expected)
}

/// Several values are other ones.
pub(super) fn set_all(name: &str, values: &[(&str, Value)], expected: Expected) -> Row {
    let edit = |(at, value): &(&str, Value)| Edit::Set { at: (*at).to_owned(), value: value.clone() };
    edited(name, values.iter().map(edit).collect(), expected)
}

/// A text of the answer is another one.
pub(super) fn replaced(name: &str, from: &str, to: &str, expected: Expected) -> Row {
    edited(name, vec![Edit::Replace { from: from.to_owned(), to: to.to_owned() }], expected)
}

/// AMP acts, and this comes back with status 200.
pub(super) fn body(text: &str, expected: Expected) -> Row {
    edited(format!("the answer is {text:?}"), vec![Edit::Body { text: text.to_owned() }], expected)
}

/// Something else answers with status 200, and AMP hears nothing.
pub(super) fn unheard(text: &str, expected: Expected) -> Row {
    row(
        format!("in AMP's place comes {text:?}"),
        Fault::Answers { status: 200, body: text.to_owned() },
        expected,
    )
}

/// AMP acts, and a status comes back.
pub(super) fn status(status: u16, expected: Expected) -> Row {
    let edits = vec![Edit::Body { text: PAGE.to_owned() }];
    row(format!("acts, then status {status}"), Fault::Altered { status: Some(status), edits }, expected)
}

/// AMP refuses with a status, and does nothing.
pub(super) fn refuses(status: u16, expected: Expected) -> Row {
    let body = r#"{"detail": "No."}"#.to_owned();
    row(format!("refuses with status {status}"), Fault::Answers { status, body }, expected)
}

/// The connection breaks.
pub(super) fn dropped(acts: bool, expected: Expected) -> Row {
    let fault = if acts { Fault::DropAfter } else { Fault::DropBefore };
    row(format!("the connection breaks, acts: {acts}"), fault, expected)
}

/// What is no object, with status 200.
pub(super) const NO_OBJECT: [&str; 12] = [
    "",
    "null",
    "true",
    "0",
    "\"\"",
    "[]",
    "[[],[]]",
    "[{}]",
    "{}",
    r#"{"detail": "Not found."}"#,
    PAGE,
    "{\"detail\": ",
];

/// What is no list of objects, with status 200.
pub(super) const NO_LIST: [&str; 12] = [
    "",
    "null",
    "true",
    "0",
    "\"\"",
    "{}",
    "[{}]",
    "[[]]",
    "[null]",
    r#"{"detail": "Not found."}"#,
    r#"{"results": []}"#,
    PAGE,
];

/// Answers of success of another shape: all come to the same.
pub(super) fn bodies(texts: &[&str], expected: &Expected) -> Vec<Row> {
    let mut rows: Vec<Row> = texts.iter().map(|text| body(text, expected.clone())).collect();
    rows.push(edited("the answer breaks off", vec![Edit::Halve], expected.clone()));
    rows
}

/// Statuses that say the same of every endpoint that only reads.
pub(super) fn statuses_of_a_read() -> Vec<Row> {
    let failed = Fails(11, "AMP_FAILED", "with status");
    let mut rows: Vec<Row> =
        [201, 204, 302, 307, 408, 499, 500, 502, 503].map(|code| status(code, failed.clone())).into();
    rows.extend([
        refuses(400, Fails(12, "AMP_REFUSED", "with status 400: {\"detail\": \"No.\"}")),
        refuses(401, Fails(12, "AMP_CREDENTIALS", "refuses the credentials")),
        refuses(429, Fails(12, "AMP_REFUSED", "with status 429")),
        dropped(false, Fails(11, "AMP_UNREACHABLE", "no answer from AMP")),
    ]);
    rows
}

/// Those that say that there is nothing to read, or not for this login.
pub(super) fn nothing_to_read(expected: &Expected) -> Vec<Row> {
    [403, 404, 405].map(|code| refuses(code, expected.clone())).into()
}

/// What a report may be answered, by AMP that has taken it and by something that has not, and what comes of it. `empty` is
/// what becomes of an empty answer of AMP's.
pub(super) fn answers_to_a_report(empty: Expected) -> Vec<Row> {
    // AMP took it and its answer is no yes: its record has it.
    let recorded = Done("AMP has the report of");
    let unclear = Fails(10, "UNCLEAR", "AMP did not say whether it took the report");
    let mut rows = vec![body("", empty)];
    for text in NO_OBJECT.into_iter().filter(|text| !text.is_empty()) {
        rows.extend([body(text, recorded.clone()), unheard(text, unclear.clone())]);
    }
    rows.push(body("\"OK\"", recorded.clone()));
    rows.push(unheard("{\"status\": \"ok\"}", unclear.clone()));
    for code in [201, 202, 204, 302, 307, 308, 408, 499, 500, 502, 503, 504] {
        rows.push(status(code, recorded.clone()));
        let fault = Fault::Answers { status: code, body: PAGE.to_owned() };
        rows.push(row(format!("does not act, and status {code}"), fault, unclear.clone()));
    }
    for code in [400, 403, 404, 405, 409, 413, 429] {
        let refused = Fails(12, "AMP_REFUSED", "refuses assets/");
        rows.push(refuses(code, refused));
    }
    rows.push(refuses(401, Fails(12, "AMP_CREDENTIALS", "refuses the credentials")));
    rows.extend([dropped(true, recorded), dropped(false, unclear)]);
    rows
}

/// Whether a row's answer comes without AMP having heard the report.
pub(super) fn is_unheard(row: &Row) -> bool {
    matches!(row.fault, Fault::Answers { .. } | Fault::DropBefore)
}
