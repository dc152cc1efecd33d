//! Opening the chain of a keystore: is it this keystore's, unbroken, and the newest there was?

use coldamp_cli::{Failure, output};
use coldamp_core::elements::hex::{DisplayHex as _, decode_to_array};
use coldamp_core::network::Chain as Network;
use coldamp_core::sign::review::{JournalState, Policy};
use coldamp_core::signed::JournalPosition;
use coldamp_core::treasury::CtDescriptor;

use super::chain::{Chain, JournalKey, Link, claimed_creation};
use super::entry::{Created, Entry, PolicySet};
use super::error::{AppendError, OpenError};
use super::file::{FileError, Head, JournalPaths, LockedFile};
use super::state::state;
use super::treasury::{Registered, Registration, registered, registration};

/// The chain of a keystore, verified.
pub(crate) struct Journal {
    paths: JournalPaths,
    key: JournalKey,
    chain: Chain,
    locked: Option<LockedFile>,
}

/// What to do about a head that is missing: without one an older journal, or only the first line of this one, would
/// pass for the newest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MissingHead {
    /// Refuse the chain.
    Refuse,
    /// Take it: the operator says how many entries there are.
    Ask,
}

impl Journal {
    /// Starts the chain of a new keystore.
    ///
    /// # Errors
    /// When its files are there already or cannot be written.
    pub(crate) fn create(paths: &JournalPaths, key: &JournalKey, created: Created) -> Result<(), Failure> {
        let link = Chain::default().next(key, Entry::Created(created)).map_err(Failure::internal)?;
        output::create_file(&paths.journal, &link.line())?;
        // A journal without its head would be refused by every command, and a second try as one that exists already.
        paths
            .write_head(Head { number: link.number, mac: link.mac }, key)
            .inspect_err(|_| paths.remove_journal())?;
        Ok(())
    }

    /// Reads the chain of a keystore, which `own` describes.
    ///
    /// # Errors
    /// When it is missing, another's, broken, or older than it was.
    pub(crate) fn read(paths: JournalPaths, key: JournalKey, own: &Created) -> Result<Self, OpenError> {
        // The head first: a line that another process adds in between makes the journal longer, which is no fault.
        let head = paths.read_head(&key)?;
        let bytes = paths.read()?;
        Self::verified(paths, key, own, (head, MissingHead::Refuse), &bytes, None)
    }

    /// The same, and holds it until it is dropped: from the check to the entry, nobody else signs.
    ///
    /// # Errors
    /// As [`Journal::read`], and when another process holds it.
    pub(crate) fn lock(
        paths: JournalPaths,
        key: JournalKey,
        own: &Created,
        missing: MissingHead,
    ) -> Result<Self, OpenError> {
        let (locked, bytes) = paths.lock()?;
        let head = paths.read_head(&key)?;
        let journal = Self::verified(paths, key, own, (head, missing), &bytes, Some(locked))?;
        journal.heal(head)?;
        Ok(journal)
    }

    /// Brings to the disk what a process that was killed may have left in memory alone, and the head to the last entry:
    /// only then may a signature be given out again that an entry from before the crash stands for.
    fn heal(&self, head: Option<Head>) -> Result<(), OpenError> {
        let Some(locked) = &self.locked else { return Ok(()) };
        locked.sync().map_err(|error| OpenError::Sync(error.to_string()))?;
        let (Some(head), Some(last)) = (head, self.links().last()) else { return Ok(()) };
        if last.number > head.number {
            let head = Head { number: last.number, mac: last.mac };
            self.paths.write_head(head, &self.key).map_err(|error| OpenError::Sync(error.to_string()))?;
        }
        Ok(())
    }

    /// Writes the head of a chain that has lost its own.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(crate) fn write_head(&self) -> Result<(), AppendError> {
        let last = self.links().last().ok_or(AppendError::NotHeld)?;
        let head = Head { number: last.number, mac: last.mac };
        Ok(self.paths.write_head(head, &self.key)?)
    }

    fn verified(
        paths: JournalPaths,
        key: JournalKey,
        own: &Created,
        (head, missing): (Option<Head>, MissingHead),
        bytes: &[u8],
        locked: Option<LockedFile>,
    ) -> Result<Self, OpenError> {
        if let Some(claimed) = claimed_creation(bytes) {
            whose(&claimed, own)?;
        }
        if head.is_none() && missing == MissingHead::Refuse {
            return Err(OpenError::HeadMissing { path: paths.head.clone() });
        }
        let written = head.map_or(u32::MAX, |head| head.number);
        let chain = Chain::verify_up_to(bytes, &key, written)?;
        match chain.links().first().map(|link| &link.entry) {
            Some(Entry::Created(created)) => whose(created, own)?,
            _ => return Err(OpenError::NoFirstEntry),
        }
        if let Some(head) = head {
            let place = usize::try_from(head.number).unwrap_or(usize::MAX);
            match chain.links().get(place) {
                None => {
                    let expected = u64::from(head.number).saturating_add(1);
                    return Err(OpenError::Older { found: chain.links().len(), expected });
                }
                Some(link) if link.mac != head.mac => return Err(OpenError::Forked { number: head.number }),
                Some(_) => {}
            }
        }
        Ok(Journal { paths, key, chain, locked })
    }

    /// Writes an entry, and returns its place once it is on the disk.
    ///
    /// # Errors
    /// When it cannot be written. What depends on it must then not leave.
    pub(crate) fn append(&mut self, entry: Entry) -> Result<JournalPosition, AppendError> {
        let locked = self.locked.as_mut().ok_or(AppendError::NotHeld)?;
        let link = self.chain.next(&self.key, entry)?;
        let line = link.line();
        locked.append(u64::try_from(self.chain.length()).unwrap_or(u64::MAX), &line)?;
        let head = Head { number: link.number, mac: link.mac };
        self.chain.push(link, line.len());
        self.paths.write_head(head, &self.key)?;
        Ok(JournalPosition { id: self.id(), number: head.number, head: head.mac })
    }

    /// The policies in force, each as its entry has it and as it is judged by, in the order in which they were set.
    ///
    /// # Errors
    /// As [`Journal::state`].
    pub(crate) fn policies(&self) -> Result<Vec<(&PolicySet, Policy)>, OpenError> {
        let policies = self.state()?.policies.into_iter();
        let entry = |number: u32| self.links().get(usize::try_from(number).ok()?).map(|link| &link.entry);
        Ok(policies
            .filter_map(|policy| match entry(policy.number) {
                Some(Entry::PolicySet(set)) => Some((set.as_ref(), policy)),
                _ => None,
            })
            .collect())
    }

    /// The treasury that was registered last, if one was.
    ///
    /// # Errors
    /// When another version of this program wrote its entry.
    pub(crate) fn registered(&self, network: Network) -> Result<Option<Registered>, OpenError> {
        Ok(registered(self.links(), network)?)
    }

    /// What registering a treasury would do.
    pub(crate) fn registration(&self, descriptor: &CtDescriptor) -> Registration {
        registration(self.links(), descriptor)
    }

    /// Whether others than its owner can read the journal, which holds the view key of a registered treasury.
    ///
    /// # Errors
    /// When the file is not there any more.
    pub(crate) fn can_others_read(&self) -> Result<bool, FileError> {
        self.paths.can_others_read()
    }

    /// Its files.
    pub(crate) fn paths(&self) -> &JournalPaths {
        &self.paths
    }

    /// The id of the chain, as in the keystore.
    pub(crate) fn chain_id(&self) -> String {
        self.id().to_lower_hex_string()
    }

    /// The position of an entry.
    pub(crate) fn position(&self, number: u32) -> Option<JournalPosition> {
        let link = self.links().get(usize::try_from(number).ok()?)?;
        Some(JournalPosition { id: self.id(), number: link.number, head: link.mac })
    }

    /// The entries, in order.
    pub(crate) fn links(&self) -> &[Link] {
        self.chain.links()
    }

    /// What the chain says in the end.
    ///
    /// # Errors
    /// When another version of this program wrote an entry.
    pub(crate) fn state(&self) -> Result<JournalState, OpenError> {
        Ok(state(self.links())?)
    }

    /// What its MACs are made with.
    pub(super) fn key(&self) -> &JournalKey {
        &self.key
    }

    fn id(&self) -> [u8; 16] {
        match self.links().first().map(|link| &link.entry) {
            Some(Entry::Created(created)) => decode_to_array::<16>(&created.chain).unwrap_or_default(),
            _ => [0; 16],
        }
    }
}

/// Whether a chain says that it is this keystore's.
pub(super) fn whose(found: &Created, own: &Created) -> Result<(), OpenError> {
    let keys = |created: &Created| {
        format!("{} {} {} {}", created.network, created.policy_asset, created.fingerprint, created.descriptor)
    };
    if keys(found) != keys(own) {
        let words = |created: &Created| {
            let descriptor: String = created.descriptor.chars().take(16).collect();
            format!("fingerprint {} on {}, descriptor {descriptor}…", created.fingerprint, created.network)
        };
        return Err(OpenError::OtherKeys { found: words(found), expected: words(own) });
    }
    if found.chain != own.chain {
        return Err(OpenError::OtherChain { found: found.chain.clone(), expected: own.chain.clone() });
    }
    Ok(())
}
