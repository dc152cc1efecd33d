//! `coldamp-online prepare`: from AMP's request and the treasury's coins to an unsigned PSET.
//!
//! It loads the files, syncs the treasury, and makes the PSET with [`coldamp_online::prepare`]. The coins of a transaction to be
//! replaced count as unspent. [`openings`] opens coins whose range proofs were swapped. [`summary`] shows the result.

mod openings;
mod summary;

use std::cell::{Cell, RefCell};
use std::path::Path;

use coldamp_cli::profile::ProfileAsset;
use coldamp_cli::screen::{self, printable_path};
use coldamp_cli::{Failure, output};
use coldamp_core::amp::Request;
use coldamp_core::code::Code;
use coldamp_core::elements::{AssetId, BlockHash, OutPoint, Transaction};
use coldamp_core::network::Network;
use coldamp_core::prepare::{Replaced, Settings, Treasury};
use coldamp_core::treasury::{CtDescriptor, MAX_CONTRACT_FILE_BYTES, ProvenContract};
use coldamp_core::units::FeeRate;
use coldamp_online::prepare::amp_listed_coins::{Missing, coin_fate};
use coldamp_online::prepare::{NotPrepared, Notice, Options, ReviewedPset, blinded, prepare, replaced};
use coldamp_online::source::Source as _;
use coldamp_online::sync::Holdings;

use crate::args::{ChosenAsset, PrepareArguments};
use crate::bar::Bar;
use crate::hints::HINTS;
use crate::input::read_file;
use crate::source::{AnySource, SCANNING_ALL};
use crate::state::TreasuryState;
use crate::{curve, load, refusal, runtime, top_up};

/// Prepares a request.
///
/// # Errors
/// When a file cannot be read, the request cannot be met, or the PSET cannot be written. No file is left behind.
pub(super) fn run(arguments: &PrepareArguments) -> Result<(), Failure> {
    output::check_free(&arguments.output)?;
    let (network, descriptor) = load::treasury(&arguments.treasury)?;
    let request = load::request(&arguments.request, &network)?;
    let known = known_asset(arguments, &request)?;
    let earlier = arguments.replace.as_deref().map(|path| earlier(path, &network)).transpose()?;
    let secp = curve::secp(&arguments.threads);
    let mut state = TreasuryState::open(arguments.state.folder(), &descriptor)?;
    let source = AnySource::of_treasury(&arguments.source, &arguments.scan, &state)?;
    let read = || -> Result<(Holdings, Option<BlockHash>), Failure> {
        let (mut holdings, genesis) = runtime::wait_for(async {
            // The genesis hash comes first: a wrong address or password is then told before the scan.
            let genesis = source.genesis().await.map_err(|error| refusal::source(&error))?;
            source.warn_if_behind(network.chain()).await;
            let bar = Bar::default();
            let (asset, issuance, mut coins) = (request.asset, arguments.issuance_tx, state.coin_cache());
            let synced = Holdings::sync(&secp, &descriptor, &source, asset, issuance, &mut coins, &bar).await;
            let mut holdings = synced.map_err(|error| refusal::sync(&error, refusal::source))?;
            if let Some(earlier) = &earlier {
                replaced::add_coins_of_replaced(
                    &secp,
                    &network,
                    &descriptor,
                    &source,
                    earlier,
                    &mut holdings,
                )
                .await
                .map_err(|error| refusal::source(&error))?;
            }
            Ok((holdings, genesis))
        })?;
        openings::apply(&secp, &mut holdings, &arguments.openings, arguments.state.folder())?;
        screen::say(&holdings.scanned.to_string());
        for line in holdings.left_out() {
            screen::warn(&line);
        }
        Ok((holdings, genesis))
    };
    let settings = Settings {
        fee_rate: FeeRate::from_sat_per_kvb(arguments.fee_rate),
        fee_basis: arguments.fee_basis,
        allow_missing_tokens: arguments.allow_missing_token_utxos,
        replace: earlier.as_ref().map(|earlier| Replaced::of(earlier, network.policy_asset())),
    };
    let options = Options {
        settings,
        fee_cap: arguments.fee_cap.cap(),
        allow_missing_coins: arguments.allow_missing_coins,
    };
    let is_far = Cell::new(false);
    let shown_contract: RefCell<Option<ProvenContract>> = RefCell::new(None);
    let make = |(holdings, genesis): &(Holdings, Option<BlockHash>)| -> Result<ReviewedPset, Failure> {
        let contract = arguments.contract.as_deref().or(known.and_then(|asset| asset.contract.as_deref()));
        let contract = contract.map(|path| proven(path, request.asset, holdings)).transpose()?;
        shown_contract.borrow_mut().clone_from(&contract);
        let treasury = Treasury { contract: contract.as_ref(), ..holdings.treasury(&network, &descriptor) };
        let mut notify = |notice: Notice| {
            is_far.set(is_far.get() || matches!(notice, Notice::FarChange { .. }));
            screen::warn_of(notice.code(), &notice.to_string());
            screen::say(&format!("  {}", HINTS.text(notice.code())));
        };
        let made = prepare(&secp, &request, &treasury, &options, *genesis, state.reservations(), &mut notify);
        let made = match made {
            Ok(made) if arguments.blinded => {
                blinded(&secp, &treasury, made, arguments.allow_missing_token_utxos)
            }
            made => made,
        };
        made.map_err(|error| match error {
            NotPrepared::ListedCoin { coin, more } if coin.why == Missing::NotUnspent => {
                not_unspent(&source, holdings, coin.outpoint, more)
            }
            error => {
                let missing = missing_assets(&error);
                let failure = refusal::prepare(&error, request.command(), &network);
                top_up::with_address(
                    failure,
                    &missing,
                    (&secp, &network, &descriptor),
                    holdings,
                    state.reservations(),
                )
            }
        })
    };
    let found = read()?;
    let prepared = match make(&found) {
        made if found.0.scanned.used_cache() && (made.is_err() || is_far.get()) => {
            screen::say(SCANNING_ALL);
            source.scan_all();
            make(&read()?)?
        }
        made => made?,
    };
    let contract = shown_contract.into_inner();
    let words = summary::lines(&request, &prepared.plan, &options.settings, &network, contract.as_ref())
        .map_err(|error| refusal::plan(&error, request.command(), &network))?;
    // Reserved before the file is written: a crash between the two wastes an index. The other order could use one twice.
    state.reserve(&request, &prepared.plan)?;
    output::create_file(&arguments.output, format!("{}\n", prepared.pset).as_bytes())?;

    for line in &words {
        screen::say(line);
    }
    for (position, warning) in prepared.warnings.iter().enumerate() {
        screen::warn_of(warning.code, &warning.message);
        // The hint of a code is printed once, below the last of its warnings in a row.
        let next = prepared.warnings.get(position.saturating_add(1));
        if next.is_none_or(|next| next.code != warning.code) {
            screen::say(&format!("  {}", HINTS.text(warning.code)));
        }
    }
    let what = if arguments.blinded { "blinded PSET   " } else { "unsigned PSET  " };
    screen::say(&format!("{what}{}", printable_path(&arguments.output)));
    screen::say(
        "The amounts in it are not hidden. Keep it as secret as the report, also after it is signed.",
    );
    for line in next_lines(arguments, &descriptor) {
        screen::say(&line);
    }
    Ok(())
}

/// The assets that are missing.
fn missing_assets(error: &NotPrepared) -> Vec<AssetId> {
    match error {
        NotPrepared::Plan(error) => top_up::missing(error),
        _ => Vec::new(),
    }
}

/// What the profile says of the request's asset.
///
/// # Errors
/// When the request names another asset for AMP's uuid, or another uuid for an asset of the profile.
fn known_asset<'a>(
    arguments: &'a PrepareArguments,
    request: &Request,
) -> Result<Option<&'a ProfileAsset>, Failure> {
    let known = arguments.assets.iter().find(|(_, asset)| asset.uuid == request.asset_uuid);
    let Some((name, asset)) = known else {
        // The report would go to a record of AMP's that is not the asset's.
        let of_id = arguments.assets.iter().find(|(_, asset)| asset.id == Some(request.asset));
        return match of_id {
            None => Ok(None),
            Some((name, asset)) => {
                let message = format!(
                    "the request names {} as AMP's uuid of the asset {}, but the profile has {} for {name}",
                    request.asset_uuid, request.asset, asset.uuid
                );
                let hint = "Do not prepare it before you know which is right. Correct the profile, or get the request again.";
                Err(refusal::of(Code::AmpDiffers, message).with_hint(hint))
            }
        };
    };
    ChosenAsset::of(name, asset).agrees(request.asset)?;
    Ok(Some(asset))
}

/// Who gets the PSET next.
fn next_lines(arguments: &PrepareArguments, descriptor: &CtDescriptor) -> Vec<String> {
    let path = printable_path(&arguments.output);
    let (needed, keys) = (descriptor.threshold(), descriptor.keys().len());
    // In the folder of a job the commands find their files.
    let folder = arguments.job.as_ref().map(|job| printable_path(job.path()));
    let (it, review, combine) = match &folder {
        Some(folder) => (
            format!("the folder {folder}"),
            "`coldamp review`".to_owned(),
            "signatures-FINGERPRINT.json. Then, with these in the folder: `coldamp-online combine`"
                .to_owned(),
        ),
        None => (
            "it".to_owned(),
            format!("`coldamp review {path} …`"),
            format!("signatures.json. Then: `coldamp-online combine {path} PART… --descriptor FILE`"),
        ),
    };
    if needed == 1 {
        return vec![format!(
            "next           take {it} to the air-gapped machine: {review}, then `coldamp sign`"
        )];
    }
    let mut lines = vec![
        format!(
            "next           take {it} to {needed} of the {keys} signers. Each signs the same file: {review}, then `coldamp sign`"
        ),
        format!("               Each gives back {combine}"),
    ];
    if arguments.blinded {
        lines.push("               What another signer gives back is the PSET with its signatures, which is a part too. At least one of the signers must be `coldamp`, else the proofs of the outputs can be replaced".to_owned());
    }
    lines
}

/// The failure for a listed coin, by what the chain source shows of it.
fn not_unspent(source: &AnySource, holdings: &Holdings, outpoint: OutPoint, more: usize) -> Failure {
    let fate = runtime::wait_for(async {
        coin_fate(source, holdings, outpoint).await.map_err(|error| refusal::source(&error))
    });
    match fate {
        Ok(fate) => refusal::listed(outpoint, fate, more),
        Err(failure) => failure,
    }
}

/// The transaction of the signed file of `--replace`.
fn earlier(path: &Path, network: &Network) -> Result<Transaction, Failure> {
    let (_, signed) = load::signed(path)?;
    replaced::transaction(&signed, network).map_err(|error| refusal::other_network(path, &error))
}

/// The contract of an asset from the file of `--contract`.
fn proven(path: &Path, asset: AssetId, holdings: &Holdings) -> Result<ProvenContract, Failure> {
    let file = read_file(path, MAX_CONTRACT_FILE_BYTES, "the contract file")?;
    holdings.contract(asset, &file).map_err(|error| refusal::contract(path, &error))
}
