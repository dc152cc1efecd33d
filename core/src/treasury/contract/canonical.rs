//! The form in which issuers hash a contract: keys sorted at every level, nothing between the tokens.
//!
//! AMP and the asset registry hash what Python writes with `json.dumps(contract, sort_keys=True, separators=(',', ':'))`;
//! for ASCII text this writes the same bytes. Numbers keep the text they have in the file. For the preparer, and for what
//! is offered in place of a file that is refused; nothing is proven by it.

use super::ContractError;
use crate::json::{Tree, escaped};

/// The canonical form of a contract's file, however that is laid out.
///
/// # Errors
/// When the file is no UTF-8 or no JSON, has a key twice, or holds text outside ASCII.
pub fn canonical(file: &[u8]) -> Result<String, ContractError> {
    let text = std::str::from_utf8(file)
        .map_err(|error| ContractError::Unprintable { position: error.valid_up_to() })?;
    let tree = Tree::read(text).map_err(|error| ContractError::Unreadable { reason: error.to_string() })?;
    of_tree(&tree)
}

/// The canonical form of a contract that was read.
///
/// # Errors
/// When it holds text outside ASCII.
pub(super) fn of_tree(tree: &Tree<'_>) -> Result<String, ContractError> {
    let mut out = String::new();
    write(tree, &mut out)?;
    Ok(out)
}

fn write(tree: &Tree<'_>, out: &mut String) -> Result<(), ContractError> {
    match tree {
        Tree::Object(members) => {
            let mut sorted: Vec<&(String, Tree<'_>)> = members.iter().collect();
            sorted.sort_by_key(|(key, _)| key);
            out.push('{');
            for (position, (key, value)) in sorted.into_iter().enumerate() {
                separate(position, out);
                string(key, out)?;
                out.push(':');
                write(value, out)?;
            }
            out.push('}');
        }
        Tree::Array(items) => {
            out.push('[');
            for (position, item) in items.iter().enumerate() {
                separate(position, out);
                write(item, out)?;
            }
            out.push(']');
        }
        Tree::String(text) => string(text, out)?,
        Tree::Plain(text) => out.push_str(text),
    }
    Ok(())
}

fn separate(position: usize, out: &mut String) {
    if position > 0 {
        out.push(',');
    }
}

/// As Python's `json.encoder` escapes ASCII.
fn string(text: &str, out: &mut String) -> Result<(), ContractError> {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            ' '..='~' => out.push(character),
            '\0'..='\u{7f}' => out.push_str(&format!("\\u{:04x}", u32::from(character))),
            // Issuers' tools differ here: some hash the letters, some their escapes.
            _ => {
                let reason = format!("\"{}\" holds text outside ASCII", escaped(text));
                return Err(ContractError::Unreadable { reason });
            }
        }
    }
    out.push('"');
    Ok(())
}
