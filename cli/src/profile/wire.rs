//! A profile as it is written: TOML into the shapes of its keys, before any value is judged. A key that is doubled or unknown ends
//! here.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

/// A text with its place.
pub(super) type Text = Spanned<String>;

/// The file, each value with its place.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wire {
    pub(super) schema: Text,
    pub(super) network: Option<Text>,
    pub(super) policy_asset: Option<Text>,
    pub(super) descriptor: Option<Text>,
    pub(super) esplora: Option<Text>,
    pub(super) esplora_rate: Option<Spanned<i64>>,
    pub(super) esplora_credentials: Option<Text>,
    pub(super) node: Option<Text>,
    pub(super) node_cookie: Option<Text>,
    pub(super) amp: Option<Text>,
    pub(super) amp_credentials: Option<Text>,
    pub(super) state: Option<Text>,
    pub(super) jobs: Option<Text>,
    pub(super) keystore: Option<Text>,
    #[serde(default)]
    pub(super) assets: BTreeMap<String, WireAsset>,
}

/// An asset.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WireAsset {
    pub(super) uuid: Text,
    pub(super) id: Option<Text>,
    pub(super) contract: Option<Text>,
    pub(super) issuance_prevout: Option<Text>,
}
