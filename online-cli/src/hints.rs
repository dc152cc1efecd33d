//! What `coldamp-online` tells a person to do, by code. Where a command knows more of the case, `refusal` says that instead.

use coldamp_core::code::Hints;
use coldamp_core::{contract_source, hints};

const NO_SIGNER: &str = "Nothing was written, because no signer would sign this PSET. Check the request and the chain source. If both are right, report the line above.";
const WATCH: &str =
    "Name with --descriptor the file that `coldamp key watch -o FILE` wrote on the air-gapped machine.";
const WATCH_AGAIN: &str = "Name with --descriptor the file that `coldamp key watch -o FILE` wrote on the air-gapped machine. If it is empty, it was written with `>` and the command failed: delete the file, and write it with -o.";
const SAVE_AGAIN: &str = "Save AMP's answer once more, byte for byte. If the result is the same, AMP has changed, or somebody between you and AMP changed it.";
const RUN_AGAIN: &str = "Run the same command again. It looks first, and sends nothing twice.";
const ESPLORA: &str = "Check that this is an Esplora server of the network, with Elements' API.";
const NODE: &str = "Check that this is an Elements node of the network, fully synced.";
const ISSUANCE: &str = "Name the transaction that issued the asset with --issuance-tx, or leave the option out if the chain source finds it. A transactions file must contain it.";

/// The table of `coldamp-online`.
pub(crate) const HINTS: Hints = hints! {
    // What the review of a PSET that was just prepared may find.
    AmountMismatch | RecipientMismatch | BlindingKeyMismatch | RecipientMissing | OutputUnexplained |
    AssetMismatch | MustBeBlinded | IssuanceAmount | IssuanceKind | IssuanceInflationKeys |
    IssuanceUnexpected | IssuanceBlinded | IssuanceInput | IssuanceNonce | TokenEscapes | TokenNotConserved |
    BurnAsset | BurnAmount | BurnScript | FeeShape | FeeAsset | ChangeForged | AssetUnbalanced |
    InputForeign | InputKey | InputDuplicate | PegIn | UtxoCommitment | UtxoClaim | UtxoUnblindable |
    UtxoTxid | RequiredUtxo | UnlistedInput | Preblinded | Scalar | BlinderIndex | Sighash | SigsPresent |
    Script | Locktime | Modifiable | UnknownField | Entropy | ZeroAmount | RequestMissing | RequestDiffers |
    Content | Pset => NO_SIGNER;
    ChangeBlinding => "The request pays one of the treasury's own scripts under another blinding key. Tell AMP, and do not sign.";
    ChangePath => "Coldamp signs nothing that pays the treasury above index 20,000. If the output is a recipient, tell AMP. If not, ask for every script again with --full-scan, or ask another chain source. If every lower address is really used, move the coins to a new treasury.";
    AmountRange => "Prepare smaller amounts, or join fewer coins at once. No range proof hides so much in one output.";
    FeeTooHigh => "Leave out --fee-rate, or name a lower one. If the air-gapped machine's policy allows more, name its cap with --max-fee. A replacement pays the earlier fee, and 100 sat/kvB of its own full size on top.";
    FeeTooLow => "Leave out --fee-rate, or name a higher one. If a node refuses a signed transaction for its fee, prepare the request again with --replace FILE --fee-basis full and a higher --fee-rate.";
    TooHeavy => "One distribution is one transaction. Assign to at most that many holders at a time, and ask AMP before you cancel this distribution.";
    TooFewBlinded => "Send some L-BTC to a confidential address of the treasury. A blinded L-BTC coin hides the amount.";
    ExplicitSum => "Burn less at a time, or have unconfidential recipients give confidential addresses.";
    TokenUnexpected => "Do not use this request, and find out who wrote it. AMP distributes, reissues and burns the asset, never its reissuance token.";
    TokenUnblinded => "Send the token to a confidential address of the treasury. When that has confirmed, ask AMP for the request again.";
    Contract => concat!(contract_source!(), " Any layout will do. Or leave out --contract: amounts are then shown in base units.");
    Network => "Name the network of the treasury with --network. Descriptor, files and chain source must all belong to it.";
    Version => "Get the Coldamp version that wrote the file, or sign the same PSET again.";
    // The request.
    Parse => "Name the file as the program that made it wrote it. Save an answer of AMP once more, byte for byte.";
    JsonShape | Command | AmountSyntax => SAVE_AGAIN;
    TextUnsafe => "Do not use it. Save AMP's answer once more, byte for byte. If the result is the same, tell AMP.";
    Address => "Check that --network is the network of the asset. If it is, the holder's address at AMP is wrong: have it corrected at AMP, not here.";
    Host => "Check --network. If it is right, distrust this file or address: the report and the issuer's password would go to that host.";
    ClientVersion => "Get a newer Coldamp. AMP's rules may have changed.";
    RequestAsset => "Check --network and --policy-asset. L-BTC is not an asset of AMP's.";
    // Warnings.
    TokensLeftOut => "Hand it over only if Blockstream support asked you to leave token outputs out.";
    TickerNotProven | MayBeToken => "Compare the asset id with the one you keep on paper, or prepare with --contract.";
    NoTicker => "Compare the asset id with the one you keep on paper.";
    OpeningUsed => "Nothing is needed: the opening matches both commitments of the coin. Keep the signed.json that it comes from.";
    FarIndex => "Of a coin, nothing is needed: anybody who knows an address can pay there. Of an output or of change, check that the treasury has used its addresses that far. If it has not, prepare with --full-scan or another chain source.";
    UnconfidentialRecipient => "Check that a public amount is meant. Otherwise have the holder register a confidential address at AMP.";
    OwnRecipient => "Check at AMP that a payment to the treasury itself is meant.";
    NotUnderstood => "Read the names of these fields. If one of them changes what is to be done, get a newer Coldamp first.";
    OldClientVersion => "Ask AMP for a new request if this one is old.";
    // Any file, and the descriptor.
    Encoding => "Save AMP's own answers byte for byte. Save what an editor or PowerShell wrote once more, as UTF-8 without a byte order mark.";
    KeysExposed => "Treat these keys as stolen: they have been on a machine with a network. Make a new treasury with `coldamp key new` on the air-gapped machine and send the asset, its reissuance token and all L-BTC there. Delete every copy here, in files, clipboard and shell history.";
    // The profile.
    Profile => "Correct it in an editor, by docs/formats.md (profile). Paths are absolute or begin with ~/, and no key stands in it twice. `coldamp-online init` writes a new one.";
    ProfileOpen => "Run `chmod go-w` on the file and the folder that are named, and read the file before you use it: whoever can write it can send this machine to another server. It must belong to you.";
    ProfileSecret => "Take the secret out of the profile: name the file that holds it (amp_credentials, esplora_credentials, node_cookie, descriptor). If others could read the profile, change the password or token.";
    // The folder of a job.
    Job => "Name the job's folder, or the file. `coldamp-online jobs` shows where each job stands. Put no links into a job's folder.";
    JobAmbiguous => "Name the folder of the job that is meant.";
    Descriptor => WATCH_AGAIN;
    NotSlip77 | ScriptType | KeyShape | Index => WATCH;
    KeyTwice | Quorum => "Correct the descriptor of the treasury of several keys where it was made: each key once, and k from 1 to the number of keys, at most 15.";
    // Reading the treasury.
    Source => "Check the chain source, then run it again. What was read is not read twice.";
    NothingOurs => "Check that --descriptor and the chain source belong to the same treasury, and that it has received something.";
    IssuanceAsset | IssuanceNotFound | NoIssuance => ISSUANCE;
    NoTransaction => "Run the node with -txindex=1, and let it build the index. Otherwise name a chain source of the asset's network that has the transaction.";
    NoOutput => "Run it again. If it stays so, do not trust this chain source.";
    Transaction => "Name with --transactions a JSON array of {txid, height, hex}, the hex with all witnesses.";
    Txid => "Make the transactions file again with a node that you trust. An entry was altered or mixed up.";
    EsploraAddress => "Name the root of an Esplora API with --esplora, https://HOST/PATH.";
    EsploraUnreachable => "Check the address and the connection, then run it again. What was read is not read twice.";
    EsploraLimited => "Wait, then run it again: what was read is not asked for again. --esplora-rate asks more slowly. A node has no limit.";
    EsploraCredentials => "Check the file of --esplora-credentials, or COLDAMP_ESPLORA_HOST with COLDAMP_ESPLORA_TOKEN, or with COLDAMP_ESPLORA_CLIENT_ID, COLDAMP_ESPLORA_CLIENT_SECRET and COLDAMP_ESPLORA_TOKEN_URL. The host is that of --esplora. Addresses are https, or http to 127.0.0.1.";
    EsploraRefused | EsploraAnswer => ESPLORA;
    CredentialsOpen => "Take away the other users' permissions: chmod 600 FILE.";
    NodeAddress => "Name the node with --node http://user:password@host:port, or with --node-cookie FILE.";
    NodeCredentials => "Check that user and password, or the cookie file, are the node's.";
    NodeUnreachable => "Check that the node runs and listens there, then run it again.";
    NodeRefused | NodeAnswer => NODE;
    // Preparing.
    MissingCoins => "Wait until payments to the treasury have confirmed. Coins that other prepared requests have reserved do not count: `coldamp-online status --descriptor FILE --network NETWORK --esplora URL` lists them. --transactions needs all transactions of the treasury, confirmed ones with their height.";
    TokenMissing => "Ask AMP whether its list of token outputs is out of date. With --node, name --issuance-tx. Use --allow-missing-token-utxos only if Blockstream support asked for it.";
    NotTheToken => "Do nothing before AMP has corrected its list: it names an output that is not a token of this asset.";
    CoinsSpent => "Find out which transaction spent the coin. If it was this request's own, the request is paid: go on with `coldamp-online report`. If it was another one, `coldamp-online status --release ID` releases the coins of this request. For a burn that lists such coins, ask AMP for a new request, or leave the coins out with --allow-missing-coins.";
    CoinsReserved => "Finish the other job first, or release its coins with `coldamp-online status --release ID`. `coldamp-online status --descriptor FILE --network NETWORK --esplora URL` lists the prepared requests.";
    NothingToReplace => "If the earlier transaction has confirmed, go on with `coldamp-online report`. If it was never sent, or other transactions spent its coins, prepare without --replace.";
    CannotReplace => "Name with --replace the signed file of this request, or prepare a request that may spend these coins.";
    TooMany => "Join small coins into larger ones first, with transactions of their own.";
    Overflow => "Check the amounts at AMP, and --fee-rate.";
    Record => "Put back the file as it was. Without it, coins and addresses would be used twice. A signed file that was kept is kept again by `coldamp-online broadcast` with --pset and --descriptor.";
    PreparedBefore => "Sign only one of the PSETs of this request, unless both spend a coin in common.";
    OtherCoins => "Check the inputs below.";
    Promised => "Nothing is needed. `coldamp-online status --descriptor FILE --network NETWORK --esplora URL` lists the prepared requests and the coins that they reserve.";
    // AMP.
    AmpUnreachable | AmpFailed | Unclear => RUN_AGAIN;
    AmpCredentials => "Check user name and password. An account belongs to one of AMP's hosts.";
    AmpRefused => "Read AMP's own words. Nothing was changed there.";
    AmpAnswer => "Get a newer Coldamp: AMP's API has changed, or this is not AMP.";
    AnswerDiffers => "Keep AMP's answer, which is saved. Do not prepare it before you know why it differs.";
    AmpDiffers => "Do not approve this request. Find out who wrote the file, and whether AMP has changed since.";
    LostOutputs => "Report any transaction that was not reported, or contact AMP, before anything else is spent.";
    NothingToDistribute => "Create assignments at AMP first.";
    AssignmentsChanged => "Nothing was made. Look at the assignments at AMP, then run it again and confirm the new total.";
    DistributionOpen => "Finish that distribution first. If its answer was lost, --distribution UUID writes its request again.";
    TotalDiffers => "Look at the assignments at AMP. Nothing was made.";
    LockUnproven => "Nothing was made. AMP's lock is known from its changelog alone: ask AMP how a locked assignment shows. Until then, distribute to few holders by creating few assignments at a time.";
    LocksLeft => "Run `coldamp-online request unlock` for this asset. No distribution pays these assignments before.";
    RegisterFile => "Save the register as CSV in UTF-8, with commas and a header. docs/formats.md names the columns.";
    RegisterDiffers => "Do not sign this request before every line is explained. Correct the register, or the assignments at AMP and make the distribution again.";
    PrecisionUnproven => "Name the asset's contract with --contract, and the coin that its first issuance spent with --issuance-prevout. Or give the amount in base units.";
    NoAssignments => "Check the uuid and --asset. If both are right, the distribution was cancelled at AMP: do not send it. To make sure that nobody does, spend one of its coins with `coldamp-online prepare --replace`.";
    NoAddress => "Ask AMP for its answer to distributions/create. Without the address nobody can be paid.";
    AlreadyDistributed => "Do not pay it again. AMP shows which transaction paid it.";
    AssetExists => "Nothing was asked for. If it is the asset that an earlier `treasury issue` asked for, run that command again with its own -o: it says how to continue. Else choose another ticker: a registry takes one asset of a ticker and a domain.";
    IssueUnknown => "AMP is not asked again. Look at AMP's list of assets. If the asset is there, name it with --issued UUID, and its answer is written again. If it is not there, ask AMP whether it issued: its list may be behind. Only after a clear no, add --again.";
    IssueDiffers => "Do not use this asset before you know why it differs. AMP's answer is saved.";
    SetupOpen => "Run the same command again when the first step that remains can be taken. Nothing is done twice.";
    BlindersMissing => "Run it again later: AMP's record may be behind, and telling it the same blinders again is harmless. If it stays so, ask AMP.";
    AddressesMissing => "Run it again later: AMP's list may be behind, and what it lists by then is not sent again. If it stays so, ask AMP.";
    TreasuryDiffers => "Do what stands below each difference, before the next job. `coldamp-online treasury` can be run again.";
    Unopened => "Check that --descriptor is the treasury that the asset was issued to.";
    // Parts of a signature.
    PartField => "Carry the part over again. If it stays so, sign the same PSET again on the machine that made it: that gives the same signatures.";
    PartDescriptor => "Check that the signer signed for this treasury. All signers and --descriptor must have the same descriptor.";
    PartContent | PartTxid => "Combine each part with the PSET that its signer signed. All signers must sign the same PSET.";
    PartKey => "Do not use this part. It is not signed by a key of this treasury. Find out who made it.";
    PartTwice => "Give each signer's part once, and leave out the other. If two signers name one journal, one of the parts was changed: find out who carried it.";
    PartSighash => "Do not use this part: others could change what it signs. Have its signer sign with ALL|RANGEPROOF (0x41), as `coldamp sign` does; another signer of several keys may sign with ALL (0x01).";
    PartSignature => "Do not use this part. Have its signer sign the same PSET again. If the signature is wrong once more, do not trust that machine.";
    PartPset => "Do not use this part. Have its signer sign the PSET that was handed over. If nobody here changed it, treat whoever had it as hostile.";
    PartsMissing => "Get a part of each signer who is missing, and combine all parts. A PSET that nobody has signed is no part.";
    ProofsUnsigned => "Have one of the signers sign with `coldamp`, and combine again with that part. If none of them can, keep this signed.json: it opens the coins of the treasury whose proofs were replaced (`coldamp-online prepare --openings`).";
    // The signed file, sending and reporting.
    SignedField => "Name the file that `coldamp sign` wrote, not AMP's request. If it is that file, it was altered: sign the same PSET again, which gives the same file.";
    Payload => "Do not send. The report was altered, or the signing machine made a wrong one. Sign the same PSET again.";
    SignedDiffers => "Do not send. First check that --pset and the signed file are of the same job. If they are, the file or the signing machine was tampered with: check it on a second air-gapped machine with `coldamp review --signed`.";
    JournalFork => "Nothing was sent. If the keystore was restored from an older backup and this is the first job since, make sure that every transaction signed after the backup has confirmed or never can, then run it again with --journal-restored, or, of several signers, with --journal-restored=FINGERPRINT of the one whose journal was restored. If it was not restored, find the other machine that signs, or who put the journal back, before anything is sent.";
    InputSpent => "Only one of the two transactions can confirm. Look at the other one before anything is signed again. If it waits in the mempool and this one was prepared to replace it, use --replaces TXID.";
    Rejected => "Read the node's own words. Nothing was sent.";
    NotSent => "Send it with `coldamp-online broadcast`, then run this again.";
    NotYet => "Run it again later, or without --no-wait.";
    ReportUnknown => "Check at AMP whether it has the transaction. If it does not, --again posts the same report once more.";
    ReportMissing => "Run it again later: AMP's record may be behind, and running it again posts nothing. If it stays so, ask AMP. If AMP does not have the report, --again posts it once more.";
    ReportDiffers => "One of the two reports was altered. Sign the same PSET again, which gives the same report. `coldamp-online broadcast` with --pset and --descriptor tells which is right, and keeps that one.";
    RecordDiffers => "Show AMP these lines before the next job. The report was accepted.";
    OtherTransaction => "Two transactions were made for one distribution. Find out at AMP which one paid the holders.";
    Log => "If it cannot be written, make room beside the file and run it again: the step was not taken. If it belongs to another file, put back the log as it was. Without it, check the chain and AMP before you continue.";
    LogBusy => "Wait until the other command has ended.";
    // The page's server.
    Page => "Build the page with `cargo xtask web`, or name its folder with --page.";
    Internal => "Report the line above, without amounts and addresses if you like.";
    // QR codes.
    BbqrTooMany => "Carry the file on a USB stick, or show larger QR codes: make the terminal larger or its font smaller.";
    BbqrOversize => "Do not use this file. If QR codes of Coldamp were scanned, scan them again.";
    BbqrNoFrame => "Scan the QR codes that `qr show` or the page shows. With zbarcam, use --raw.";
    BbqrEncoding | BbqrFileType => "Scan the QR codes that `qr show` or the page shows, or bring the file on a USB stick.";
    BbqrNumber | BbqrCharacters | BbqrDamaged => "Scan all QR codes again. If it stays so, bring the file on a USB stick.";
    BbqrCount | BbqrTypeChanged | BbqrOtherRow | BbqrConflict | BbqrLength => "QR codes of two files were mixed. Show one file only, and scan all its QR codes again.";
    BbqrIncomplete => "Let the QR codes run through once more, and scan until this program says that the file is complete.";
    UrKind => "Leave out --ur: a signer that reads UR codes takes a PSET only.";
    UrUnblinded => "Prepare the job with `coldamp-online prepare --blinded`, and show that PSET. `coldamp` signs either.";
    UrTooMany => "Show larger QR codes with --width, or carry the file on a USB stick.";
    UrOversize => "Do not use this file. If QR codes of your own signer were scanned, scan them again.";
    UrNoFrame | UrType => "Have the signer show the signed PSET as ur:crypto-psbt, or bring the file on a USB stick.";
    UrSequence | UrCharacters | UrChecksum | UrCbor => "Scan all QR codes again. If it stays so, bring the file on a USB stick.";
    UrMixed | UrConflict => "QR codes of two files were mixed. Show one file only, and scan all its QR codes again.";
    UrIncomplete => "Let the QR codes run on, and scan until this program says that the file is complete.";
    QrKind => "A PSET, signatures, an approval, a descriptor, an account key and an address are shown. Carry other files on a USB stick.";
    QrSignedFile => "Carry it on a USB stick. The air-gapped machine needs no signed.json but to compare two signers.";
    QrTerminal => "Run it in a terminal, make the terminal larger or its font smaller, or carry the file on a USB stick.";
    // What only the signing machine or the page shows.
    [elsewhere] QrSecret | AlreadySigned | VoidRevived | OpenTwin | JournalBusy | Journal | PolicyMac | KeyMismatch | OtherTreasury |
    PolicyAsset | PolicyMax | PolicyRecipients | PolicyBudget | PolicyUnconfidential | ApprovalCode |
    ApprovalMissing | ApprovalSignature | NoPolicy | NoJournal | EarlierUnknown | LaterUnknown |
    SignedBefore | Alike | VoidConfirmed | PolicyWeaker | PolicyFile | LeftOut | Stale | BbqrEmpty |
    BbqrFrameSize | Uuid | Amount | FeeRate | ServerAddress |
    TooLarge | Unreadable | Camera | RecordChanged | KeptOtherwise | MayBeSent | MayBeReported | Storage |
    NoLocks | Cancelled | Argument | EngineStopped;
};

const _: () = assert!(HINTS.is_complete(), "online-cli/src/hints.rs must name every code once");
