//! What `coldamp` tells a person to do, by code. It names the commands and flags of `coldamp`, and of `coldamp-online`
//! where the PSET has to be prepared again.

use coldamp_core::code::Hints;
use coldamp_core::{contract_source, hints};

const PREPARE_AGAIN: &str = "Do not sign. Prepare a new PSET from AMP's request.";
const HOSTILE: &str = "Do not sign. Check that this is the right keystore for the PSET. If it is, somebody changed the PSET: treat the preparing machine as hostile.";
const OTHER_SOURCE: &str = "Do not sign. Prepare a new PSET with another chain source.";
const UNSIGNED: &str =
    "Use the PSET as `coldamp-online prepare` wrote it. It must not pass through another wallet or signer.";
const REQUEST_AGAIN: &str = "Get the request from AMP again, and do not edit it.";
const OWN_JOURNAL: &str = "Put back the keystore's own .journal and .head files, the newest there are. If only the .head is missing, use `coldamp journal rebuild-head`. If the journal is lost, use `coldamp restore` with the newest backup. Without any backup, use `coldamp key restore` with the words and the newest policy file.";

/// The table of `coldamp`.
pub(crate) const HINTS: Hints = hints! {
    // What the transaction pays.
    AmountMismatch => "Do not sign. Prepare a new PSET from AMP's request. If it happens again, treat the preparing machine as hostile.";
    RecipientMismatch => "Do not sign: somebody else would be paid. Treat the preparing machine as hostile.";
    BlindingKeyMismatch => "Do not sign: the recipient could not open the output. Prepare a new PSET on another machine.";
    RecipientMissing | AssetMismatch | MustBeBlinded | IssuanceKind | IssuanceInflationKeys | IssuanceInput |
    IssuanceNonce | TokenNotConserved | TokenUnblinded | BurnAsset | BurnAmount | BurnScript | FeeShape |
    FeeAsset | AssetUnbalanced | InputDuplicate | PegIn | UtxoClaim | UnlistedInput | BlinderIndex | Script |
    Locktime | Modifiable | ZeroAmount => PREPARE_AGAIN;
    OutputUnexplained | IssuanceAmount | IssuanceUnexpected | TokenEscapes | ChangeForged | ChangeBlinding |
    Sighash => HOSTILE;
    TooFewBlinded => "Send some L-BTC to a confidential address of the treasury and prepare a new PSET: with one more coin two outputs are blinded.";
    IssuanceAsset => "Do not sign. Prepare a new PSET with the transaction that issued this asset (`coldamp-online prepare --issuance-tx TXID`).";
    IssuanceBlinded => "Prepare a new PSET. Consensus wants the reissued amount explicit if the asset was issued explicit, and blinded if it was issued blinded.";
    TokenUnexpected => "Do not sign. A distribution or a burn never spends a reissuance token or another asset.";
    FeeTooHigh => "Do not sign. If nobody named a fee rate, treat the preparing machine as hostile. Else prepare a new PSET with a lower `--fee-rate`. If the fee is meant, a policy with a higher `max_fee_sat` allows it (`coldamp policy apply`).";
    FeeTooLow => "Prepare a new PSET with a `--fee-rate` of at least 100 sat/kvB.";
    ChangePath => "Do not sign: wallets would not find the coin. Prepare a new PSET. If the keystore was restored and the treasury has used more addresses than this journal knows, say so with `coldamp journal used`.";
    // Inputs and coins.
    InputForeign | InputKey => "Check that keystore and PSET belong to the same treasury. Coldamp signs no transaction with inputs of others. If the treasury has several keys, its descriptor must be registered here (`coldamp key register`). If all of that is right, prepare a new PSET.";
    UtxoCommitment | UtxoTxid | Entropy => OTHER_SOURCE;
    UtxoUnblindable => "Prepare a new PSET with the signed.json that made the coin (`coldamp-online prepare --openings FILE`), or without the coin. A coin that cannot be opened is not signed for.";
    RequiredUtxo => "Ask AMP for a new request if its list of token outputs is out of date, and prepare a new PSET. Use `--allow-missing-token-utxos` only if Blockstream support asked for it.";
    // The PSET itself.
    Preblinded => "Do not sign: another signer of this PSET would sign proofs that are not this treasury's. Use the PSET as `coldamp-online prepare`, with `--blinded` or without, wrote it.";
    Scalar | SigsPresent => UNSIGNED;
    Version => "If it is a PSET, prepare it again. If it is a signed file, use the Coldamp version that wrote it.";
    UnknownField => "Prepare a new PSET with a `coldamp-online` of the same version as this `coldamp`.";
    Contract => concat!(contract_source!(), " A PSET can also be prepared without `--contract`. If the right contract was used, treat the preparing machine as hostile.");
    Network => "Check the network of the keystore, and the `--network` that the PSET was prepared with.";
    TooHeavy => "Distribute to fewer holders at once: split the assignments at AMP.";
    AmountRange => "Prepare a new PSET with smaller amounts, or without that coin.";
    ExplicitSum => "Burn or pay less at once.";
    // The request.
    RequestMissing => "Give AMP's request with `--request FILE`.";
    RequestDiffers => "Find out which of the two is AMP's request. Prepare a new PSET from that one.";
    Parse => "Carry the file over again. If it stays so, get it again from the machine that made it.";
    JsonShape | AmountSyntax => REQUEST_AGAIN;
    TextUnsafe => "Do not sign: a text of the request is written to mislead. Get the request from AMP again. If it is the same, tell AMP.";
    Command => "Use a request for a distribution, a reissue or a burn. Others are not supported.";
    Address => "Check that request and keystore belong to the same network.";
    Host => "Check the network of the keystore. If it is right, do not use this file: its report and AMP's password would go to this host.";
    ClientVersion => "Get a newer Coldamp before you sign anything for AMP.";
    RequestAsset => "Do not sign. AMP distributes, reissues and burns issued assets, never L-BTC.";
    // Journal and history.
    AlreadySigned => "Send the transaction that was signed before. To replace it, prepare with `--replace` and its signed.json: the new transaction must spend a coin of every earlier one for this request. If an earlier one can never confirm, use `coldamp journal declare-void`.";
    VoidRevived => "Do not sign: the request could be paid twice. If nobody here asked for this PSET, treat the preparing machine as hostile. To sign a transaction again that was signed before, prepare its request with another `--fee-rate`: the new transaction excludes the old one. At `coldamp journal declare-void`, name a confirmed transaction that spends a coin of the entry.";
    OpenTwin => "Find out whether AMP has cancelled the older distribution. If so, prepare with `--replace` and the older signed.json, so that both cannot confirm. If both are meant, sign at a terminal without `--approve`, and type the older uuid.";
    JournalBusy => "Wait until the other `coldamp` is done, then run it again.";
    Journal => OWN_JOURNAL;
    PolicyMac => "Somebody changed the policy without the keystore. Put back the keystore's own .journal, and treat whoever had access as hostile.";
    KeyMismatch => "Put back this keystore's own .journal, or name the keystore that this journal belongs to.";
    // Policy and approval.
    PolicyAsset => "Check the asset id. If this asset is meant, set a policy for it with `coldamp policy apply`.";
    PolicyMax => "Ask whoever set the policy. `coldamp policy apply` sets another one.";
    PolicyRecipients => "Split the distribution at AMP, or ask whoever set the policy.";
    PolicyBudget => "Ask whoever set the policy. A policy file that names this job in `renew_budgets` starts the budget again (`coldamp policy apply`).";
    PolicyUnconfidential => "Have the holder register a confidential address at AMP, and ask AMP for a new request.";
    ApprovalCode => "It is mistyped, or the code of another PSET. Compare it group by group with the code that `coldamp review` shows for this PSET and this keystore.";
    ApprovalMissing => "Have an approver run `coldamp approve` on this PSET or policy file, and give the result with `--approval FILE`.";
    ApprovalSignature => "Have an approver whom the policy names approve this PSET or policy file, with a keystore of other words than the treasury's.";
    PolicyWeaker => "Run it at a terminal without `--approve-sha256`, which approves only what makes no rule weaker.";
    PolicyFile => "Compare the SHA-256 with the one on the machine where the policy file was written.";
    RegisterFile => "Save the register as CSV in UTF-8, with commas, a header, and an address in every row. docs/formats.md names the columns.";
    RegisterDiffers => "Do not approve. Find out with the issuer whether the register or the request is wrong.";
    PrecisionUnproven => "Give the register's amounts in base units, in a column named amount. Or have the PSET prepared with the asset's contract (`coldamp-online prepare --contract FILE`).";
    SignedDiffers => "Do not send it. The file was changed on its way, or the machine that signed it cannot be trusted. Sign the PSET again on a machine that you trust.";
    // Parts of a signature.
    PartField => "Carry the part over again. If it stays so, sign the same PSET again on the machine that made it: that gives the same signatures.";
    PartDescriptor => "Check that the signer signed for this treasury. All signers and this keystore must have the same descriptor.";
    PartContent | PartTxid => "Combine each part with the PSET that its signer signed. All signers must sign the same PSET.";
    PartKey => "Do not use this part. It is not signed by a key of this treasury. Find out who made it.";
    PartTwice => "Give each signer's part once, and leave out the other. If two signers name one journal, one of the parts was changed: find out who carried it.";
    PartSighash => "Do not use this part: others could change what it signs. Have its signer sign with ALL|RANGEPROOF (0x41), as `coldamp sign` does; another signer of several keys may sign with ALL (0x01).";
    PartSignature => "Do not use this part. Have its signer sign the same PSET again. If the signature is wrong once more, do not trust that machine.";
    PartPset => "Do not use this part. Have its signer sign the PSET that was handed over. If nobody here changed it, treat whoever had it as hostile.";
    PartsMissing => "Get a part of each signer who is missing, and combine all parts. A PSET that nobody has signed is no part.";
    ProofsUnsigned => "Have one of the signers sign with `coldamp`, and combine again with that part. If none of them can, keep this signed.json: it opens the coins of the treasury whose proofs were replaced (`coldamp-online prepare --openings`).";
    // Warnings.
    NoPolicy => "Check asset and amount yourself, or set limits with `coldamp policy apply`.";
    NoJournal => "Check that no transaction was signed for this request before.";
    EarlierUnknown => "Make sure that nothing signed before can still be sent, then use `coldamp journal acknowledge-unknown`.";
    LaterUnknown => "Apply the newest policy file again. Look for higher entry numbers in signed files and notes, then use `coldamp journal compare`. When nothing of what is missing can still be sent, use `coldamp journal acknowledge-unknown`.";
    SignedBefore => "Signing it again gives the same transaction, which pays once. If its entry was declared void, do not sign before you know whether its request was signed again.";
    Alike => "Make sure that both transactions are meant.";
    VoidConfirmed => "Look whether that transaction has confirmed. If it has, it has paid: find out whether its request was paid a second time, before you sign.";
    TokensLeftOut => "Sign only if Blockstream support asked you to leave token outputs out.";
    TickerNotProven | MayBeToken => "Compare the asset id with the one you keep on paper, or prepare with the asset's contract (`--contract FILE`).";
    NoTicker => "Compare the asset id with the one you keep on paper.";
    OpeningUsed => "Nothing is needed: the opening matches both commitments of the coin.";
    FarIndex => "Of a coin, nothing is needed: anybody who knows an address can pay there. Of an output, make sure that the treasury has used its addresses that far.";
    UnconfidentialRecipient => "Check that a public amount is meant. Otherwise have the holder register a confidential address at AMP.";
    OwnRecipient => "Check that a payment to the treasury itself is meant.";
    NotUnderstood => "Read the names of these fields. If one of them changes what is to be done, get a newer Coldamp before you sign.";
    OldClientVersion => "Ask AMP for a new request if this one is old.";
    // The descriptor of a treasury.
    Descriptor => "Name the file of a CT descriptor, as it was assembled of the signers' keys. If it is the right file, carry it over again: one character of it is wrong.";
    NotSlip77 => "Have the descriptor assembled with a view key as slip77(KEY).";
    ScriptType => "Use a treasury of one key (elwpkh, elsh(wpkh)), or of multi or sortedmulti in elwsh or elsh(wsh). Taproot is not supported.";
    KeyShape => "Have each key written as [fingerprint/path]xpub/<0;1>/*. `coldamp key account` prints what comes before /<0;1>/*.";
    KeyTwice => "Do not register it: one person would sign for two. Each signer needs words of his own.";
    Quorum => "Have the descriptor assembled with 1 to 15 keys, and with no more signatures than keys.";
    OtherTreasury => "If the registered treasury was wrong, and nothing was signed for it, run it at a terminal with --replace. A keystore that has signed for a treasury keeps to it: make another one with other words.";
    CredentialsOpen => "Run `chmod 600` on the .journal file. On a medium without permissions (exFAT), move keystore, .journal and .head to one that has them.";
    // The profile.
    Profile => "Correct it in an editor, by docs/formats.md (profile). Paths are absolute or begin with ~/, and no key stands in it twice.";
    ProfileOpen => "Run `chmod go-w` on the file and the folder that are named, and read the file before you use it. It must belong to you.";
    ProfileSecret => "Take the secret out of the profile. Words and passphrases are typed, or stand in files of their own.";
    // The folder of a job.
    Job => "Name the job's folder, or the file. The folders of jobs are in the folder that the profile names as `jobs`, else in ~/coldamp-jobs. Put no links into a job's folder.";
    JobAmbiguous => "Name the folder of the job that is meant.";
    // Files.
    Encoding => "Save the file once more as UTF-8 without a byte order mark. Do not edit what AMP or a signer wrote: get it again.";
    Content | Internal => "This is a fault of Coldamp. Report the line above: it holds no key that spends.";
    // QR codes.
    BbqrTooMany => "Carry the file on a USB stick, or show larger QR codes: make the terminal larger or its font smaller.";
    BbqrOversize => "Do not use this file. If QR codes of Coldamp were scanned, scan them again.";
    BbqrNoFrame => "Scan the QR codes that `qr show` or the page shows. With zbarcam, use --raw.";
    BbqrEncoding | BbqrFileType => "Scan the QR codes that `qr show` or the page shows, or bring the file on a USB stick.";
    BbqrNumber | BbqrCharacters | BbqrDamaged => "Scan all QR codes again. If it stays so, bring the file on a USB stick.";
    BbqrCount | BbqrTypeChanged | BbqrOtherRow | BbqrConflict | BbqrLength => "QR codes of two files were mixed. Show one file only, and scan all its QR codes again.";
    BbqrIncomplete => "Let the QR codes run through once more, and scan until this program says that the file is complete.";
    QrKind => "A PSET, signatures, an approval, a descriptor, an account key and an address are shown. Carry other files on a USB stick.";
    QrSecret => "Keys, words and encrypted files do not leave this machine by its screen. Use `coldamp backup` and a medium that stays with the machine.";
    QrSignedFile => "Show the signatures alone: `coldamp sign --signatures` on the same PSET writes them. `coldamp-online combine` makes the same signed.json of them. Or carry the file on a USB stick.";
    QrTerminal => "Run it in a terminal, make the terminal larger or its font smaller, or carry the file on a USB stick.";
    // What only a machine with a network shows by its code.
    [elsewhere] KeysExposed | Index | SignedField | Payload |
    Source | NothingOurs | IssuanceNotFound | NoIssuance | NoTransaction | NoOutput | Transaction | Txid |
    LeftOut | Stale | EsploraAddress | EsploraUnreachable | EsploraLimited | EsploraCredentials |
    EsploraRefused | EsploraAnswer | NodeAddress | NodeCredentials | NodeUnreachable |
    NodeRefused | NodeAnswer | MissingCoins | TokenMissing | NotTheToken | CoinsSpent | CoinsReserved |
    NothingToReplace | CannotReplace | TooMany | Overflow | Record | Pset | PreparedBefore | OtherCoins |
    Promised | AmpUnreachable | AmpFailed | AmpCredentials | AmpRefused | AmpAnswer | AnswerDiffers |
    AmpDiffers | LostOutputs | NothingToDistribute | AssignmentsChanged | DistributionOpen | TotalDiffers |
    LockUnproven | LocksLeft | NoAssignments | NoAddress | AlreadyDistributed | BlindersMissing | AddressesMissing | TreasuryDiffers | AssetExists | IssueUnknown | IssueDiffers | SetupOpen | Unopened | JournalFork | InputSpent |
    Rejected | Unclear | NotSent | NotYet | ReportUnknown | ReportMissing | ReportDiffers | RecordDiffers |
    OtherTransaction | Log | LogBusy | UrKind | UrUnblinded | UrTooMany | UrOversize | UrNoFrame | UrType | UrSequence | UrCharacters |
    UrChecksum | UrCbor | UrMixed | UrConflict | UrIncomplete | BbqrEmpty | BbqrFrameSize | Page | Uuid | Amount | FeeRate | ServerAddress | TooLarge | Unreadable | Camera |
    RecordChanged | KeptOtherwise | MayBeSent | MayBeReported | Storage | NoLocks | Cancelled | Argument |
    EngineStopped;
};

const _: () = assert!(HINTS.is_complete(), "offline-cli/src/hints.rs must name every code once");
