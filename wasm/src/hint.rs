//! What a person at the page is told to do, by code.

use coldamp_core::sign::review::Code;

const SAVE_AGAIN: &str = "Save AMP's answer once more, byte for byte; if it is the same, AMP has changed or somebody between you and AMP has.";
const WATCH: &str = "Take what `coldamp key watch` printed on the air-gapped machine, whole and unchanged.";
const SERVER: &str =
    "Check the address and the line, then try again: coins that were opened are not opened again.";
const ESPLORA: &str = "Check that this is an Esplora server of the treasury's network, with Elements' API.";
const ALTERED: &str = "Take what `coldamp sign` wrote; if this is it, it was altered on its way: sign the same PSET again, the same file comes out.";
const LOOKS_FIRST: &str = "Try again: it looks first, and nothing is sent twice.";

/// The hint of a rule of the review: the cold side's, where none is worded for the page.
pub(crate) fn of_rule(code: Code) -> &'static str {
    match of(code.name()) {
        "" => code.hint(),
        own => own,
    }
}

/// The hint of a code; empty where the message says it all.
pub(crate) fn of(code: &str) -> &'static str {
    match code {
        "INTERNAL" => {
            "Report the line above; amounts and addresses in it may be left out. Then load the page anew."
        }
        "CANCELLED" => "Start it again when you like: coins that were opened are not opened again.",
        "PARSE" => "Take the file as it was written, whole and unchanged.",

        "DESCRIPTOR" | "NOT_SLIP77" | "SCRIPT_TYPE" | "KEY_SHAPE" | "INDEX" => WATCH,
        "NETWORK" => {
            "Choose the network of the treasury; descriptor, files and chain source must all be of it."
        }

        "JSON_SHAPE" | "COMMAND" | "AMOUNT_SYNTAX" => SAVE_AGAIN,
        "TEXT_UNSAFE" => "Do not act on it: save AMP's answer once more; if it is the same, tell AMP.",
        "ADDRESS" => {
            "Check that the network is the asset's; if it is, the holder's address at AMP is wrong: do not correct it here."
        }
        "HOST" => "Find out where this host comes from: report and password would go to it.",
        "CLIENT_VERSION" => "Get a newer Coldamp; AMP's rules may have changed.",
        "REQUEST_ASSET" => "Check the network; L-BTC itself is no asset of AMP's.",
        "ENCODING" => {
            "Save it once more as UTF-8 without BOM; what AMP or a signer wrote is taken as it came."
        }
        "UUID" => "AMP shows an asset's uuid beside its name.",

        "TRANSACTION" | "TXID" => {
            "Take the id or the file anew from a node that you trust; an entry was altered or mixed up."
        }
        "ESPLORA_ADDRESS" => "Name the root of an Esplora API, https://HOST/PATH.",
        "ESPLORA_UNREACHABLE" => SERVER,
        "ESPLORA_REFUSED" | "ESPLORA_ANSWER" => ESPLORA,
        "NOTHING_OURS" => {
            "Check that descriptor and chain source are of the same treasury, and that it has received something."
        }
        "TOKEN_UNEXPECTED" => {
            "Do not use this request: AMP distributes, reissues and burns the asset, never its token."
        }
        "ISSUANCE_ASSET" => "Name the transaction that issued this very asset, or leave it empty.",
        "SOURCE" | "NO_TRANSACTION" => SERVER,
        "ISSUANCE_NOT_FOUND" | "NO_ISSUANCE" => {
            "Name the transaction that issued the asset; a transactions file must hold it."
        }
        "NO_OUTPUT" => "Try again; if it stays so, do not believe this chain source.",
        "RECORD" => {
            "Take the record as it was kept; without it coins and addresses would be given out twice."
        }
        "CONTRACT" => {
            "Get the contract from the asset registry (of its whole answer the `contract` member alone) or from AMP, or prepare without: amounts are then shown in base units."
        }

        "COINS_SPENT" => {
            "Look up what spent it. If it was this request's own transaction, the request is paid: bring its signed file back and report it. If it was another one, and this request was prepared before, release this request below, and prepare again. If AMP's request lists the coin, ask AMP for a new request."
        }
        "COINS_RESERVED" => {
            "Finish the other prepared request first. If it will never be signed, release it below, and prepare again. Every other request keeps its coins."
        }
        "MISSING_COINS" => {
            "Wait until what is on its way has confirmed. L-BTC pays the fee; a burn takes the asset only from coins that AMP lists."
        }
        "TOKEN_MISSING" => {
            "Find out at AMP whether its list of token outputs is stale. Leave some out only if Blockstream support asked for it."
        }
        "NOT_THE_TOKEN" => {
            "AMP lists an output that is no token of this asset: do not go on before AMP has corrected it."
        }
        "TOKEN_UNBLINDED" => {
            "Send the token to a confidential address of the treasury; when that has confirmed, ask AMP for the request again."
        }
        "NOTHING_TO_REPLACE" => {
            "If the earlier transaction has confirmed, report it; if it was never sent, prepare without replacing it."
        }
        "CANNOT_REPLACE" => {
            "Name the signed file of this request as the one to replace, or prepare a request that spends these coins."
        }
        "TOO_HEAVY" => {
            "One distribution is one transaction: assign to at most that many holders at a time, and ask AMP before you cancel this one."
        }
        "TOO_MANY" => "Join small coins into larger ones first, with transactions of their own.",
        "TOO_FEW_BLINDED" => {
            "Send some L-BTC to a confidential address of the treasury: a blinded coin hides the amount."
        }
        "EXPLICIT_SUM" => {
            "Burn less at a time, or have unconfidential recipients name confidential addresses."
        }
        "FEE_TOO_LOW" => {
            "Choose a higher fee rate. Where it is sent already and nodes want more: prepare the same request again, replacing this file, for the full size."
        }
        "FEE_TOO_HIGH" => {
            "Choose a lower fee rate; replacing another transaction costs its fee and the relay of the full size on top."
        }
        "OVERFLOW" => "Check the amounts and the fee rate.",
        "CHANGE_PATH" => {
            "An own output would lie above index 20,000, and nothing is signed for there: if it is a recipient, tell AMP; else every address below is used, and the coins have to move to a new treasury."
        }
        "PSET" | "REQUEST_MISSING" => "Take the PSET that this page, or `coldamp-online prepare`, wrote.",

        "VERSION" => "Get a newer Coldamp, or sign again: the file has another version.",
        "SIGNED_FIELD" => ALTERED,
        "PAYLOAD" => {
            "Do not send: the report was altered, or the signing machine made a wrong one. Sign the same PSET again."
        }
        "SIGNED_DIFFERS" => {
            "Do not send: the file was changed on its way, or it is another PSET's. Have a second cold machine look at it."
        }

        "AMP_UNREACHABLE" | "AMP_FAILED" | "UNCLEAR" => LOOKS_FIRST,
        "AMP_CREDENTIALS" => "Check the credentials; an account belongs to one of AMP's hosts.",
        "AMP_REFUSED" => "AMP's own words say why; nothing was changed there.",
        "AMP_ANSWER" => "AMP's API has changed, or this is not AMP: get a newer Coldamp.",
        "ANSWER_DIFFERS" => "Keep AMP's answer; do not prepare it before you know why it differs.",
        "LOST_OUTPUTS" => {
            "AMP cannot follow what is spent of them: report what was sent and not reported, or ask AMP, before anything else is spent."
        }
        "NOTHING_TO_DISTRIBUTE" => "Create assignments at AMP first.",
        "DISTRIBUTION_OPEN" => {
            "Finish it first. If it is one whose answer was lost, its request can be written anew from AMP's assignments."
        }
        "ASSIGNMENTS_CHANGED" => {
            "Nothing was made. Look again: compare the assignments with what is to be paid, and confirm the new sum."
        }
        "NO_ASSIGNMENTS" => {
            "It was cancelled at AMP, or is another asset's: do not pay it. To make sure that nobody does, prepare something else that replaces it."
        }
        "NO_ADDRESS" => {
            "Ask AMP for the answer of distributions/create; without the address nobody can be paid."
        }
        "ALREADY_DISTRIBUTED" => {
            "AMP was told of a transaction that paid it: do not pay it again; look it up at AMP."
        }

        "INPUT_SPENT" => {
            "Only one of the two can confirm: look up the other one before anything is signed anew."
        }
        "REJECTED" => "The node's own words say why; nothing was sent.",
        "NOT_SENT" => "Send it first.",
        "NOT_YET" => "Try again when it has two confirmations.",
        "REPORT_UNKNOWN" => {
            "Look at AMP whether it has the transaction; if it has not, post the same report again."
        }
        "REPORT_MISSING" => {
            "AMP's record may be behind: try again later, that looks at the record and posts nothing. If it stays so, ask AMP; if AMP does not have the report, tick that it is to be posted again."
        }
        "OTHER_TRANSACTION" => {
            "Two transactions were made for one distribution: find out at AMP by which one holders were paid."
        }
        "LOG" => {
            "Keep the log of this file where it can be written, as it was; look at the chain and at AMP before you go on without."
        }

        "BBQR_COMPRESSED" => {
            "Have the other side show it uncompressed (encoding 2 or H), or carry the file on a stick."
        }
        "BBQR_OTHER_ROW" | "BBQR_CONFLICT" | "BBQR_LENGTH" => {
            "These codes belong to another file: start scanning anew."
        }
        "BBQR_NO_FRAME" | "BBQR_ENCODING" | "BBQR_FILE_TYPE" | "BBQR_NUMBER" | "BBQR_CHARACTERS" => {
            "Scan BBQr codes of a PSET or of signed.json, or carry the file on a stick."
        }
        "BBQR_EMPTY" => "Take the file as it was written.",
        "BBQR_FRAME_SIZE" => "Choose another size of the codes.",
        "BBQR_TOO_MANY" => "Show larger codes, or carry the file on a stick.",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_of_the_review_that_the_preparer_can_break_names_no_flag() {
        // The others are for the cold side, whose commands the operator has before them.
        let made_here = [
            Code::FeeTooHigh,
            Code::FeeTooLow,
            Code::ChangePath,
            Code::Contract,
            Code::RequestMissing,
            Code::Network,
            Code::Address,
            Code::SignedDiffers,
        ];
        for code in made_here {
            let hint = of_rule(code);
            assert!(!hint.is_empty() && !hint.contains("--"), "{}: {hint}", code.name());
        }
    }

    #[test]
    fn no_hint_tells_anybody_to_forget_every_reservation_and_every_log() {
        for code in ["COINS_SPENT", "COINS_RESERVED"] {
            let hint = of(code);
            assert!(hint.contains("release") && !hint.contains("untick"), "{code}: {hint}");
        }
    }

    #[test]
    fn every_hint_ends_as_a_sentence() {
        for code in Code::ALL {
            assert!(of_rule(*code).ends_with(['.', ';']), "{}: {}", code.name(), of_rule(*code));
        }
    }
}
