//! `coldamp-online init`: asks for what every command would else be told, and writes it as a profile. It overwrites none.

use std::path::{Path, PathBuf};

use coldamp_cli::ask::{TRIES, ask_line, need_terminal};
use coldamp_cli::job::JobFolder;
use coldamp_cli::profile::{self, ProfileArguments, SCHEMA, ShortName, expanded};
use coldamp_cli::screen::{self, printable_path};
use coldamp_cli::toml_text::quoted;
use coldamp_cli::{Exit, Failure, output};
use coldamp_core::amp::request::{ApiRoot, Uuid};
use coldamp_core::elements::AssetId;
use coldamp_core::listed::CoinName;
use coldamp_core::network::{Chain, Network};
use coldamp_core::treasury::MAX_CONTRACT_FILE_BYTES;
use coldamp_online::amp::AmpRoot;
use coldamp_online::contract::prove;

use crate::args::{AmpArguments, ChosenAsset, EsploraArguments};
use crate::hints::HINTS;
use crate::input::read_file;
use crate::source::{esplora, http};
use crate::{credentials, load, refusal, runtime};

/// The name of what is asked for.
const WHAT: &str = "profile";

/// Asks, and writes the profile.
///
/// # Errors
/// When a profile of this name exists, nobody answers, an answer stays wrong, or AMP names another asset.
pub(super) fn run(arguments: &ProfileArguments) -> Result<(), Failure> {
    let path = profile::new_place(arguments, &HINTS)?;
    need_terminal(WHAT)?;
    screen::say(&format!("Writes the profile {}. No secret goes into it.", printable_path(&path)));
    let mut lines = vec![format!("schema = {}", quoted(SCHEMA))];
    let chain = ask("Network (liquid, liquid-testnet or regtest): ", |text| {
        text.parse::<Chain>().map_err(|error| wrong(&error.to_string()))
    })?;
    lines.push(format!("network = {}", quoted(chain.name())));
    let network = asked_network(chain, &mut lines)?;
    let descriptor = ask("File of the treasury's descriptor: ", |text| {
        let path = whole(text)?;
        load::descriptor(&path, &network)?;
        Ok(path)
    })?;
    lines.push(line("descriptor", &descriptor));
    source(&mut lines)?;
    let amp = amp(chain, &mut lines)?;
    let jobs = ask("Folder of the jobs (Enter: ~/coldamp-jobs): ", |text| optional(text, whole))?;
    lines.extend(jobs.as_deref().map(|jobs| line("jobs", jobs)));
    while let Some(name) =
        ask("Short name of an asset (Enter: no more): ", |text| optional(text, short_name))?
    {
        asset(&name, &amp, &mut lines)?;
    }
    let text = format!("{}\n", lines.join("\n"));
    // As every command is going to read it.
    profile::check(&text, &path, &HINTS)?;
    output::create_file(&path, text.as_bytes())?;
    screen::say(&format!("written        {}", printable_path(&path)));
    if let Some(jobs) = jobs.filter(|jobs| !jobs.exists()) {
        JobFolder::at(&jobs).create()?;
        screen::say(&format!("made           {}, the folder of the jobs", printable_path(&jobs)));
    }
    screen::say(
        "Next: `coldamp-online profile show` prints what is in force, `coldamp-online request` begins a job.",
    );
    Ok(())
}

/// An answer, tried up to [`TRIES`] times. What is wrong with one is said.
fn ask<T>(prompt: &str, convert: impl Fn(&str) -> Result<T, Failure>) -> Result<T, Failure> {
    for next in 2..=TRIES {
        match convert(ask_line(WHAT, prompt)?.trim()) {
            Ok(answer) => return Ok(answer),
            Err(failure) => {
                screen::say(&format!("{}. {}", failure.message, failure.hint));
                screen::say(&format!("Try {next} of {TRIES}."));
            }
        }
    }
    convert(ask_line(WHAT, prompt)?.trim())
}

/// An answer of another form.
fn wrong(message: &str) -> Failure {
    Failure::new(Exit::Usage, message, "Nothing was written.")
}

/// An answer that may be left out.
fn optional<T>(text: &str, convert: impl Fn(&str) -> Result<T, Failure>) -> Result<Option<T>, Failure> {
    if text.is_empty() { Ok(None) } else { convert(text).map(Some) }
}

/// A path as it stands in a profile: whole, wherever a command is run.
fn whole(text: &str) -> Result<PathBuf, Failure> {
    let path = expanded(text).unwrap_or_else(|| PathBuf::from(text));
    let path = std::path::absolute(path).map_err(|_| wrong("expected the path of a file or folder"))?;
    match path.to_str() {
        Some(text) if !text.chars().any(char::is_control) => Ok(path),
        _ => Err(wrong("expected a path that is UTF-8 text without control characters")),
    }
}

fn short_name(text: &str) -> Result<ShortName, Failure> {
    ShortName::parse(text).ok_or_else(|| {
        wrong("expected 1 to 24 of the characters A-Z a-z 0-9 . _ -, the first of them a letter or a digit")
    })
}

fn line(key: &str, path: &Path) -> String {
    format!("{key} = {}", quoted(&path.to_string_lossy()))
}

/// The network, on regtest with its policy asset.
fn asked_network(chain: Chain, lines: &mut Vec<String>) -> Result<Network, Failure> {
    if chain != Chain::Regtest {
        return Ok(Network::new(chain));
    }
    let asset = ask("L-BTC asset id of this regtest (Enter: that of liquidregtest): ", |text| {
        optional(text, |text| text.parse::<AssetId>().map_err(|_| wrong("expected 64 hexadecimal digits")))
    })?;
    lines.extend(asset.map(|asset| format!("policy_asset = {}", quoted(&asset.to_string()))));
    coldamp_cli::treasury::network(chain, asset)
}

/// The chain source: an Esplora server or a node.
fn source(lines: &mut Vec<String>) -> Result<(), Failure> {
    let server = ask("Esplora server, https://HOST/PATH (Enter: a node): ", |text| {
        optional(text, |text| {
            esplora(text, &EsploraArguments { esplora_rate: None, esplora_credentials: None })?;
            Ok(text.to_owned())
        })
    })?;
    if let Some(server) = server {
        lines.push(format!("esplora = {}", quoted(&server)));
        let login = ask("File of the Esplora server's login (Enter: none): ", |text| {
            optional(text, |text| {
                let path = whole(text)?;
                let esplora_credentials = Some(path.clone());
                esplora(&server, &EsploraArguments { esplora_rate: None, esplora_credentials })?;
                Ok(path)
            })
        })?;
        lines.extend(login.map(|login| line("esplora_credentials", &login)));
        return Ok(());
    }
    let node = ask("Elements node, http://HOST:PORT: ", |text| match text.starts_with("http") {
        true if text.contains('@') => {
            Err(wrong("found a login in the address. It goes into the cookie file"))
        }
        true => Ok(text.to_owned()),
        false => Err(wrong("expected http://HOST:PORT")),
    })?;
    lines.push(format!("node = {}", quoted(&node)));
    let cookie = ask("Cookie file of the node (Enter: none): ", |text| optional(text, whole))?;
    lines.extend(cookie.map(|cookie| line("node_cookie", &cookie)));
    Ok(())
}

/// AMP, and its login.
struct OwnAmp {
    root: AmpRoot,
    credentials: Option<PathBuf>,
}

fn amp(chain: Chain, lines: &mut Vec<String>) -> Result<OwnAmp, Failure> {
    let built_in = AmpRoot::of(&ApiRoot::built_in(chain));
    let own = ask(&format!("AMP's API (Enter: {built_in}): "), |text| {
        optional(text, |text| load::own_amp_root(text).map(|root| (text.to_owned(), root)))
    })?;
    let root = match own {
        Some((text, root)) => {
            lines.push(format!("amp = {}", quoted(&text)));
            root
        }
        None => built_in,
    };
    let credentials = ask("File of AMP's login (Enter: none): ", |text| {
        optional(text, |text| {
            let path = whole(text)?;
            credentials::obtain(Some(&path))?;
            Ok(path)
        })
    })?;
    lines.extend(credentials.as_deref().map(|path| line("amp_credentials", path)));
    Ok(OwnAmp { root, credentials })
}

/// An asset, verified at AMP where there is a login.
fn asset(name: &ShortName, amp: &OwnAmp, lines: &mut Vec<String>) -> Result<(), Failure> {
    let uuid = ask("AMP's uuid of it: ", load::uuid)?;
    let by_amp = amp.credentials.as_ref().map(|path| named_by_amp(amp, path, &uuid)).transpose()?;
    match by_amp {
        Some(id) => screen::say(&format!("AMP names {id} as the asset {uuid}")),
        None => screen::say("Not verified at AMP: no file of its login was named"),
    }
    // Never AMP's word: the id of the profile is what AMP's is held against.
    let id = ask("Its id, from the issuance or the policy, not from AMP (Enter: none): ", |text| {
        optional(text, |text| text.parse::<AssetId>().map_err(|_| wrong("expected 64 hexadecimal digits")))
    })?;
    let contract = ask("File of its contract (Enter: none): ", |text| {
        optional(text, |text| {
            let path = whole(text)?;
            match path.is_file() {
                true => Ok(path),
                false => Err(wrong("found no such file")),
            }
        })
    })?;
    let prevout = ask("Its issuance prevout, TXID:VOUT (Enter: none): ", |text| {
        optional(text, |text| profile::outpoint(text).ok_or_else(|| wrong("expected TXID:VOUT")))
    })?;
    if let (Some(id), Some(path), Some(coin)) = (id, &contract, prevout) {
        let file = read_file(path, MAX_CONTRACT_FILE_BYTES, "the contract file")?;
        prove(&file, Some(coin), id).map_err(|error| {
            refusal::of(error.code(), format!("the contract {}: {error}", printable_path(path)))
        })?;
        screen::say("The contract and the issuance prevout lead to this id");
    }
    let known = profile::ProfileAsset { uuid: uuid.clone(), id, contract, issuance_prevout: prevout };
    if let Some(by_amp) = by_amp {
        ChosenAsset::of(name, &known).agrees(by_amp)?;
    }
    lines.push(format!("\n[assets.{}]", quoted(&name.to_string())));
    lines.push(format!("uuid = {}", quoted(&uuid.to_string())));
    lines.extend(id.map(|id| format!("id = {}", quoted(&id.to_string()))));
    lines.extend(known.contract.as_deref().map(|path| line("contract", path)));
    lines.extend(prevout.map(|coin| format!("issuance_prevout = {}", quoted(&CoinName(coin).to_string()))));
    Ok(())
}

fn named_by_amp(amp: &OwnAmp, credentials: &Path, uuid: &Uuid) -> Result<AssetId, Failure> {
    runtime::wait_for(async {
        let amp_credentials = Some(credentials.to_owned());
        let login = AmpArguments { amp: None, amp_credentials, login_is_for: None };
        let amp = load::amp(http()?, amp.root.clone(), &login).await?;
        amp.asset(uuid).await.map_err(|error| refusal::amp(&error))
    })
}
