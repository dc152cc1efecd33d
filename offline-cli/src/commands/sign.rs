//! `coldamp sign`: the same review once more, on bytes read once, then blinding, signatures and the report.

use coldamp_core::sign::{SignError, sign};

use super::review::{refuse, reviewed, text};
use crate::args::SignArguments;
use crate::entropy::blinded_secp;
use crate::error::{Exit, Failure};
use crate::{output, screen};

/// Signs, and writes the one file that goes back.
///
/// # Errors
/// When a rule fails, the approval code is another PSET's, or the file cannot be written. Then nothing is left behind.
pub(super) fn run(arguments: &SignArguments) -> Result<(), Failure> {
    output::check_free(&arguments.output)?;
    let secp = blinded_secp()?;
    let (keystore, review) = reviewed(&secp, &arguments.pset)?;
    screen::say(&text::report(keystore.network(), &review));
    refuse(&review.mismatches)?;
    let Some(checked) = review.checked else {
        return Err(Failure::internal("a review without mismatch and without a PSET to sign"));
    };
    let Some(code) = &arguments.approve else {
        return Err(Failure::new(
            Exit::Declined,
            "nobody approved this: no approval code was given",
            "compare the lines above with what you want, then give the approval code with --approve",
        ));
    };
    let approved = checked.approve(code).map_err(|error| {
        let message = format!("APPROVAL_CODE: {error}");
        Failure::new(
            Exit::Refused,
            message,
            "review this very PSET with this keystore, and compare the codes",
        )
    })?;
    let key = keystore.signing_key().map_err(Failure::internal)?;
    let signed = sign(&secp, approved, &key).map_err(unsigned)?;
    drop(key);
    output::create_file(&arguments.output, signed.to_json().map_err(Failure::internal)?.as_bytes())?;
    screen::say(&format!("signed       transaction {}", signed.txid()));
    screen::say(&format!("written      {}", crate::screen::shown(&arguments.output)));
    screen::say(
        "the file holds every blinder: whoever reads it sees the amounts, whoever has it can send it",
    );
    Ok(())
}

/// What is left when the review found nothing: a fault of this machine, or a rule that the review lacks.
fn unsigned(error: SignError) -> Failure {
    let hint = match &error {
        SignError::Key { .. } => {
            return Failure::new(
                Exit::Keystore,
                format!("KEY_MISMATCH: {error}"),
                "restore the keystore from the words of this treasury",
            );
        }
        SignError::Extract(_) | SignError::Report(_) => {
            "nothing left this machine; try again: if it goes, do not trust this hardware; if it repeats, prepare the PSET anew"
        }
        SignError::Input { .. } | SignError::Blind(_) | SignError::Digest { .. } => {
            "nothing left this machine; report the line above; it holds no secret"
        }
    };
    Failure::new(Exit::Internal, error.to_string(), hint)
}
