//! An Esplora server as chain source (Blockstream's API, its Elements flavour). It needs no account, and nothing is imported
//! there.
//!
//! The treasury's scripts are asked for one by one ([`scan`]), up to a gap above the last used one, [`CONCURRENCY`] at a time
//! ([`ask`]). The server learns which scripts belong together. It is believed in which outputs are unspent. It is sent
//! nothing secret but the credentials that are meant for it ([`login`]).

mod ask;
mod asset;
mod chain;
mod error;
mod history;
mod login;
mod scan;

use std::cell::{Cell, RefCell};
use std::fmt;

use coldamp_core::elements::AssetId;
use coldamp_core::network::Chain as ChainName;
use coldamp_core::treasury::UnusedIndices;

use super::Reach;
use super::looks::{LookMemory, Looks, Tip};
use crate::http::Http;
use crate::pace::{Pause, Rate, Turns};
use asset::Claims;
pub(super) use chain::is_known;
pub use error::EsploraError;
use login::Login;
pub use login::{Credentials, Grant, TOKEN_SERVER};

/// Requests under way at a time. Public servers answer 429 to many more.
pub const CONCURRENCY: usize = 8;

/// The API of the public server that most wallets of a network ask (Blockstream's); a private chain has none.
pub fn public_server(chain: ChainName) -> Option<&'static str> {
    match chain {
        ChainName::Liquid => Some("https://blockstream.info/liquid/api"),
        ChainName::LiquidTestnet => Some("https://blockstream.info/liquidtestnet/api"),
        ChainName::Regtest => None,
    }
}

/// An Esplora server. Its Debug text leaves out the credentials.
pub struct Esplora<P> {
    http: Http,
    root: String,
    turns: Turns<P>,
    reach: Reach,
    all: Cell<bool>,
    memory: Option<RefCell<Box<dyn LookMemory>>>,
    login: Option<Box<Login>>,
    /// The newest block, once it was asked for.
    newest: RefCell<Option<Tip>>,
    /// The asset that was asked for last, and what the server says of it.
    asset: RefCell<Option<Box<(AssetId, Claims)>>>,
}

impl<P> fmt::Debug for Esplora<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Esplora").field("root", &self.root).finish_non_exhaustive()
    }
}

impl<P: Pause> Esplora<P> {
    /// A server by its API's root, with what is known of used indices besides the chain. One on this machine is not paced,
    /// any other at [`Rate::PUBLIC`].
    ///
    /// # Errors
    /// When it is no address.
    pub fn new(http: Http, root: &str, pause: P, known: UnusedIndices) -> Result<Self, EsploraError> {
        let bad = |reason| EsploraError::Address { reason };
        let url = reqwest::Url::parse(root).map_err(|_| bad("it is no address"))?;
        if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
            return Err(bad("it is not http or https"));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(bad("it names a user"));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(bad("it has a query"));
        }
        let is_here = is_this_machine(&url) || url.host_str() == Some("localhost");
        let rate = (!is_here).then_some(Rate::PUBLIC);
        Ok(Esplora {
            http,
            root: root.trim_end_matches('/').to_owned(),
            turns: Turns::new(pause, rate),
            reach: Reach::known(known),
            all: Cell::new(false),
            memory: None,
            login: None,
            newest: RefCell::new(None),
            asset: RefCell::new(None),
        })
    }

    /// The same asked at a rate that somebody named.
    #[must_use]
    pub fn at_rate(self, rate: Rate) -> Self {
        let Esplora { turns, .. } = self;
        Esplora { turns: turns.at_rate(rate), ..self }
    }

    /// The same with a reach of one's own.
    #[must_use]
    pub fn reaching(self, reach: Reach) -> Self {
        Esplora { reach, ..self }
    }

    /// The same with a memory of what earlier surveys learnt.
    #[must_use]
    pub fn remembering(self, memory: Box<dyn LookMemory>) -> Self {
        Esplora { memory: Some(RefCell::new(memory)), ..self }
    }

    /// The same, logged in. The credentials are sent to this server, or to the token server that they name, and to nobody else.
    ///
    /// # Errors
    /// When they are for another host, would be sent unencrypted to another machine, or hold characters that no token has.
    pub fn logged_in(self, credentials: Credentials) -> Result<Self, EsploraError> {
        let login = Login::new(&self.root, credentials)?;
        Ok(Esplora { login: Some(Box::new(login)), ..self })
    }

    /// The root of its API, without a slash at its end.
    pub fn root(&self) -> &str {
        &self.root
    }

    /// What the next survey looks at.
    fn reach(&self) -> Reach {
        Reach { all: self.reach.all || self.all.get(), ..self.reach.clone() }
    }

    /// What earlier surveys learnt; none where nobody remembers.
    fn recall(&self) -> Option<Looks> {
        let memory = self.memory.as_ref()?;
        Some(memory.borrow_mut().recall().unwrap_or_default())
    }

    fn keep(&self, looks: &Looks) {
        if let Some(memory) = &self.memory {
            memory.borrow_mut().keep(looks);
        }
    }
}

/// Whether an address is this machine's own, by its number: a name may lead anywhere.
fn is_this_machine(url: &reqwest::Url) -> bool {
    matches!(url.host_str(), Some("127.0.0.1" | "[::1]"))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    struct Never;

    impl Pause for Never {
        async fn pause(&self, _duration: Duration) {
            panic!("nothing is asked again in these tests");
        }

        fn elapsed(&self) -> Duration {
            Duration::ZERO
        }
    }

    fn esplora(root: &str) -> Result<Esplora<Never>, EsploraError> {
        Esplora::new(Http::new().unwrap(), root, Never, UnusedIndices::default())
    }

    #[test]
    fn an_address_is_http_or_https_without_credentials() {
        assert_eq!(
            esplora("https://example.org/liquid/api/").unwrap().root,
            "https://example.org/liquid/api"
        );
        assert!(esplora("http://127.0.0.1:3000").is_ok());
        assert_eq!(esplora("https://example.org/liquid/api").unwrap().turns.rate(), Some(Rate::PUBLIC));
        assert_eq!(esplora("http://127.0.0.1:3000").unwrap().turns.rate(), None);
        for root in ["ftp://example.org", "hello", "https://me:x@example.org", "https://example.org/?a=b"] {
            assert!(matches!(esplora(root), Err(EsploraError::Address { .. })), "{root}");
        }
    }
}
