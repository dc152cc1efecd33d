//! Every code with its meaning, kind and exit code.

use super::{Exit, Kind, OtherExit};

macro_rules! exit {
    () => {
        None
    };
    ($exit:ident) => {
        Some(Exit::$exit)
    };
}

/// The comment above each name is its meaning. Behind the name are kind and exit code; a code that is seen without a
/// command ending has none. `or EXIT "PLACE"` names another exit code that it has in one place.
macro_rules! codes {
    ($(#[doc = $meaning:literal] $name:ident = $text:literal, $kind:expr $(, $exit:ident $(or $other:ident $place:literal)*)?;)+) => {
        /// A stable name. Other tools match on it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u16)]
        #[non_exhaustive]
        pub enum Code {
            $(#[doc = $meaning] $name,)+
        }

        impl Code {
            /// Every code: first the rules of the review, then the warnings, then all others.
            pub const ALL: &[Code] = &[$(Code::$name),+];

            /// The name as reports and messages have it.
            pub const fn as_str(self) -> &'static str {
                match self { $(Code::$name => $text,)+ }
            }

            /// What happened, in one sentence.
            pub fn meaning(self) -> &'static str {
                match self { $(Code::$name => $meaning,)+ }.trim()
            }

            /// What it is used for.
            pub fn kind(self) -> Kind {
                match self { $(Code::$name => $kind,)+ }
            }

            /// What a command that stops with it exits with. None where no command stops with it.
            pub fn exit(self) -> Option<Exit> {
                match self { $(Code::$name => exit!($($exit)?),)+ }
            }

            /// Other exit codes that it has in some places.
            pub fn other_exits(self) -> &'static [OtherExit] {
                match self {
                    $(Code::$name => &[$($(OtherExit { exit: Exit::$other, place: $place }),*)?],)+
                }
            }
        }
    };
}

const RULE: Kind = Kind::Rule;
const NOTICE: Kind = Kind::Notice;
const FAILURE: Kind = Kind::Failure;

const fn warning(in_short: &'static str) -> Kind {
    Kind::Warning { in_short }
}

codes! {
    // What the transaction pays.
    /// The PSET pays a recipient another amount than the request asks for.
    AmountMismatch = "AMOUNT_MISMATCH", RULE, Refused;
    /// The PSET pays another script in place of a recipient, or pays a recipient twice.
    RecipientMismatch = "RECIPIENT_MISMATCH", RULE, Refused;
    /// An output pays a recipient's script under another blinding key than the address has, so the recipient could not open it.
    BlindingKeyMismatch = "BLINDING_KEY_MISMATCH", RULE, Refused;
    /// A recipient of the request is not paid.
    RecipientMissing = "RECIPIENT_MISSING", RULE, Refused;
    /// Nothing in the request explains an output, and it is not change of the treasury.
    OutputUnexplained = "OUTPUT_UNEXPLAINED", RULE, Refused;
    /// A recipient is paid in another asset than the request names.
    AssetMismatch = "ASSET_MISMATCH", RULE, Refused;
    /// An output that must be blinded is explicit, so its amount would be public.
    MustBeBlinded = "MUST_BE_BLINDED", RULE, Refused;
    /// Too few outputs would be blinded to hide an amount.
    TooFewBlinded = "TOO_FEW_BLINDED", RULE, Refused;

    // Issuance and reissuance token.
    /// The reissued amount is not the amount that the request asks for.
    IssuanceAmount = "ISSUANCE_AMOUNT", RULE, Refused;
    /// The issuance, or the transaction named as the issuance, belongs to another asset.
    IssuanceAsset = "ISSUANCE_ASSET", RULE, Refused;
    /// The PSET issues a new asset where the request asks for a reissuance.
    IssuanceKind = "ISSUANCE_KIND", RULE, Refused;
    /// The issuance would create reissuance tokens.
    IssuanceInflationKeys = "ISSUANCE_INFLATION_KEYS", RULE, Refused;
    /// The PSET issues something although the request does not ask for it, or it issues twice.
    IssuanceUnexpected = "ISSUANCE_UNEXPECTED", RULE, Refused;
    /// The reissued amount is explicit although the asset was issued blinded, or the reverse, or the preparer has blinded it already.
    IssuanceBlinded = "ISSUANCE_BLINDED", RULE, Refused;
    /// The issuance is not on the first input that spends a reissuance token.
    IssuanceInput = "ISSUANCE_INPUT", RULE, Refused;
    /// The issuance nonce is not the asset blinding factor of the token that is spent.
    IssuanceNonce = "ISSUANCE_NONCE", RULE, Refused;
    /// An output pays reissuance tokens to a script that is not the treasury's.
    TokenEscapes = "TOKEN_ESCAPES", RULE, Refused;
    /// The reissuance tokens that are spent do not all come back in one output.
    TokenNotConserved = "TOKEN_NOT_CONSERVED", RULE, Refused;
    /// A reissuance token is in an explicit output, or would come back in one, and such a token cannot reissue.
    TokenUnblinded = "TOKEN_UNBLINDED", RULE, Refused;
    /// A distribution or a burn names or spends a reissuance token or another asset.
    TokenUnexpected = "TOKEN_UNEXPECTED", RULE, Refused;

    // Burn and fee.
    /// The PSET burns another asset than the request names.
    BurnAsset = "BURN_ASSET", RULE, Refused;
    /// The PSET burns another amount than the request asks for.
    BurnAmount = "BURN_AMOUNT", RULE, Refused;
    /// The burn is not one explicit output with a bare OP_RETURN script.
    BurnScript = "BURN_SCRIPT", RULE, Refused;
    /// The fee is not exactly one explicit output at the end.
    FeeShape = "FEE_SHAPE", RULE, Refused;
    /// The fee is paid in another asset than L-BTC.
    FeeAsset = "FEE_ASSET", RULE, Refused;
    /// The fee is above the fee cap.
    FeeTooHigh = "FEE_TOO_HIGH", RULE, Refused;
    /// The fee is below what nodes relay.
    FeeTooLow = "FEE_TOO_LOW", RULE, Refused or Network "a transaction that is being sent";

    // Change.
    /// An output claims to be change, but its script is not the treasury's.
    ChangeForged = "CHANGE_FORGED", RULE, Refused;
    /// An output pays the treasury under a blinding key that is not the treasury's, so the treasury could not open it.
    ChangeBlinding = "CHANGE_BLINDING", RULE, Refused;
    /// An output pays the treasury at an index so high that wallets would not find the coin.
    ChangePath = "CHANGE_PATH", RULE, Refused;
    /// The inputs and the outputs of an asset do not add up to the same amount.
    AssetUnbalanced = "ASSET_UNBALANCED", RULE, Refused or Internal "a transaction that Coldamp planned itself";

    // Inputs and coins.
    /// An input is not the treasury's.
    InputForeign = "INPUT_FOREIGN", RULE, Refused;
    /// The key or the path of an input does not lead to its script.
    InputKey = "INPUT_KEY", RULE, Refused;
    /// A coin is spent twice.
    InputDuplicate = "INPUT_DUPLICATE", RULE, Refused;
    /// An input has peg-in fields.
    PegIn = "PEGIN", RULE, Refused;
    /// The commitments of a coin do not match its range proof, or what the proof opens to.
    UtxoCommitment = "UTXO_COMMITMENT", RULE, Refused;
    /// The PSET claims another amount, asset or blinding factor of a coin than the coin has.
    UtxoClaim = "UTXO_CLAIM", RULE, Refused;
    /// The amount of a coin cannot be opened.
    UtxoUnblindable = "UTXO_UNBLINDABLE", RULE, Refused;
    /// The previous transaction of an input is not the one that the input names.
    UtxoTxid = "UTXO_TXID", RULE, Refused;
    /// The PSET does not spend a token output that the request lists.
    RequiredUtxo = "REQUIRED_UTXO", RULE, Refused;
    /// The PSET spends a coin of the asset that the request does not list.
    UnlistedInput = "UNLISTED_INPUT", RULE, Refused;

    // The PSET itself.
    /// The PSET is blinded already, in another way than this treasury's view key blinds it.
    Preblinded = "PREBLINDED", RULE, Refused;
    /// The PSET holds a blinding scalar of another wallet.
    Scalar = "SCALAR", RULE, Refused;
    /// The blinder index of an output names no input, or the output has no blinding key.
    BlinderIndex = "BLINDER_INDEX", RULE, Refused;
    /// An input asks for a sighash type that lets outputs be changed after signing.
    Sighash = "SIGHASH", RULE, Refused;
    /// The PSET holds signatures or final scripts before it is signed.
    SigsPresent = "SIGS_PRESENT", RULE, Refused;
    /// A redeem or witness script is not the treasury's.
    Script = "SCRIPT", RULE, Refused;
    /// The locktime is not 0, or a sequence is not 0xfffffffd.
    Locktime = "LOCKTIME", RULE, Refused;
    /// The transaction version is not 2, or a file has another version than this program reads.
    Version = "VERSION", RULE, Refused;
    /// The PSET's flags allow inputs or outputs to be changed later.
    Modifiable = "MODIFIABLE", RULE, Refused;
    /// The PSET has a field that is not allowed, is duplicated, is missing, or does not decode.
    UnknownField = "UNKNOWN_FIELD", RULE, Refused;
    /// The contract, or what the PSET says of the token, does not belong to the asset or cannot be proven.
    Contract = "CONTRACT", RULE, Refused;
    /// The PSET's entropy leads to another asset.
    Entropy = "ENTROPY", RULE, Refused;
    /// The file, the descriptor or the chain source belongs to another network.
    Network = "NETWORK", RULE, Refused;
    /// The transaction would be heavier than nodes relay.
    TooHeavy = "TOO_HEAVY", RULE, Refused;
    /// An output or a coin has the amount 0.
    ZeroAmount = "ZERO_AMOUNT", RULE, Refused;
    /// An amount is too large for a range proof to hide.
    AmountRange = "AMOUNT_RANGE", RULE, Refused;
    /// The explicit outputs add up to more than consensus allows.
    ExplicitSum = "EXPLICIT_SUM", RULE, Refused;

    // The request.
    /// The PSET carries no request, and none was given.
    RequestMissing = "REQUEST_MISSING", RULE, Refused;
    /// The request that was given, or its SHA-256, is not that of the request in the PSET.
    RequestDiffers = "REQUEST_DIFFERS", RULE, Refused;
    /// The file, or the request in a PSET, does not decode.
    Parse = "PARSE", RULE, Input or Refused "a request in a PSET, and an answer of AMP";
    /// The request is JSON of another shape than AMP's.
    JsonShape = "JSON_SHAPE", RULE, Refused;
    /// A text of the request holds characters that hide or reorder what is shown.
    TextUnsafe = "TEXT_UNSAFE", RULE, Refused;
    /// The request's command is none of distribute, reissue and burn.
    Command = "COMMAND", RULE, Refused;
    /// An amount is not a whole number of base units in range.
    AmountSyntax = "AMOUNT_SYNTAX", RULE, Refused;
    /// An address is invalid, or belongs to another network.
    Address = "ADDRESS", RULE, Refused;
    /// The host is not one of AMP's.
    Host = "HOST", RULE, Refused or Usage "an AMP address on the command line";
    /// AMP asks for a newer client than this program.
    ClientVersion = "CLIENT_VERSION", RULE, Refused;
    /// The request's asset is L-BTC.
    RequestAsset = "REQUEST_ASSET", RULE, Refused;

    // Journal and history.
    /// Another transaction was signed for this request, and both could confirm.
    AlreadySigned = "ALREADY_SIGNED", RULE, Refused;
    /// A transaction that was declared void could confirm after this one, or is this one.
    VoidRevived = "VOID_REVIVED", RULE, Refused;
    /// A distribution to some of the same holders was signed and can still confirm.
    OpenTwin = "OPEN_TWIN", RULE, Refused;
    /// Another process holds the journal.
    JournalBusy = "JOURNAL_BUSY", RULE, Refused;
    /// The journal is missing, damaged, older than its head file, another keystore's, or has no entry of the kind that the command needs.
    Journal = "JOURNAL", RULE, Refused;
    /// A journal entry that sets or removes a policy was changed without the keystore.
    PolicyMac = "POLICY_MAC", RULE, Refused;
    /// The journal, or the descriptor of the treasury, belongs to other keys or to another network than the keystore.
    KeyMismatch = "KEY_MISMATCH", RULE, Refused or Keystore "a keystore whose keys do not sign for the inputs";

    // Policy and approval.
    /// The asset, or AMP's uuid of it, is not one that the policy names.
    PolicyAsset = "POLICY_ASSET", RULE, Refused;
    /// The amount is above what the policy allows in one transaction.
    PolicyMax = "POLICY_MAX", RULE, Refused;
    /// The distribution has more recipients, or pays one of them more, than the policy allows.
    PolicyRecipients = "POLICY_RECIPIENTS", RULE, Refused;
    /// The policy's budget for this job is used up.
    PolicyBudget = "POLICY_BUDGET", RULE, Refused;
    /// A recipient has an unconfidential address, and the policy refuses those.
    PolicyUnconfidential = "POLICY_UNCONFIDENTIAL", RULE, Refused;
    /// The approval code belongs to another PSET or to another treasury.
    ApprovalCode = "APPROVAL_CODE", RULE, Refused;
    /// The policy names approvers, and none of them has approved.
    ApprovalMissing = "APPROVAL_MISSING", RULE, Refused;
    /// The approver's signature is not valid for this PSET or policy, or the key is not one that the policy names.
    ApprovalSignature = "APPROVAL_SIGNATURE", RULE, Refused;
    /// The signed file is not what this PSET and these keys make.
    SignedDiffers = "SIGNED_DIFFERS", RULE, Refused;

    // Warnings of the review.
    /// No policy is set for this asset, so asset and amount are not limited.
    NoPolicy = "NO_POLICY", warning("no policy: no limits and no pinned ids");
    /// This machine has no journal, so it does not know what was signed before.
    NoJournal = "NO_JOURNAL", warning("no journal: earlier signings are unknown");
    /// The keystore was restored from its words, so what those words signed before is not in the journal.
    EarlierUnknown = "EARLIER_UNKNOWN", warning("restored: earlier signings are unknown");
    /// The journal was restored from a backup, so what was signed after that backup is not in it.
    LaterUnknown = "LATER_UNKNOWN", warning("from a backup: later signings are unknown");
    /// This same transaction was signed before.
    SignedBefore = "SIGNED_BEFORE", warning("this same transaction was signed before");
    /// An earlier transaction does much the same as this one, and both can confirm.
    Alike = "ALIKE", warning("an earlier signing did much the same");
    /// The PSET spends an output of a transaction that was declared void.
    VoidConfirmed = "VOID_CONFIRMED", warning("it spends an output of an entry declared void");
    /// The reissue leaves out token outputs that AMP lists, as the operator allowed.
    TokensLeftOut = "TOKENS_LEFT_OUT", warning("listed token outputs are not spent");
    /// No contract proves the asset's ticker and precision.
    TickerNotProven = "TICKER_NOT_PROVEN", warning("ticker and precision are not proven");
    /// The asset's contract proves the precision and has no ticker.
    NoTicker = "NO_TICKER", warning("the contract has no ticker: compare the asset id");
    /// Nothing proves that the request's asset is not a reissuance token.
    MayBeToken = "MAY_BE_TOKEN", warning("the asset may be a reissuance token");
    /// The range proof of a coin does not open with the view key, and the amount is known from an opening in the PSET.
    OpeningUsed = "OPENING_USED", warning("a coin is known by an opening, not its proof");
    /// A coin or an output of the treasury is at an index far above the addresses that it has used.
    FarIndex = "FAR_INDEX", warning("a coin or change is far above used addresses");
    /// A recipient has an unconfidential address, so the amount will be public.
    UnconfidentialRecipient = "UNCONFIDENTIAL_RECIPIENT", warning("a recipient's amount will be public");
    /// A recipient of the request is an address of this treasury.
    OwnRecipient = "OWN_RECIPIENT", warning("a recipient is this treasury itself");
    /// The request has top-level fields that this program does not know.
    NotUnderstood = "NOT_UNDERSTOOD", warning("the request has unknown fields");
    /// AMP wrote the request for an older client.
    OldClientVersion = "OLD_CLIENT_VERSION", warning("AMP expects an older client");

    // No PSET is known that fails with this: every field that a transaction needs has a rule of its own.
    /// The PSET passes every rule, and no transaction can be made of it.
    Content = "CONTENT", FAILURE, Refused;

    // Policy files.
    /// The policy file makes a rule weaker, and that needs a person or an approver.
    PolicyWeaker = "POLICY_WEAKER", FAILURE, Refused;
    /// The SHA-256 that was given is not the policy file's.
    PolicyFile = "POLICY_FILE", FAILURE, Refused;

    // Any file.
    /// The file has another text encoding than UTF-8 without a byte order mark.
    Encoding = "ENCODING", FAILURE, Input or Keystore "a keystore, and a file of its words or passphrases";
    /// Words, keys or a keystore were given to a machine with a network.
    KeysExposed = "KEYS_EXPOSED", FAILURE, Refused;

    // The profile.
    /// The profile does not exist, or one of its keys or values is wrong.
    Profile = "PROFILE", FAILURE, Input or Usage "a name on the command line";
    /// Another user owns the profile, the descriptor that it names or the folder of one of them, or others can write there.
    ProfileOpen = "PROFILE_OPEN", FAILURE, Input;
    /// The profile holds a secret.
    ProfileSecret = "PROFILE_SECRET", FAILURE, Refused;

    // The folder of a job.
    /// A job's folder lacks a file or has a link in its place, or no job waits for this step.
    Job = "JOB", FAILURE, Input or Usage "a command that names no file, where no job waits for it";
    /// Several jobs wait for this step.
    JobAmbiguous = "JOB_AMBIGUOUS", FAILURE, Refused;

    // Descriptor.
    /// The text is not a CT descriptor, or its checksum is wrong.
    Descriptor = "DESCRIPTOR", FAILURE, Input;
    /// The descriptor's blinding key is not a SLIP-77 key.
    NotSlip77 = "NOT_SLIP77", FAILURE, Refused;
    /// The descriptor has a script type that is not supported.
    ScriptType = "SCRIPT_TYPE", FAILURE, Refused;
    /// A key of the descriptor has no origin, has no /<0;1>/*, or is hardened below the account.
    KeyShape = "KEY_SHAPE", FAILURE, Refused;
    /// Two keys of the descriptor come from one seed.
    KeyTwice = "KEY_TWICE", FAILURE, Refused;
    /// The descriptor asks for no signature, for more signatures than it has keys, or has more than 15 keys.
    Quorum = "QUORUM", FAILURE, Refused;
    /// The keystore is registered for another treasury, or has signed for one.
    OtherTreasury = "OTHER_TREASURY", FAILURE, Refused;
    /// An address index is 2147483648 or more, which the view key cannot derive.
    Index = "INDEX", FAILURE, Refused;

    // Reading the treasury.
    /// The chain source could not be read.
    Source = "SOURCE", FAILURE, Network;
    /// None of the chain source's outputs belongs to the descriptor.
    NothingOurs = "NOTHING_OURS", FAILURE, Refused;
    /// The chain source does not have the issuance transaction that was named.
    IssuanceNotFound = "ISSUANCE_NOT_FOUND", FAILURE, Refused;
    /// No issuance of the asset is known.
    NoIssuance = "NO_ISSUANCE", FAILURE, Refused;
    /// The chain source does not have a transaction.
    NoTransaction = "NO_TRANSACTION", FAILURE, Network;
    /// The chain source names an unspent output, but has no such output that pays the treasury.
    NoOutput = "NO_OUTPUT", FAILURE, Refused;
    /// An entry of the transactions file is not a transaction.
    Transaction = "TRANSACTION", FAILURE, Input;
    /// A transaction id is invalid, or is not the id of its transaction.
    Txid = "TXID", FAILURE, Refused;
    /// Coins of the treasury could not be opened or listed, and are left out.
    LeftOut = "LEFT_OUT", NOTICE;
    /// The coins were read some time ago.
    Stale = "STALE", NOTICE;

    // Esplora and node.
    /// The address of the Esplora server is not valid.
    EsploraAddress = "ESPLORA_ADDRESS", FAILURE, Usage;
    /// The Esplora server did not answer.
    EsploraUnreachable = "ESPLORA_UNREACHABLE", FAILURE, Network;
    /// The Esplora server refuses to answer so many requests.
    EsploraLimited = "ESPLORA_LIMITED", FAILURE, Network;
    /// The Esplora server refuses the credentials, or they give no token.
    EsploraCredentials = "ESPLORA_CREDENTIALS", FAILURE, Network;
    /// The Esplora server answered with an error.
    EsploraRefused = "ESPLORA_REFUSED", FAILURE, Network;
    /// The Esplora server's answer is not what was asked for.
    EsploraAnswer = "ESPLORA_ANSWER", FAILURE, Network;
    /// Other users of this machine can read a file that holds credentials or a view key.
    CredentialsOpen = "CREDENTIALS_OPEN", FAILURE, Input;
    /// The address or the cookie file of the node is not valid.
    NodeAddress = "NODE_ADDRESS", FAILURE, Usage;
    /// The node refuses the user and password.
    NodeCredentials = "NODE_CREDENTIALS", FAILURE, Network;
    /// The node did not answer.
    NodeUnreachable = "NODE_UNREACHABLE", FAILURE, Network;
    /// The node answered with an error.
    NodeRefused = "NODE_REFUSED", FAILURE, Network;
    /// The node's answer is not what was asked for.
    NodeAnswer = "NODE_ANSWER", FAILURE, Network;

    // Preparing.
    /// The treasury has too little of an asset in confirmed coins that this request may spend.
    MissingCoins = "MISSING_COINS", FAILURE, Refused;
    /// The treasury does not hold a reissuance token that the request lists.
    TokenMissing = "TOKEN_MISSING", FAILURE, Refused;
    /// AMP lists an output as a reissuance token, and it holds another asset.
    NotTheToken = "NOT_THE_TOKEN", FAILURE, Refused;
    /// A coin of this request, or one that it lists, is spent or cannot be spent, so the request may have been paid already.
    CoinsSpent = "COINS_SPENT", FAILURE, Refused;
    /// A coin that the request lists is reserved for another prepared request.
    CoinsReserved = "COINS_RESERVED", FAILURE, Refused;
    /// Every coin of the transaction that is to be replaced is spent.
    NothingToReplace = "NOTHING_TO_REPLACE", FAILURE, Refused;
    /// This request may not spend any of the unspent coins of the transaction that is to be replaced.
    CannotReplace = "CANNOT_REPLACE", FAILURE, Refused;
    /// The transaction would have more inputs or outputs than are possible.
    TooMany = "TOO_MANY", FAILURE, Refused;
    /// The amounts add up to more than 2^64 base units.
    Overflow = "OVERFLOW", FAILURE, Refused;
    /// A file in which reserved coins, signings or signed files are kept cannot be read.
    Record = "RECORD", FAILURE, Input;
    /// The PSET fails the review.
    Pset = "PSET", FAILURE, Refused;
    /// This request was prepared before.
    PreparedBefore = "PREPARED_BEFORE", NOTICE;
    /// The coins reserved earlier for this request no longer cover it, so more coins were added.
    OtherCoins = "OTHER_COINS", NOTICE;
    /// Coins were skipped because other prepared requests have reserved them.
    Promised = "PROMISED", NOTICE;

    // AMP.
    /// AMP did not answer.
    AmpUnreachable = "AMP_UNREACHABLE", FAILURE, Network;
    /// AMP answered with a failure of its own, and may have acted before it failed.
    AmpFailed = "AMP_FAILED", FAILURE, Network;
    /// AMP refuses the credentials.
    AmpCredentials = "AMP_CREDENTIALS", FAILURE, Amp;
    /// AMP refuses what it was asked.
    AmpRefused = "AMP_REFUSED", FAILURE, Amp;
    /// AMP's answer has another shape than its API documents.
    AmpAnswer = "AMP_ANSWER", FAILURE, Amp;
    /// AMP's answer is not what was asked for.
    AnswerDiffers = "ANSWER_DIFFERS", FAILURE, Refused;
    /// AMP shows something else than the request says.
    AmpDiffers = "AMP_DIFFERS", FAILURE, Refused;
    /// AMP no longer tracks some outputs of the asset.
    LostOutputs = "LOST_OUTPUTS", FAILURE, Refused;
    /// No assignment at AMP is ready, vested and not yet distributed.
    NothingToDistribute = "NOTHING_TO_DISTRIBUTE", FAILURE, Refused;
    /// AMP has a distribution that was made and not reported.
    DistributionOpen = "DISTRIBUTION_OPEN", FAILURE, Conflict;
    /// The assignments at AMP changed after their total was confirmed.
    AssignmentsChanged = "ASSIGNMENTS_CHANGED", FAILURE, Conflict;
    /// The total that was typed is not the distribution's total.
    TotalDiffers = "TOTAL_DIFFERS", FAILURE, Refused;
    /// AMP does not show that an assignment is locked, so the next distribution might pay it.
    LockUnproven = "LOCK_UNPROVEN", FAILURE, Refused;
    /// Assignments that this computer locked at AMP are not unlocked yet.
    LocksLeft = "LOCKS_LEFT", FAILURE, Conflict;
    /// The file is not a register of holders that can be compared.
    RegisterFile = "REGISTER_FILE", FAILURE, Input;
    /// The request pays something else than the issuer's register says.
    RegisterDiffers = "REGISTER_DIFFERS", FAILURE, Refused;
    /// An amount is in units of the asset, and no contract proves how many decimals the asset has.
    PrecisionUnproven = "PRECISION_UNPROVEN", FAILURE, Refused;
    /// AMP has no assignments of this distribution.
    NoAssignments = "NO_ASSIGNMENTS", FAILURE, Refused;
    /// AMP shows no address for an assignment.
    NoAddress = "NO_ADDRESS", FAILURE, Refused;
    /// AMP has a transaction for this distribution, or counts it as paid.
    AlreadyDistributed = "ALREADY_DISTRIBUTED", FAILURE, Conflict or Refused "a distribution whose request was to be written again";
    /// AMP still lacks blinders that it was told.
    BlindersMissing = "BLINDERS_MISSING", FAILURE, NotYet;
    /// AMP has an asset with the ticker and the domain of the one that was to be issued.
    AssetExists = "ASSET_EXISTS", FAILURE, Conflict;
    /// AMP was asked for such an asset before, and here is no answer, so it may have issued it.
    IssueUnknown = "ISSUE_UNKNOWN", FAILURE, Conflict;
    /// The issuance on the chain is not the one that was asked for.
    IssueDiffers = "ISSUE_DIFFERS", FAILURE, Refused;
    /// A new asset is issued, and a step of setting it up at AMP remains.
    SetupOpen = "SETUP_OPEN", FAILURE, NotYet;
    /// AMP was told addresses of the treasury, and its list does not show them.
    AddressesMissing = "ADDRESSES_MISSING", FAILURE, NotYet;
    /// What AMP says of the treasury is not what the chain shows.
    TreasuryDiffers = "TREASURY_DIFFERS", FAILURE, Conflict;
    /// An output of the treasury could not be opened with the view key.
    Unopened = "UNOPENED", FAILURE, Refused;

    // The signed file, sending and reporting.
    /// A field of the signed file is not what the signer writes, or contradicts another field.
    SignedField = "SIGNED_FIELD", FAILURE, Refused;
    /// The report in the signed file does not match its transaction.
    Payload = "PAYLOAD", FAILURE, Refused;
    /// A field of a part is not what a signer writes, or the part signs an input that the PSET does not have.
    PartField = "PART_FIELD", FAILURE, Refused;
    /// A part was signed for another treasury's descriptor.
    PartDescriptor = "PART_DESCRIPTOR", FAILURE, Refused;
    /// A part signs another PSET than the one given.
    PartContent = "PART_CONTENT", FAILURE, Refused;
    /// A part names another transaction than the PSET and the view key make.
    PartTxid = "PART_TXID", FAILURE, Refused;
    /// A part is signed by a key that is not in the descriptor, or not the key of the signer that it names.
    PartKey = "PART_KEY", FAILURE, Refused;
    /// Two parts have signatures of the same key, or a part names the journal of another signer.
    PartTwice = "PART_TWICE", FAILURE, Refused;
    /// A signature leaves inputs or outputs open to change: its sighash type is neither ALL|RANGEPROOF nor, in a treasury of several keys, ALL.
    PartSighash = "PART_SIGHASH", FAILURE, Refused;
    /// A signature of a part does not verify.
    PartSignature = "PART_SIGNATURE", FAILURE, Refused;
    /// A part is a signed PSET that does something else than the PSET given, or has fields that it must not have.
    PartPset = "PART_PSET", FAILURE, Refused;
    /// The parts do not have enough signatures.
    PartsMissing = "PARTS_MISSING", FAILURE, Refused;
    /// Every signature of an input is ALL, so none covers the proofs of the outputs: whoever knows the blinders can replace them.
    ProofsUnsigned = "PROOFS_UNSIGNED", NOTICE;
    /// Another transaction had this entry of the signing machine's journal before, or another signer used the journal.
    JournalFork = "JOURNAL_FORK", FAILURE, Conflict;
    /// Another transaction spends a coin of this one, or the chain source does not know the coin.
    InputSpent = "INPUT_SPENT", FAILURE, Conflict;
    /// The chain refuses the transaction.
    Rejected = "REJECTED", FAILURE, Refused;
    /// No answer came, so it is not known whether the transaction or the report arrived.
    Unclear = "UNCLEAR", FAILURE, Network or NotYet "a report";
    /// The chain does not show the transaction.
    NotSent = "NOT_SENT", FAILURE, NotYet;
    /// A broadcast was cancelled or got no answer, so the transaction may have been sent.
    MayBeSent = "MAY_BE_SENT", NOTICE;
    /// A report was cancelled or got no answer, so AMP may have it.
    MayBeReported = "MAY_BE_REPORTED", NOTICE;
    /// The transaction has too few confirmations, or the job is not finished.
    NotYet = "NOT_YET", FAILURE, NotYet;
    /// A report was posted and no answer came, and AMP's record does not show whether it arrived.
    ReportUnknown = "REPORT_UNKNOWN", FAILURE, Conflict;
    /// AMP accepted the report, and its record does not have it.
    ReportMissing = "REPORT_MISSING", FAILURE, NotYet;
    /// This signed file's report is not the one that was kept when the transaction was sent.
    ReportDiffers = "REPORT_DIFFERS", FAILURE, Conflict;
    /// AMP's record differs from the report that it accepted.
    RecordDiffers = "RECORD_DIFFERS", FAILURE, Conflict;
    /// AMP has another transaction for this distribution.
    OtherTransaction = "OTHER_TRANSACTION", FAILURE, Conflict;
    /// The log of this file cannot be written or read, or belongs to another file.
    Log = "LOG", FAILURE, Output or Conflict "the log of another file, and one with a line that is no step";
    /// Another command, tab or window is using this log.
    LogBusy = "LOG_BUSY", FAILURE, Conflict;

    // QR codes.
    /// The file has no bytes to show.
    BbqrEmpty = "BBQR_EMPTY", FAILURE;
    /// Frames of this size hold nothing, or do not fit a QR code.
    BbqrFrameSize = "BBQR_FRAME_SIZE", FAILURE;
    /// The file would take more frames than BBQr can count.
    BbqrTooMany = "BBQR_TOO_MANY", FAILURE, Refused;
    /// The file is, or its frames make, more bytes than any honest file of its type has.
    BbqrOversize = "BBQR_OVERSIZE", FAILURE, Refused;
    /// What was scanned is not a BBQr frame.
    BbqrNoFrame = "BBQR_NO_FRAME", FAILURE, Input;
    /// The BBQr frame has an unknown encoding.
    BbqrEncoding = "BBQR_ENCODING", FAILURE, Input;
    /// The BBQr frame belongs to a file that is neither PSET nor JSON nor text.
    BbqrFileType = "BBQR_FILE_TYPE", FAILURE, Input;
    /// The BBQr frame's number and count contradict each other.
    BbqrNumber = "BBQR_NUMBER", FAILURE, Input;
    /// The BBQr frame gives another number of frames than the frames before it.
    BbqrCount = "BBQR_COUNT", FAILURE, Refused;
    /// The BBQr frame has another file type than the frames before it.
    BbqrTypeChanged = "BBQR_TYPE_CHANGED", FAILURE, Refused;
    /// The BBQr frame has another encoding than the frames before it.
    BbqrOtherRow = "BBQR_OTHER_ROW", FAILURE, Refused;
    /// The same BBQr frame was read before with other content.
    BbqrConflict = "BBQR_CONFLICT", FAILURE, Refused;
    /// The BBQr frame has another length than the frames before it.
    BbqrLength = "BBQR_LENGTH", FAILURE, Refused;
    /// The characters of the BBQr frame do not decode.
    BbqrCharacters = "BBQR_CHARACTERS", FAILURE, Input;
    /// All BBQr frames were read, and the file in them does not decompress.
    BbqrDamaged = "BBQR_DAMAGED", FAILURE, Input;
    /// The scan ended before every BBQr frame was read.
    BbqrIncomplete = "BBQR_INCOMPLETE", FAILURE, Input;
    /// A file that is no PSET is not shown as UR codes.
    UrKind = "UR_KIND", FAILURE, Refused;
    /// A PSET that is not blinded is not shown as UR codes: their readers cannot blind it.
    UrUnblinded = "UR_UNBLINDED", FAILURE, Refused;
    /// The file would take more UR codes than are counted.
    UrTooMany = "UR_TOO_MANY", FAILURE, Refused;
    /// The UR codes make more bytes than any honest PSET has.
    UrOversize = "UR_OVERSIZE", FAILURE, Refused;
    /// What was scanned is not a UR code.
    UrNoFrame = "UR_NO_FRAME", FAILURE, Input;
    /// The UR code is of another type than crypto-psbt.
    UrType = "UR_TYPE", FAILURE, Input;
    /// The UR code's number or its number of pieces is none, too high, or not the same in its text and its data.
    UrSequence = "UR_SEQUENCE", FAILURE, Input;
    /// The letters of the UR code do not decode.
    UrCharacters = "UR_CHARACTERS", FAILURE, Input;
    /// The checksum of the UR code, or of the file in a row of them, is wrong.
    UrChecksum = "UR_CHECKSUM", FAILURE, Input;
    /// The data of the UR code are not what the format says.
    UrCbor = "UR_CBOR", FAILURE, Input;
    /// The code belongs to another file than the codes before it, or is of another format.
    UrMixed = "UR_MIXED", FAILURE, Refused;
    /// The UR code contradicts the codes before it.
    UrConflict = "UR_CONFLICT", FAILURE, Refused;
    /// The scan ended before enough UR codes were read.
    UrIncomplete = "UR_INCOMPLETE", FAILURE, Input;
    /// The file is not of a kind that is shown as QR codes.
    QrKind = "QR_KIND", FAILURE, Refused;
    /// The file holds keys or backup words, or is encrypted, and is never shown.
    QrSecret = "QR_SECRET", FAILURE, Refused;
    /// A signed.json holds every blinding factor and is not shown as QR codes.
    QrSignedFile = "QR_SIGNED_FILE", FAILURE, Refused;
    /// There is no terminal, or it is too small for a QR code.
    QrTerminal = "QR_TERMINAL", FAILURE, Usage;

    // The page and its server.
    /// The files of the page cannot be read, or the page's own script made a mistake.
    Page = "PAGE", FAILURE, Input;
    /// The text is not a uuid.
    Uuid = "UUID", FAILURE;
    /// The text is not a whole number of base units.
    Amount = "AMOUNT", FAILURE;
    /// The text is not a fee rate.
    FeeRate = "FEE_RATE", FAILURE;
    /// The text is not the address of a server.
    ServerAddress = "SERVER_ADDRESS", FAILURE;
    /// The file is larger than any file of its kind.
    TooLarge = "TOO_LARGE", FAILURE;
    /// The browser cannot read the file.
    Unreadable = "UNREADABLE", FAILURE;
    /// The browser gives the page no camera.
    Camera = "CAMERA", FAILURE;
    /// Another request was prepared in the meantime, so both may have taken the same coins.
    RecordChanged = "RECORD_CHANGED", FAILURE;
    /// Another tab keeps other reserved coins or another log on this computer.
    KeptOtherwise = "KEPT_OTHERWISE", FAILURE;
    /// The browser does not store what the page should remember.
    Storage = "STORAGE", FAILURE;
    /// The browser cannot lock the treasury against other tabs.
    NoLocks = "NO_LOCKS", FAILURE;
    /// The person at the page cancelled it.
    Cancelled = "CANCELLED", FAILURE;
    /// The page's engine was called with a wrong argument.
    Argument = "ARGUMENT", FAILURE;
    /// The page's engine stopped.
    EngineStopped = "ENGINE_STOPPED", FAILURE;
    /// Coldamp itself made a mistake.
    Internal = "INTERNAL", FAILURE, Internal;
}
