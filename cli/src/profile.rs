//! The profile: a TOML file that says what every command would else be told again, for both command lines. `wire` is its
//! shape, `read` judges its values, `place` finds the file and judges who can write it, `filling` puts its values where the
//! command line left something out.
//!
//! It holds no secret. Whoever can write it can send the online machine to another server, so it is taken only from a file
//! that its owner alone can write.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use coldamp_core::amp::request::Uuid;
use coldamp_core::code::{Code, Hints};
use coldamp_core::elements::{AssetId, OutPoint};
use coldamp_core::network::Chain;

use crate::failure::Failure;
use crate::input::read_file_with_metadata;
use crate::screen::{printable_path, say};

mod filling;
mod name;
mod place;
mod read;
mod secret;
mod show;
mod wire;

pub use filling::Filling;
pub use name::ShortName;
use place::home;
pub use place::{ProfileArguments, default_jobs, new_place, path_of};
pub use read::{expanded, outpoint};
pub use show::{Others, show};

/// What the first key of a profile says.
pub const SCHEMA: &str = "coldamp.profile/1";

/// Bytes that a profile may have: it names some files and a few assets.
const MAX_PROFILE_BYTES: usize = 64 * 1024;

/// What a profile says. Each value has the right shape; the files that it names were not looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// Where it is.
    pub path: PathBuf,
    /// The network of the treasury.
    pub network: Option<Chain>,
    /// The L-BTC asset id of a regtest chain.
    pub policy_asset: Option<AssetId>,
    /// The file of the treasury's descriptor.
    pub descriptor: Option<PathBuf>,
    /// Where the coins are looked up.
    pub source: Option<ChainSource>,
    /// AMP's API.
    pub amp: Option<String>,
    /// The file with AMP's user and password.
    pub amp_credentials: Option<PathBuf>,
    /// The state folder.
    pub state: Option<PathBuf>,
    /// The folder of the jobs.
    pub jobs: Option<PathBuf>,
    /// The keystore of the air-gapped machine.
    pub keystore: Option<PathBuf>,
    /// The assets by their short names.
    pub assets: BTreeMap<ShortName, ProfileAsset>,
}

/// A chain source, and how it is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChainSource {
    /// An Esplora server.
    Esplora {
        /// Its API.
        root: String,
        /// Requests a second.
        rate: Option<u32>,
        /// The file of its credentials.
        credentials: Option<PathBuf>,
    },
    /// An Elements node.
    Node {
        /// Where it listens.
        url: String,
        /// Its cookie file.
        cookie: Option<PathBuf>,
    },
}

/// What a profile says of an asset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfileAsset {
    /// AMP's uuid.
    pub uuid: Uuid,
    /// Its id.
    pub id: Option<AssetId>,
    /// The file of its contract.
    pub contract: Option<PathBuf>,
    /// The outpoint that its first issuance spent.
    pub issuance_prevout: Option<OutPoint>,
}

impl Profile {
    /// The asset of a uuid, with its short name.
    pub fn asset_of(&self, uuid: &Uuid) -> Option<(&ShortName, &ProfileAsset)> {
        self.assets.iter().find(|(_, asset)| asset.uuid == *uuid)
    }
}

/// Reads the profile that the command line names, else the one called default, and says which it is. `None` if none is named and
/// there is no default one.
///
/// # Errors
/// When the named profile does not exist; when others can write it, it holds a secret, or a value has not the right shape.
pub fn load(arguments: &ProfileArguments, hints: &Hints) -> Result<Option<Profile>, Failure> {
    let Some(path) = place::find(arguments, hints)? else { return Ok(None) };
    let profile = read_at(&path, hints)?;
    say(&format!("profile        {}", printable_path(&profile.path)));
    Ok(Some(profile))
}

/// Reads the text of a profile that is about to be written at a path.
///
/// # Errors
/// When it holds a secret, or a value has not the right shape.
pub fn check(text: &str, path: &Path, hints: &Hints) -> Result<Profile, Failure> {
    secret::refuse(text.as_bytes(), path, hints)?;
    let profile = read::read(text.as_bytes(), path, hints)?;
    refuse_writable_descriptor(&profile, hints)?;
    Ok(profile)
}

/// Refuses a descriptor that others can write, as the profile itself: with another one the treasury's addresses are somebody else's.
/// One that does not exist is told by the command that reads it.
fn refuse_writable_descriptor(profile: &Profile, hints: &Hints) -> Result<(), Failure> {
    let Some(path) = &profile.descriptor else { return Ok(()) };
    let (Ok(target), Ok(metadata)) = (path.canonicalize(), path.metadata()) else { return Ok(()) };
    place::refuse_writable("the descriptor of the profile", path, &target, &metadata, hints)
}

/// Reads the profile at a path.
///
/// # Errors
/// As [`load`].
fn read_at(path: &Path, hints: &Hints) -> Result<Profile, Failure> {
    let target = path.canonicalize().map_err(|error| {
        let message = format!("cannot read the profile {}: {error}", printable_path(path));
        Failure::coded(Code::Profile, message, hints)
    })?;
    let (bytes, metadata) = read_file_with_metadata(&target, MAX_PROFILE_BYTES)
        .map_err(|error| error.into_failure("the profile", path))?;
    place::refuse_writable("the profile", path, &target, &metadata, hints)?;
    secret::refuse(&bytes, path, hints)?;
    let profile = read::read(&bytes, path, hints)?;
    refuse_writable_descriptor(&profile, hints)?;
    Ok(profile)
}
