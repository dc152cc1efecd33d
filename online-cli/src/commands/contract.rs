//! `coldamp-online contract`: gets an asset's contract and the coin that its issuance spent, and proves both.

use coldamp_cli::screen::printable_path;
use coldamp_cli::toml_text::quoted;
use coldamp_cli::{Exit, Failure, output, screen};
use coldamp_core::amp::request::ApiRoot;
use coldamp_core::elements::{AssetId, OutPoint};
use coldamp_core::listed::CoinName;
use coldamp_core::network::Network;
use coldamp_core::treasury::{MAX_CONTRACT_FILE_BYTES, ProvenContract};
use coldamp_online::amp::Amp;
use coldamp_online::contract::{NotProven, prevout, prove, prove_of_amp};

use crate::args::ContractArguments;
use crate::input::read_file;
use crate::source::{AnyChain, AnySource, http};
use crate::{load, refusal, runtime};

/// Gets, proves and writes a contract.
///
/// # Errors
/// When nothing leads to the asset, or the file cannot be written.
pub(super) fn run(arguments: &ContractArguments) -> Result<(), Failure> {
    output::check_free(&arguments.output)?;
    let network = Network::new(load::named(arguments.network)?);
    let (asset, proven, origin) = runtime::wait_for(found(arguments, &network))?;
    output::create_file(&arguments.output, proven.text().as_bytes())?;
    screen::say(&format!("asset          {asset}"));
    screen::say(&format!("ticker         {}", proven.ticker().unwrap_or("none")));
    screen::say(&format!("name           {}", proven.name()));
    screen::say(&format!("domain         {}", proven.domain()));
    screen::say(&format!("precision      {}", proven.precision().decimals()));
    screen::say(&format!(
        "proven         contract and coin lead to the asset's id. The contract is from {origin}"
    ));
    let path = printable_path(&arguments.output);
    screen::say(&format!("written        {path}, in the form that its issuer hashed"));
    let coin = CoinName(proven.prevout());
    screen::say(&format!(
        "next           `coldamp policy template --asset {asset} --contract {path} --issuance-prevout {coin}`"
    ));
    for line in profile_lines(arguments) {
        screen::say(&line);
    }
    screen::say("The coin that the issuance spent:");
    Ok(output::print(&coin.to_string())?)
}

/// Which line names the contract in the profile. None where the asset is not one of the profile, or its contract is named already.
fn profile_lines(arguments: &ContractArguments) -> Vec<String> {
    let Some(chosen) = arguments.asset.chosen().ok() else { return Vec::new() };
    let (Some(name), Some(known)) = (&chosen.name, &chosen.known) else { return Vec::new() };
    if known.contract.is_some() {
        return Vec::new();
    }
    let path = std::path::absolute(&arguments.output).unwrap_or_else(|_| arguments.output.clone());
    // No blanks: the line is copied, and a message is broken at blanks.
    let line = match path.to_str() {
        Some(path) => format!("contract={}", quoted(path)),
        None => return Vec::new(),
    };
    vec![
        format!("profile        so that `prepare` shows the ticker, write this line below [assets.{name}]:"),
        line,
    ]
}

/// The contract from the file, the chain source, or AMP, in this order.
async fn found(
    arguments: &ContractArguments,
    network: &Network,
) -> Result<(AssetId, ProvenContract, &'static str), Failure> {
    let amp = amp(arguments, network).await?;
    let asset = asset(arguments, amp.as_ref()).await?;
    let source = match arguments.source.named().is_some() || arguments.source.transactions.is_some() {
        true => Some(AnySource::open(&arguments.source)?),
        false => None,
    };
    let coin = coin(arguments, source.as_ref(), amp.as_ref(), asset).await?;
    if let Some(path) = &arguments.from {
        let file = read_file(path, MAX_CONTRACT_FILE_BYTES, "the contract file")?;
        let proven = prove(&file, coin, asset).map_err(|error| refused(&error, &printable_path(path)))?;
        return Ok((asset, proven, "the file"));
    }
    if let Some(AnySource::Chain(AnyChain::Esplora(esplora))) = &source {
        let claimed = esplora.claimed_contract(asset).await.map_err(|error| refusal::esplora(&error))?;
        if let Some(claimed) = claimed {
            let proven =
                prove(&claimed, coin, asset).map_err(|error| refused(&error, "of the chain source"))?;
            return Ok((asset, proven, "the chain source"));
        }
        screen::say(
            "The chain source has no contract of the asset: it is not in the asset registry that the server knows.",
        );
    }
    let Some(amp) = amp else {
        let message = format!("no contract of asset {asset} is found");
        let hint = "Name --esplora URL, a file with --from, or AMP's uuid of the asset with --amp-credentials. A node and a transactions file know no contracts.";
        return Err(Failure::new(Exit::Refused, message, hint).with_code(coldamp_core::code::Code::Contract));
    };
    let facts = amp.facts(&arguments.asset.uuid()?).await.map_err(|error| refusal::amp(&error))?;
    let proven = prove_of_amp(&facts, coin, asset).map_err(|error| refused(&error, "of AMP"))?;
    screen::say(
        "AMP shows neither the contract's version nor the coin that the issuance spent. Both were found otherwise, and the id proves them.",
    );
    Ok((asset, proven, "the fields that AMP shows"))
}

/// AMP, if the asset has a uuid and there is a login.
async fn amp(arguments: &ContractArguments, network: &Network) -> Result<Option<Amp>, Failure> {
    if arguments.asset.uuid().is_err() || !arguments.amp.is_named() {
        return Ok(None);
    }
    let root = load::amp_root(&arguments.amp, &ApiRoot::built_in(network.chain()))?;
    load::amp(http()?, root, &arguments.amp).await.map(Some)
}

/// The id of the asset: the operator's, or the one that AMP names.
async fn asset(arguments: &ContractArguments, amp: Option<&Amp>) -> Result<AssetId, Failure> {
    let by_amp = match amp {
        Some(amp) => Some(amp.asset(&arguments.asset.uuid()?).await.map_err(|error| refusal::amp(&error))?),
        None => None,
    };
    match (arguments.asset_id, by_amp) {
        (Some(own), None) => Ok(own),
        (Some(own), Some(found)) if own == found => Ok(own),
        (Some(own), Some(found)) => {
            let message = format!("AMP names {found} as the asset, expected {own}");
            Err(refusal::of(coldamp_core::code::Code::AmpDiffers, message)
                .with_hint("Check the uuid and --asset-id, or the profile. Nothing was written."))
        }
        (None, Some(found)) => {
            screen::warn(
                "the id of the asset is AMP's word. Compare it with the issuance, or with the policy of the air-gapped machine",
            );
            Ok(found)
        }
        (None, None) => Err(Failure::new(
            Exit::Usage,
            "the id of the asset is not named",
            "Name --asset-id HEX, an asset of the profile that has an id, or AMP's uuid with --amp-credentials FILE.",
        )),
    }
}

/// The coin that the issuance spent: the operator's, or that of the transaction that the chain source or AMP names.
async fn coin(
    arguments: &ContractArguments,
    source: Option<&AnySource>,
    amp: Option<&Amp>,
    asset: AssetId,
) -> Result<Option<OutPoint>, Failure> {
    if arguments.issuance_prevout.is_some() {
        return Ok(arguments.issuance_prevout);
    }
    let Some(source) = source else { return Ok(None) };
    let refused = |error| refusal::source(&error);
    let found = prevout(source, asset, arguments.issuance_tx).await.map_err(refused)?;
    if found.is_some() || arguments.issuance_tx.is_some() {
        return Ok(found);
    }
    let Some(amp) = amp else { return Ok(None) };
    let records = amp.transactions(&arguments.asset.uuid()?).await.map_err(|error| refusal::amp(&error))?;
    for issuance in records.iter().filter(|record| record.is_issuance) {
        let found = prevout(source, asset, Some(issuance.txid)).await.map_err(refused)?;
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

fn refused(error: &NotProven, whose: &str) -> Failure {
    match error {
        NotProven::Contract(contract) => {
            refusal::of(error.code(), format!("the contract {whose}: {contract}"))
        }
        NotProven::NoPrevout { .. } => refusal::of(error.code(), error.to_string()).with_hint(
            "Name the transaction that issued the asset first with --issuance-tx, and a chain source that has it; or the coin with --issuance-prevout; or the registry's whole answer with --from.",
        ),
        NotProven::AmpLacks { .. } | NotProven::AmpOther { .. } => {
            refusal::of(error.code(), error.to_string()).with_hint(
                "Get the contract from the asset registry, or from whoever issued the asset, and name it with --from.",
            )
        }
    }
}
