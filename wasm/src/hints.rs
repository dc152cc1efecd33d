//! What the page tells a person to do, by code. It names the page's own fields and buttons.

use coldamp_core::code::Hints;
use coldamp_core::{contract_source, hints};

const PREPARE_AGAIN: &str = "Do not hand this PSET over. Prepare it again from AMP's request. If it happens again, do not trust this computer.";
const OTHER_SOURCE: &str =
    "Do not hand this PSET over. Read the coins from another chain source, then prepare it again.";
const AS_WRITTEN: &str = "Use the PSET as this page, or `coldamp-online prepare`, wrote it. It must not pass through another wallet or signer.";
const ANOTHER_ASSET: &str = "Enter the transaction that issued this asset, or leave the field empty.";
const SAVE_AGAIN: &str = "Save AMP's answer once more, byte for byte. If the result is the same, AMP has changed, or somebody between you and AMP changed it.";
const WATCH: &str = "Use the whole, unchanged text that `coldamp key watch` wrote on the air-gapped machine.";
const WATCH_AGAIN: &str = "Use the whole, unchanged text that `coldamp key watch -o FILE` wrote on the air-gapped machine. If that file is empty, it was written with `>` and the command failed: delete the file, and write it with -o.";
const SERVER: &str =
    "Check the address and the connection, then try again. Coins that were opened are not opened again.";
const TRY_AGAIN: &str = "Try again. The page first checks what has arrived, and sends nothing twice.";
const OTHER_FILE: &str = "This QR code belongs to another file. Start scanning again.";
const NO_FRAME: &str = "Scan all QR codes that `coldamp qr show` shows, or bring the file on a USB stick.";
const BASE_UNITS: &str =
    "Enter a whole number of base units: AMP's number times 10^8, without point or comma.";

/// The page's table.
pub(crate) const HINTS: Hints = hints! {
    // What a PSET is refused for.
    AmountMismatch | RecipientMismatch | BlindingKeyMismatch | RecipientMissing | OutputUnexplained |
    AssetMismatch | MustBeBlinded | IssuanceAmount | IssuanceKind | IssuanceInflationKeys |
    IssuanceUnexpected | IssuanceBlinded | IssuanceInput | IssuanceNonce | TokenEscapes | TokenNotConserved |
    BurnAsset | BurnAmount | BurnScript | FeeShape | FeeAsset | ChangeForged | ChangeBlinding |
    AssetUnbalanced | InputDuplicate | PegIn | UtxoClaim | UnlistedInput | BlinderIndex | Sighash | Script |
    Locktime | Modifiable | ZeroAmount | RequestDiffers | Content | Pset => PREPARE_AGAIN;
    UtxoCommitment | UtxoTxid | Entropy => OTHER_SOURCE;
    Preblinded | Scalar | SigsPresent | UnknownField | RequestMissing => AS_WRITTEN;
    InputForeign | InputKey => "Check that this PSET belongs to the treasury of step 1. If it does, prepare it again.";
    UtxoUnblindable => "Give the signed.json that made the coin as an opening in the settings, then prepare again.";
    RequiredUtxo => "Ask AMP for a new request if its list of token outputs is out of date. Tick “Allow missing token outputs” only if Blockstream support asked for it.";
    AmountRange => "Use smaller amounts, or join fewer coins at once.";
    IssuanceAsset => ANOTHER_ASSET;
    TokenUnexpected => "Do not use this request. AMP distributes, reissues and burns the asset, never its reissuance token.";
    TokenUnblinded => "Send the token to a confidential address of the treasury. When that has confirmed, ask AMP for the request again.";
    TooHeavy => "One distribution is one transaction. Assign to at most that many holders at a time, and ask AMP before you cancel this distribution.";
    TooFewBlinded => "Send some L-BTC to a confidential address of the treasury. A blinded L-BTC coin hides the amount.";
    ExplicitSum => "Burn less at a time, or have unconfidential recipients give confidential addresses.";
    FeeTooLow => "Choose a higher fee rate. If the transaction is signed and nodes refuse it, prepare the same request again, replacing this file, with the fee calculated on the full size.";
    FeeTooHigh => "Choose a lower fee rate. A replacement pays the earlier fee, and relay of its own full size on top.";
    ChangePath => "Coldamp signs nothing that pays the treasury above index 20,000. If the output is a recipient, tell AMP. If not, read the coins from another chain source. If every lower address is really used, move the coins to a new treasury.";
    Contract => concat!(contract_source!(), " Or prepare without a contract: amounts are then shown in base units.");
    Network => "Choose the network of the treasury at step 1. Descriptor, files and chain source must all belong to it.";
    Version => "If it is a PSET, prepare it again. If it is a signed file, get the Coldamp version that wrote it, or sign again.";
    SignedDiffers => "Do not send. The file was changed on its way, or belongs to another PSET. Check it on a second air-gapped machine.";
    // The request.
    Parse => "Choose the file again, whole and unchanged, as the program that made it wrote it.";
    JsonShape | Command => SAVE_AGAIN;
    AmountSyntax => "In a field, enter a whole number of base units above 0. In a request, save AMP's answer once more, byte for byte, and do not edit it.";
    TextUnsafe => "Do not use it. Save AMP's answer once more. If the result is the same, tell AMP.";
    Address => "Check that the network is the asset's. If it is, the holder's address at AMP is wrong: have it corrected at AMP, not here.";
    Host => "Do not log in. The report and your password would go to this host. Find out where it comes from.";
    ClientVersion => "Get a newer Coldamp. AMP's rules may have changed.";
    RequestAsset => "Check the network. L-BTC is not an asset of AMP's.";
    // Warnings.
    TokensLeftOut => "Hand it over only if Blockstream support asked you to leave token outputs out.";
    TickerNotProven | MayBeToken => "Compare the asset id with the one you keep on paper, or prepare with the asset's contract.";
    NoTicker => "Compare the asset id with the one you keep on paper.";
    OpeningUsed => "Nothing is needed: the opening matches both commitments of the coin. Keep the signed.json that it comes from.";
    FarIndex => "Of a coin, nothing is needed: anybody who knows an address can pay there. Of an output or of change, check that the treasury has used its addresses that far. If it has not, read the coins from another chain source.";
    UnconfidentialRecipient => "Check with the holder that a public amount is meant. Otherwise have the holder register a confidential address at AMP.";
    OwnRecipient => "Check at AMP that a payment to the treasury itself is meant.";
    NotUnderstood => "Read the names of these fields. If one of them changes what is to be done, get a newer Coldamp first.";
    OldClientVersion => "Ask AMP for a new request if this one is old.";
    // Any file, and the descriptor.
    Encoding => "Save the file once more as UTF-8 without a byte order mark. Do not edit what AMP or a signer wrote: get it again.";
    KeysExposed => "Treat these keys as stolen: they have been on a machine with a network. Make a new treasury with `coldamp key new` on the air-gapped machine and send the asset, its reissuance token and all L-BTC there. Delete every copy here.";
    Descriptor => WATCH_AGAIN;
    NotSlip77 | ScriptType | KeyShape | Index => WATCH;
    KeyTwice | Quorum => "Correct the descriptor of the treasury of several keys where it was made: each key once, and k from 1 to the number of keys, at most 15.";
    // Reading the treasury.
    Source | NoTransaction | EsploraUnreachable => SERVER;
    NothingOurs => "Check that the descriptor and the chain source belong to the same treasury, and that it has received something.";
    IssuanceNotFound | NoIssuance => "Enter the transaction that issued the asset. A transactions file must contain it.";
    NoOutput => "Try again. If it stays so, do not trust this chain source.";
    Transaction => "Make the transactions file again with a node that you trust. An entry was altered.";
    Txid => "Enter the 64 hexadecimal digits of a transaction id. If a file is refused, make it again with a node that you trust.";
    LeftOut => "Check whether the request can do without these coins. A node, or the signed.json that made them, may open them.";
    Stale => "Read the coins again.";
    EsploraAddress => "Enter the root of an Esplora API, https://HOST/PATH.";
    EsploraLimited => "Wait, then try again. What was read is not asked for again.";
    EsploraCredentials => "Start `coldamp-online serve` with valid Esplora credentials. The page has none of its own.";
    EsploraRefused | EsploraAnswer => "Check that this is an Esplora server of the treasury's network, with Elements' API.";
    // Preparing.
    MissingCoins => "Wait until payments to the treasury have confirmed. L-BTC pays the fee. A burn takes the asset only from coins that AMP lists.";
    TokenMissing => "Ask AMP whether its list of token outputs is out of date. Leave some out only if Blockstream support asked for it.";
    NotTheToken => "Do nothing before AMP has corrected its list: it names an output that is not a token of this asset.";
    CoinsSpent => "Find out which transaction spent the coin. If it was this request's own, the request is paid: report its signed file. If it was another one, and this request was prepared before, release this request below and prepare again. If AMP's request lists the coin, ask AMP for a new request.";
    CoinsReserved => "Finish the other prepared request first. If it will never be signed, release it below and prepare again. Every other request keeps its coins.";
    NothingToReplace => "If the earlier transaction has confirmed, report it. If it was never sent, prepare without replacing it.";
    CannotReplace => "Choose the signed file of this request as the one to replace, or prepare a request that may spend these coins.";
    TooMany => "Join small coins into larger ones first, with transactions of their own.";
    Overflow => "Check the amounts at AMP and the fee rate.";
    Record => "Use the record as it was kept. Without it, coins and addresses would be used twice.";
    PreparedBefore => "Sign only one of the PSETs of this request, unless both spend a coin in common.";
    OtherCoins => "Check the inputs in the review.";
    Promised => "Nothing is needed. Finish the other prepared requests to free their coins.";
    // AMP.
    AmpUnreachable | AmpFailed | Unclear => TRY_AGAIN;
    AmpCredentials => "Check user name and password. An account belongs to one of AMP's hosts.";
    AmpRefused => "Read AMP's own words. Nothing was changed there.";
    AmpAnswer => "Get a newer Coldamp: AMP's API has changed, or this is not AMP.";
    AnswerDiffers => "Keep AMP's answer. Do not prepare it before you know why it differs.";
    AmpDiffers => "Do not approve this request. Find out who wrote the file, and whether AMP has changed since.";
    LostOutputs => "Report any transaction that was not reported, or contact AMP, before anything else is spent.";
    NothingToDistribute => "Create assignments at AMP first.";
    AssignmentsChanged => "Nothing was made. Look again, compare the assignments with what is to be paid, and confirm the new total.";
    DistributionOpen => "Finish that distribution first. If its answer was lost, the page can write its request again from AMP's assignments.";
    TotalDiffers => "Compare with the assignments at AMP, and type the base units shown above.";
    NoAssignments => "Do not pay it: it was cancelled at AMP, or belongs to another asset. To make sure that nobody pays it, prepare another request that replaces it.";
    NoAddress => "Ask AMP for its answer to distributions/create. Without the address nobody can be paid.";
    AlreadyDistributed => "Do not pay it again. Look at AMP which transaction paid it.";
    // Parts of a signature.
    PartField => "Carry the part over again. If it stays so, sign the same PSET again on the machine that made it: that gives the same signatures.";
    PartDescriptor => "Check that the signer signed for this treasury. All signers and this page must have the same descriptor.";
    PartContent | PartTxid => "Combine each part with the PSET that its signer signed. All signers must sign the same PSET.";
    PartKey => "Do not use this part. It is not signed by a key of this treasury. Find out who made it.";
    PartTwice => "Give each signer's part once, and leave out the other. If two signers name one journal, one of the parts was changed: find out who carried it.";
    PartSighash => "Do not use this part: others could change what it signs. Have its signer sign with ALL|RANGEPROOF (0x41), as `coldamp sign` does; another signer of several keys may sign with ALL (0x01).";
    PartSignature => "Do not use this part. Have its signer sign the same PSET again. If the signature is wrong once more, do not trust that machine.";
    PartPset => "Do not use this part. Have its signer sign the PSET that was handed over. If nobody here changed it, treat whoever had it as hostile.";
    PartsMissing => "Get a part of each signer who is missing, and combine all parts. A PSET that nobody has signed is no part.";
    ProofsUnsigned => "Have one of the signers sign with `coldamp`, and combine again with that part. If none of them can, keep this signed.json: as an opening in the settings of step 4 it opens the coins of the treasury whose proofs were replaced.";
    // The signed file, sending and reporting.
    SignedField => "Use the file that `coldamp sign` wrote. If this is it, it was altered on its way: sign the same PSET again, which gives the same file.";
    Payload => "Do not send. The report was altered, or the signing machine made a wrong one. Sign the same PSET again.";
    InputSpent => "Only one of the two transactions can confirm. Look at the other one before anything is signed again.";
    Rejected => "Read the node's own words. Nothing was sent.";
    NotSent => "Send it first.";
    MayBeSent => "Broadcast again: the page looks for the transaction first, and sends it only if it is not there. Do not cancel the distribution at AMP before that.";
    MayBeReported => "Report again: the page looks at AMP's record first, and posts nothing twice.";
    NotYet => "Try again when it has two confirmations.";
    ReportUnknown => "Look at AMP whether it has the transaction. If it does not, tick “Report again, though an earlier report may have arrived”.";
    ReportMissing => "Try again later: AMP's record may be behind, and trying again posts nothing. If it stays so, ask AMP. If AMP does not have the report, tick “Report again, though an earlier report may have arrived”.";
    RecordDiffers => "Show AMP these lines before the next job. The report was accepted.";
    OtherTransaction => "Two transactions were made for one distribution. Find out at AMP which one paid the holders.";
    Log => "Keep this file's log, unchanged, where the browser can store it. Without it, look at the chain and at AMP before you continue.";
    LogBusy => "Wait until the other tab has finished, or close it, then try again. The page looks first, and does nothing twice.";
    // QR codes.
    BbqrCount | BbqrTypeChanged | BbqrOtherRow | BbqrConflict | BbqrLength => OTHER_FILE;
    BbqrNoFrame | BbqrEncoding | BbqrFileType | BbqrNumber | BbqrCharacters | BbqrDamaged => NO_FRAME;
    BbqrEmpty => "Choose the file as it was written.";
    BbqrFrameSize => "Choose another size of the QR codes.";
    BbqrTooMany => "Show larger QR codes, or carry the file on a USB stick.";
    BbqrOversize => "Do not use this file. If QR codes of Coldamp were scanned, scan them again.";
    QrKind => "Choose a PSET, signatures, an approval, a descriptor, an account key or an address. Carry other files on a USB stick.";
    QrSignedFile => "Carry it on a USB stick. Or have `coldamp sign` write the signatures alone in place of signed.json, and show these.";
    // The page itself.
    Page => "This is a mistake in the page. Report it: what you did, and this text.";
    Uuid => "AMP shows an asset's uuid beside its name: 8-4-4-4-12 hexadecimal digits.";
    Amount => BASE_UNITS;
    FeeRate => "Enter a whole number. 100 sat/kvB is the least that nodes relay, and usually enough.";
    ServerAddress => "Enter the server's whole address, without user and password.";
    TooLarge => "Choose another file.";
    Unreadable => "Copy the file to this computer first.";
    Camera => "Allow the camera for this page, which needs https or 127.0.0.1, or bring the file on a USB stick.";
    RecordChanged => "Prepare again. It skips the coins that the other request has reserved.";
    KeptOtherwise => "Finish here what you prepared here, then reload this tab: it then goes on with what is kept. A reload forgets what only this tab knows.";
    Storage => "Allow the browser to store data for this page, or work without “Remember on this computer” and keep the files yourself.";
    NoLocks => "Use a current browser with the page of `coldamp-online serve`, or the command line.";
    Cancelled => "Start it again when you like. The page looks first, and does nothing twice.";
    Argument => "This is a mistake in the page. Report it: what you did, and this text.";
    EngineStopped => "Reload the page and begin again with the treasury. What was sent or reported is looked up, and not done twice.";
    Internal => "Report the line above, without amounts and addresses if you like. Then reload the page.";
    // What only a command line shows: journal, policy, approval, a node, and files in a folder.
    [elsewhere] AlreadySigned | VoidRevived | OpenTwin | JournalBusy | Journal | PolicyMac | KeyMismatch | OtherTreasury |
    PolicyAsset | PolicyMax | PolicyRecipients | PolicyBudget | PolicyUnconfidential | ApprovalCode |
    ApprovalMissing | ApprovalSignature | NoPolicy | NoJournal | EarlierUnknown | LaterUnknown |
    SignedBefore | Alike | VoidConfirmed | PolicyWeaker | PolicyFile | CredentialsOpen | NodeAddress |
    NodeCredentials | NodeUnreachable | NodeRefused | NodeAnswer | BlindersMissing | AddressesMissing | TreasuryDiffers | AssetExists | IssueUnknown | IssueDiffers | SetupOpen | Unopened | JournalFork |
    ReportDiffers | LockUnproven | LocksLeft | RegisterFile | RegisterDiffers | PrecisionUnproven |
    UrKind | UrUnblinded | UrTooMany | UrOversize | UrNoFrame | UrType | UrSequence | UrCharacters | UrChecksum |
    UrCbor | UrMixed | UrConflict | UrIncomplete | BbqrIncomplete | QrSecret | QrTerminal | Profile | ProfileOpen | ProfileSecret |
    Job | JobAmbiguous;
};

const _: () = assert!(HINTS.is_complete(), "wasm/src/hints.rs must name every code once");
