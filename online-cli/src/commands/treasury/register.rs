//! `coldamp-online treasury register`: registers the treasury's receiving addresses at AMP.

use coldamp_cli::ask::ask_line;
use coldamp_cli::{Exit, Failure, screen};
use coldamp_core::amp::request::ApiRoot;
use coldamp_core::listed::{beginning, listed};
use coldamp_online::treasury::addresses::{ReceivingAddress, Whose, in_groups};
use coldamp_online::treasury::register::Registration;

use super::address::next_index;
use crate::args::RegisterArguments;
use crate::source::http;
use crate::state::TreasuryState;
use crate::{curve, load, refusal, runtime};

/// Characters of an address that AMP lists and that is none.
const MAX_SHOWN_ADDRESS: usize = 120;

/// What is typed.
const WORD: &str = "REGISTER";

/// Warns of each address that AMP lists as the treasury's and that is not.
pub(super) fn warn_of_strange(registration: &Registration) {
    for strange in registration.strange() {
        screen::warn(&match &strange.whose {
            Whose::OtherKey { path } => format!(
                "other-blinding-key: AMP lists {}, which pays the treasury's address {path} with another blinding key. Nobody can open what is paid there. Have it removed at AMP",
                strange.text
            ),
            _ => format!(
                "foreign-address: AMP lists {:?} as the treasury's. It is no address of this treasury. Find out whose it is",
                beginning(&strange.text, MAX_SHOWN_ADDRESS)
            ),
        });
    }
}

/// Registers addresses.
///
/// # Errors
/// When the chain source or AMP cannot be asked, nobody confirms, AMP refuses, or its list does not show what it was told.
pub(super) fn run(arguments: &RegisterArguments) -> Result<(), Failure> {
    let (network, descriptor) = load::treasury(&arguments.treasury)?;
    let uuid = arguments.asset.uuid()?;
    let secp = curve::secp(&arguments.threads);
    let first = match arguments.first {
        Some(first) => first,
        None => {
            let state = TreasuryState::open(arguments.state.folder(), &descriptor)?;
            next_index(&secp, &network, &descriptor, &state, (&arguments.source, &arguments.scan))?
        }
    };
    let wanted = ReceivingAddress::from_index(&secp, &descriptor, &network, first, arguments.count)
        .map_err(|error| refusal::of(error.code(), error.to_string()))?;
    runtime::wait_for(async {
        let root = load::amp_root(&arguments.amp, &ApiRoot::built_in(network.chain()))?;
        let amp = load::amp(http()?, root, &arguments.amp).await?;
        let asset = amp.asset(&uuid).await.map_err(|error| refusal::amp(&error))?;
        arguments.asset.chosen()?.agrees(asset)?;
        let refused = |error| refusal::register(&error);
        let registration =
            Registration::read(&secp, &descriptor, &network, &amp, &uuid, wanted).await.map_err(refused)?;
        warn_of_strange(&registration);
        let total = registration.wanted.len();
        if registration.missing.is_empty() {
            screen::say(&format!("AMP lists all {total} addresses from index {first} on. Nothing was sent."));
            warn_of_open(&registration);
            return Ok(());
        }
        for one in &registration.missing {
            screen::say(&format!("index {:<8} {}", one.path.index, one.address));
        }
        screen::say(&match registration.missing.len() {
            missing if missing == total => format!("None of these {total} is registered at AMP."),
            missing => {
                format!("AMP does not list these {missing} of the {total} addresses from index {first} on.")
            }
        });
        // At the question: the list may have scrolled off the screen.
        if let Some(one) = registration.missing.first() {
            let index = one.path.index;
            screen::say(&format!(
                "The first of them, to compare with `coldamp key address --index {index}`:"
            ));
            for groups in in_groups(&one.address.to_string()) {
                screen::say(&format!("  {groups}"));
            }
        }
        confirmed(arguments)?;
        let told = registration.missing.len();
        let registration =
            registration.add(&secp, &descriptor, &network, &amp, &uuid).await.map_err(refused)?;
        screen::say(&format!("AMP now lists these {told} addresses as the treasury's"));
        warn_of_open(&registration);
        Ok(())
    })
}

/// Warns of addresses that AMP lists without their blinding key.
fn warn_of_open(registration: &Registration) {
    let open = registration.unconfidential();
    if !open.is_empty() {
        screen::warn(&format!(
            "AMP lists {} of these addresses in their unconfidential form alone ({}): what holders pay to that form is public. Give holders the confidential address, `coldamp-online treasury address --index N`, and ask AMP why it does not take it",
            open.len(),
            listed(&open)
        ));
    }
}

/// A person types the word, or has said so with --yes.
fn confirmed(arguments: &RegisterArguments) -> Result<(), Failure> {
    if arguments.yes {
        return Ok(());
    }
    let unattended = "Nothing was sent. Run it at a terminal, or with --yes.";
    let prompt = format!("This registers the addresses above at AMP as the treasury's. Type {WORD}: ");
    let typed = ask_line("word", &prompt).map_err(|error| Failure::from(error).with_hint(unattended))?;
    match typed.trim() == WORD {
        true => Ok(()),
        false => Err(Failure::new(
            Exit::Declined,
            format!("the typed word is not {WORD}"),
            "Nothing was sent. Run it again and type the word.",
        )),
    }
}
