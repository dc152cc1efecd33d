//! The networks an asset can live on: policy assets, address prefixes, genesis hashes and AMP's hosts.

use std::fmt;
use std::str::FromStr;

use elements::{AddressParams, AssetId, BlockHash};
use elements_miniscript::bitcoin::NetworkKind;

/// Which chain. The name is the one that `--network` and `signed.json` use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Chain {
    /// `liquid`: Liquid mainnet, the node's `liquidv1`.
    Liquid,
    /// `liquid-testnet`: the node's `liquidtestnet`.
    LiquidTestnet,
    /// `regtest`: a private chain, the node's `liquidregtest`.
    Regtest,
}

/// A chain together with its policy asset (L-BTC, the asset that fees are paid in).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    chain: Chain,
    policy_asset: AssetId,
}

/// The name is none of `liquid`, `liquid-testnet`, `regtest`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("network {found:?} is not known; expected liquid, liquid-testnet or regtest")]
pub struct UnknownNetwork {
    /// What was given.
    pub found: String,
}

/// A policy asset other than the built-in one was asked for on a public network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the policy asset of {chain} is fixed; only regtest takes another")]
pub struct PolicyAssetFixed {
    /// The network that was named.
    pub chain: Chain,
}

/// L-BTC of `liquidregtest`, 5ac9f65c…b225 as printed (reversed), here in internal byte order.
const REGTEST_POLICY_ASSET: [u8; 32] = [
    0x25, 0xb2, 0x51, 0x07, 0x0e, 0x29, 0xca, 0x19, 0x04, 0x3c, 0xf3, 0x3c, 0xcd, 0x73, 0x24, 0xe2, 0xdd,
    0xab, 0x03, 0xec, 0xc4, 0xae, 0x0b, 0x5e, 0x77, 0xc4, 0xfc, 0x0e, 0x5c, 0xf6, 0xc9, 0x5a,
];

/// Genesis of liquidv1, 14662758…6003 as printed (reversed), here in internal byte order.
const LIQUID_GENESIS: [u8; 32] = [
    0x03, 0x60, 0x20, 0x8a, 0x88, 0x96, 0x92, 0x37, 0x2c, 0x8d, 0x68, 0xb0, 0x84, 0xa6, 0x2e, 0xfd, 0xf6,
    0x0e, 0xa1, 0xa3, 0x59, 0xa0, 0x4c, 0x94, 0xb2, 0x0d, 0x22, 0x36, 0x58, 0x27, 0x66, 0x14,
];

/// Genesis of liquidtestnet, a771da8e…b1c1 as printed (reversed), here in internal byte order.
const LIQUID_TESTNET_GENESIS: [u8; 32] = [
    0xc1, 0xb1, 0x6a, 0xe2, 0x4f, 0x24, 0x23, 0xae, 0xa2, 0xea, 0x34, 0x55, 0x22, 0x92, 0x79, 0x3b, 0x5b,
    0x5e, 0x82, 0x99, 0x9a, 0x1e, 0xed, 0x81, 0xd5, 0x6a, 0xee, 0x52, 0x8e, 0xda, 0x71, 0xa7,
];

impl Chain {
    /// The name used in commands and files.
    pub fn name(self) -> &'static str {
        match self {
            Chain::Liquid => "liquid",
            Chain::LiquidTestnet => "liquid-testnet",
            Chain::Regtest => "regtest",
        }
    }

    /// Coin type of the key paths m/84h/COINh/0h and m/49h/COINh/0h (SLIP-44: 1776 is Liquid, 1 every test network).
    pub fn coin_type(self) -> u32 {
        match self {
            Chain::Liquid => 1776,
            Chain::LiquidTestnet | Chain::Regtest => 1,
        }
    }

    /// Version bytes that extended keys carry: Liquid uses Bitcoin's mainnet ones, all others the test ones.
    pub fn key_kind(self) -> NetworkKind {
        match self {
            Chain::Liquid => NetworkKind::Main,
            Chain::LiquidTestnet | Chain::Regtest => NetworkKind::Test,
        }
    }

    /// Hosts of AMP's API that a request file may name; anything else would be sent the issuer's password.
    pub(crate) fn amp_hosts(self) -> &'static [&'static str] {
        match self {
            Chain::Liquid => &["amp.blockstream.com", "amp-beta.blockstream.com"],
            Chain::LiquidTestnet => &["amp-test.blockstream.com"],
            Chain::Regtest => &["amp-test.blockstream.com", "127.0.0.1"],
        }
    }
}

impl fmt::Display for Chain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Chain {
    type Err = UnknownNetwork;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        match name {
            "liquid" => Ok(Chain::Liquid),
            "liquid-testnet" => Ok(Chain::LiquidTestnet),
            "regtest" => Ok(Chain::Regtest),
            other => Err(UnknownNetwork { found: other.to_owned() }),
        }
    }
}

impl Network {
    /// The chain with its built-in policy asset.
    pub fn new(chain: Chain) -> Self {
        let policy_asset = match chain {
            Chain::Liquid => AssetId::LIQUID_BTC,
            Chain::LiquidTestnet => AssetId::LIQUIDTESTNET_BTC,
            Chain::Regtest => AssetId::from_byte_array(REGTEST_POLICY_ASSET),
        };
        Network { chain, policy_asset }
    }

    /// The chain with a policy asset of its own.
    ///
    /// # Errors
    /// On the public networks, whose policy asset is fixed.
    pub fn with_policy_asset(chain: Chain, policy_asset: AssetId) -> Result<Self, PolicyAssetFixed> {
        match chain {
            Chain::Regtest => Ok(Network { chain, policy_asset }),
            Chain::Liquid | Chain::LiquidTestnet if Network::new(chain).policy_asset == policy_asset => {
                Ok(Network { chain, policy_asset })
            }
            Chain::Liquid | Chain::LiquidTestnet => Err(PolicyAssetFixed { chain }),
        }
    }

    /// Which chain.
    pub fn chain(&self) -> Chain {
        self.chain
    }

    /// L-BTC: the asset that fees are paid in.
    pub fn policy_asset(&self) -> AssetId {
        self.policy_asset
    }

    /// Address prefixes: ex/lq on liquid, tex/tlq on liquid-testnet, ert/el on regtest.
    pub fn address_params(&self) -> &'static AddressParams {
        match self.chain {
            Chain::Liquid => &AddressParams::LIQUID,
            Chain::LiquidTestnet => &AddressParams::LIQUID_TESTNET,
            Chain::Regtest => &AddressParams::ELEMENTS,
        }
    }

    /// The genesis hash that names the chain in a PSET (ELIP-101). A regtest chain has whichever its flags gave it.
    pub fn genesis(&self) -> Option<BlockHash> {
        match self.chain {
            Chain::Liquid => Some(BlockHash::from_byte_array(LIQUID_GENESIS)),
            Chain::LiquidTestnet => Some(BlockHash::from_byte_array(LIQUID_TESTNET_GENESIS)),
            Chain::Regtest => None,
        }
    }

    /// Whether a PSET that names this genesis hash belongs here: the chain's own on the public networks, and on
    /// regtest any but theirs (docs/rules.md#network).
    pub fn accepts_genesis(&self, genesis: BlockHash) -> bool {
        match self.genesis() {
            Some(own) => own == genesis,
            None => {
                genesis.to_byte_array() != LIQUID_GENESIS && genesis.to_byte_array() != LIQUID_TESTNET_GENESIS
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use elements::genesis::{NetworkParams, genesis_block};

    #[test]
    fn constants_agree_with_rust_elements_and_with_what_a_node_prints() {
        let liquid = Network::new(Chain::Liquid).genesis().unwrap();
        assert_eq!(liquid.to_string(), "1466275836220db2944ca059a3a10ef6fd2ea684b0688d2c379296888a206003");
        assert_eq!(liquid, genesis_block(&NetworkParams::liquidv1()).block_hash());
        let testnet = Network::new(Chain::LiquidTestnet).genesis().unwrap();
        assert_eq!(testnet.to_string(), "a771da8e52ee6ad581ed1e9a99825e5b3b7992225534eaa2ae23244fe26ab1c1");
        assert_eq!(testnet, genesis_block(&NetworkParams::liquidtestnet()).block_hash());
        assert_eq!(
            Network::new(Chain::Regtest).policy_asset().to_string(),
            "5ac9f65c0efcc4775e0baec4ec03abdde22473cd3cf33c0419ca290e0751b225"
        );
    }

    #[test]
    fn a_genesis_of_another_network_is_not_accepted() {
        let liquid = Network::new(Chain::Liquid);
        let testnet = Network::new(Chain::LiquidTestnet);
        let regtest = Network::new(Chain::Regtest);
        let of_liquid = liquid.genesis().unwrap();
        let of_testnet = testnet.genesis().unwrap();
        let private = BlockHash::from_byte_array([7; 32]);
        assert!(liquid.accepts_genesis(of_liquid) && testnet.accepts_genesis(of_testnet));
        assert!(regtest.accepts_genesis(private));
        assert!(!liquid.accepts_genesis(of_testnet) && !liquid.accepts_genesis(private));
        assert!(!testnet.accepts_genesis(of_liquid));
        assert!(!regtest.accepts_genesis(of_liquid) && !regtest.accepts_genesis(of_testnet));
    }

    #[test]
    fn the_policy_asset_of_a_public_network_cannot_be_replaced() {
        let other = AssetId::from_byte_array([9; 32]);
        assert!(Network::with_policy_asset(Chain::Liquid, other).is_err());
        assert!(Network::with_policy_asset(Chain::LiquidTestnet, other).is_err());
        assert_eq!(Network::with_policy_asset(Chain::Regtest, other).unwrap().policy_asset(), other);
    }
}
