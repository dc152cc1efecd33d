//! Which asset a command is about: by its short name in the profile, or by AMP's uuid.

use clap::Args;
use coldamp_cli::profile::{Filling, ProfileAsset, ShortName};
use coldamp_cli::{Exit, Failure};
use coldamp_core::amp::request::Uuid;
use coldamp_core::code::Code;
use coldamp_core::elements::AssetId;

use crate::{load, refusal};

/// The asset.
#[derive(Debug, Default, Args)]
pub(crate) struct AssetArguments {
    /// The asset: its short name in the profile, or AMP's uuid
    #[arg(value_name = "ASSET", id = "named_asset")]
    named: Option<String>,
    /// AMP's uuid of the asset, in place of ASSET
    #[arg(long, value_name = "UUID", conflicts_with = "named_asset")]
    asset: Option<String>,
    #[arg(skip)]
    chosen: Option<ChosenAsset>,
}

/// An asset with what the profile says of it.
#[derive(Debug, Clone)]
pub(crate) struct ChosenAsset {
    /// AMP's uuid.
    pub(crate) uuid: Uuid,
    /// Its short name.
    pub(crate) name: Option<ShortName>,
    /// What the profile says of it: id, contract file, issuance prevout.
    pub(crate) known: Option<ProfileAsset>,
}

impl ChosenAsset {
    /// An asset of the profile.
    pub(crate) fn of(name: &ShortName, asset: &ProfileAsset) -> Self {
        ChosenAsset { uuid: asset.uuid.clone(), name: Some(name.clone()), known: Some(asset.clone()) }
    }

    /// Its id, by the profile.
    pub(crate) fn id(&self) -> Option<AssetId> {
        self.known.as_ref()?.id
    }

    /// Compares the id in the profile with the one that AMP names for the uuid.
    ///
    /// # Errors
    /// When the profile has another one (AMP_DIFFERS).
    pub(crate) fn agrees(&self, by_amp: AssetId) -> Result<(), Failure> {
        match self.id() {
            Some(own) if own != by_amp => {
                let name = self.name.as_ref().map(ToString::to_string).unwrap_or_default();
                let message = format!(
                    "AMP names {by_amp} as the asset {}, but the profile has {own} for {name}",
                    self.uuid
                );
                let hint = "Do nothing before you know which is right: the id stands in the issuance, and in the policy of the air-gapped machine. Correct the profile, or tell AMP.";
                Err(refusal::of(Code::AmpDiffers, message).with_hint(hint))
            }
            _ => Ok(()),
        }
    }
}

impl AssetArguments {
    /// Whether the command line names one.
    pub(crate) fn is_named(&self) -> bool {
        self.named.is_some() || self.asset.is_some()
    }

    /// As [`AssetArguments::fill`]. Without a name on the command line it is the profile's asset, if the profile has just one.
    ///
    /// # Errors
    /// As [`AssetArguments::fill`].
    pub(crate) fn fill_or_only(&mut self, filling: &mut Filling<'_>) -> Result<(), Failure> {
        let mut all = filling.profile().into_iter().flat_map(|profile| &profile.assets);
        match (self.is_named(), all.next(), all.next()) {
            (false, Some((name, asset)), None) => {
                self.chosen = Some(ChosenAsset::of(name, asset));
                Ok(())
            }
            _ => self.fill(filling),
        }
    }

    /// Looks the asset up in the profile.
    ///
    /// # Errors
    /// When it is neither a uuid nor a short name of the profile.
    pub(crate) fn fill(&mut self, filling: &mut Filling<'_>) -> Result<(), Failure> {
        let Some(text) = self.named.as_deref().or(self.asset.as_deref()) else {
            filling.lacks("ASSET (or --asset UUID)", "assets.NAME");
            return Ok(());
        };
        let profile = filling.profile();
        let by_name = ShortName::parse(text).and_then(|name| profile?.assets.get_key_value(&name));
        self.chosen = Some(match (by_name, profile) {
            (Some((name, asset)), _) => ChosenAsset::of(name, asset),
            (None, Some(profile)) if Uuid::parse(text).is_none() && ShortName::parse(text).is_some() => {
                let names: Vec<String> = profile.assets.keys().map(ToString::to_string).collect();
                let message = format!("the profile has no asset with the short name {text}");
                let hint = match names.is_empty() {
                    true => "It has no assets. Name AMP's uuid, or add the asset to the profile.".to_owned(),
                    false => format!("It has {}. Or name AMP's uuid.", names.join(", ")),
                };
                return Err(Failure::new(Exit::Usage, message, hint));
            }
            (None, _) => {
                let uuid = load::uuid(text)?;
                match profile.and_then(|profile| profile.asset_of(&uuid)) {
                    Some((name, asset)) => ChosenAsset::of(name, asset),
                    None => ChosenAsset { uuid, name: None, known: None },
                }
            }
        });
        Ok(())
    }

    /// The asset.
    ///
    /// # Errors
    /// Only before [`AssetArguments::fill`].
    pub(crate) fn chosen(&self) -> Result<&ChosenAsset, Failure> {
        self.chosen.as_ref().ok_or_else(|| Failure::internal("a command line that was not filled"))
    }

    /// AMP's uuid of the asset.
    ///
    /// # Errors
    /// As [`AssetArguments::chosen`].
    pub(crate) fn uuid(&self) -> Result<Uuid, Failure> {
        self.chosen().map(|asset| asset.uuid.clone())
    }
}
