//! `coldamp sign`: the same review once more, on bytes read once and with the journal held; then one approval, blinding,
//! signatures and the report. Of a quorum, only the signatures of this key are written. Nothing leaves before its entry is on the disk.

use std::path::PathBuf;

use coldamp_cli::ask::{self, TRIES, ask_until};
use coldamp_cli::job::{APPROVAL, JobFolder, SIGNED};
use coldamp_cli::{Exit, Failure, output, screen};
use coldamp_core::Secp;
use coldamp_core::amp::{Job, Request};
use coldamp_core::code::Code;
use coldamp_core::elements::Txid;
use coldamp_core::elements::bitcoin::bip32::Fingerprint;
use coldamp_core::sign::review::{
    Approval, ApprovedPset, ApproverSignature, FeeCap, JournalState, JudgedPset, NotApproved, Question,
    Review,
};
use coldamp_core::sign::{Recordable, Recorded, SignError, Unrecorded, sign, sign_part};

use super::review::foreign::Foreign;
use super::review::shown::{Shown, no_terminal_failure};
use super::review::{Purpose, Reviewed, refuse, refuse_review, reviewed};
use super::say_next;
use crate::approval_file;
use crate::args::SignArguments;
use crate::entropy::blinded_secp_with;
use crate::hints::HINTS;
use crate::journal::{Entry, Journal, Signed};

/// Signs, and writes signed.json or the signatures alone.
///
/// # Errors
/// When a rule fails, nobody approves, or a file cannot be written. Then no signature is left behind.
pub(super) fn run(arguments: &SignArguments) -> Result<(), Failure> {
    if let Some(output) = &arguments.output {
        output::check_free(output)?;
    }
    let approver = arguments.approval.as_deref().map(approval_file::read).transpose()?;
    let secp = blinded_secp_with(arguments.pset.threads.threads())?;
    let reviewed = reviewed(&secp, &arguments.pset, FeeCap::default(), Purpose::Sign)?;
    let document = reviewed.document();
    let typed = arguments.approve.is_none();
    let Reviewed { keystore, journal, state, review, foreign, pset_sha256, .. } = reviewed;
    let foreign = foreign.as_ref();
    let shown = if typed { Shown::of(&document, foreign) } else { Shown::of_given_code(&document, foreign) };
    if let Err(refusal) = refuse_unless_only_twins(&review, foreign, typed) {
        shown.print()?;
        return Err(refusal);
    }
    let warnings = review.warned.values().sum();
    let (Some(judged), Some(journal)) = (review.into_judged(), journal) else {
        return Err(Failure::internal("a review without mismatch and without a PSET to sign"));
    };
    let threshold = judged.checked().descriptor().threshold();
    let kind = if threshold > 1 || arguments.signatures { Written::Signatures } else { Written::Signed };
    let own = kind.path(arguments.pset.job.as_ref(), keystore.fingerprint());
    let output = arguments.output.as_deref().unwrap_or(&own);
    output::check_free(output)?;
    let approver = match (approver, &arguments.pset.job) {
        (Some(signature), _) => Some(GivenApproval { signature, is_named: true }),
        // Only where the policy asks for one: a file in the folder does not take the place of what is typed.
        (None, Some(job)) if typed && judged.needs_approver() && job.has(APPROVAL) => {
            let signature = approval_file::read(&job.file(APPROVAL, &HINTS)?)?;
            Some(GivenApproval { signature, is_named: false })
        }
        (None, _) => None,
    };
    let desk = Desk { shown: &shown, warnings };
    let approved = approve(&secp, judged, arguments.approve.as_deref(), approver.as_ref(), &desk)?;
    let key = keystore.signing_key().map_err(Failure::internal)?;
    let leaving = match kind {
        Written::Signed => {
            let signed = sign(&secp, approved, &key).map_err(unsigned)?;
            let Released { made, entry } = record(journal, &state, signed, pset_sha256)?;
            Leaving { text: made.to_json(), txid: made.txid(), entry }
        }
        Written::Signatures => {
            let signed = sign_part(&secp, approved, &key).map_err(unsigned)?;
            let Released { made, entry } = record(journal, &state, signed, pset_sha256)?;
            Leaving { text: made.to_json(), txid: made.txid, entry }
        }
    };
    drop(key);
    let Leaving { text, txid, entry } = leaving;
    output::create_file(output, text.map_err(Failure::internal)?.as_bytes()).map_err(|error| {
        Failure::from(error).with_hint(
            "The signing is in the journal. Run the same command with another -o: it gives the same transaction again.",
        )
    })?;
    screen::say(&format!("signed       transaction {txid}"));
    screen::say(&format!("journal      entry {entry}; write it down"));
    screen::say(&format!("written      {}", screen::printable_path(output)));
    kind.say_what_follows(threshold);
    Ok(())
}

/// Which file is written.
#[derive(Clone, Copy)]
enum Written {
    /// signed.json: the finished transaction and its report.
    Signed,
    /// The signatures of this key alone.
    Signatures,
}

impl Written {
    /// Where it goes if no file is named: in the folder of the job, else in the current one.
    fn path(self, job: Option<&JobFolder>, fingerprint: Fingerprint) -> PathBuf {
        match (self, job) {
            (Written::Signed, Some(job)) => job.path_of(SIGNED),
            (Written::Signatures, Some(job)) => job.path_of(&JobFolder::signatures_name(fingerprint)),
            (Written::Signed, None) => PathBuf::from(SIGNED),
            (Written::Signatures, None) => PathBuf::from("signatures.json"),
        }
    }

    fn say_what_follows(self, threshold: usize) {
        match self {
            Written::Signed => {
                screen::say(
                    "Whoever reads this file sees all amounts. Whoever has it can send the transaction.",
                );
                say_next([
                    "Make a new backup with `coldamp backup`.",
                    "Take the file to the online machine, and send it with `coldamp-online broadcast`.",
                ]);
            }
            Written::Signatures => {
                screen::say(
                    "This file holds the signatures of this key and shows no amount. Whoever has the PSET, the view key and as many parts as the treasury asks for can send the transaction.",
                );
                let combine = match threshold {
                    1 => {
                        "Take the file to the online machine. Make signed.json there of the PSET and the file, with `coldamp-online combine`."
                            .to_owned()
                    }
                    _ => format!(
                        "The treasury asks for {threshold} signers of this same PSET, you among them. Take the file to whoever combines what they give back, with `coldamp combine` on a cold machine or `coldamp-online combine`."
                    ),
                };
                say_next(["Make a new backup with `coldamp backup`.", combine.as_str()]);
            }
        }
    }
}

/// What leaves this machine.
struct Leaving {
    text: Result<String, serde_json::Error>,
    txid: Txid,
    /// The number of the journal entry that records it.
    entry: u32,
}

/// Refuses what the review refused, but for what typing may lift.
fn refuse_unless_only_twins(review: &Review, foreign: Option<&Foreign>, typed: bool) -> Result<(), Failure> {
    if typed && review.needs_only_twins() && ask::need_terminal("approval").is_ok() {
        Ok(())
    } else {
        refuse_review(review, foreign)
    }
}

/// What stands on the screen when something is asked.
struct Desk<'a> {
    shown: &'a Shown,
    /// How many warnings the review has.
    warnings: usize,
}

/// An approver's approval.
struct GivenApproval {
    signature: ApproverSignature,
    /// Whether the command line names its file. If not, it was found in the folder of a job.
    is_named: bool,
}

/// One approval: an approver's, the code, or what is typed now. The review is shown in each case: to the end before
/// anything is asked, and else for the record.
fn approve(
    secp: &Secp,
    judged: JudgedPset,
    code: Option<&str>,
    approver: Option<&GivenApproval>,
    desk: &Desk<'_>,
) -> Result<ApprovedPset, Failure> {
    let answers;
    let request = judged.checked().request();
    let approval = match (approver, code) {
        (Some(GivenApproval { signature, is_named }), _) => {
            let twins = judged.twin_questions();
            // Whoever carries a folder can put another job into it, with the approval that it once got. So job and amount are
            // typed where nobody named PSET and approval.
            let asked = if *is_named { twins.clone() } else { judged.questions() };
            let typed = desk.ask(request, &asked)?;
            // The questions about twins come last. The others are answered when they were asked.
            answers = typed.into_iter().skip(asked.len().saturating_sub(twins.len())).collect::<Vec<_>>();
            Approval::Signature(signature, &answers)
        }
        (None, Some(code)) => {
            desk.shown.print()?;
            Approval::Code(code)
        }
        // Nothing that could be typed would do: refused before anybody types it.
        (None, None) if judged.needs_approver() => {
            desk.shown.print()?;
            Approval::Typed(&[])
        }
        (None, None) => {
            answers = desk.ask(request, &judged.questions())?;
            Approval::Typed(&answers)
        }
    };
    judged.approve(secp, approval).map_err(|error| match error {
        NotApproved::Refused { mismatches, failed } => match refuse(&mismatches, failed) {
            Err(failure) => failure,
            Ok(()) => Failure::internal("a refusal without a reason"),
        },
        NotApproved::Declined { question } => declined(&question),
        other => Failure::internal(other),
    })
}

impl Desk<'_> {
    /// Shows the review, and asks every question, up to the first that is not answered.
    fn ask(&self, request: &Request, questions: &[Question]) -> Result<Vec<String>, Failure> {
        if questions.is_empty() {
            self.shown.print()?;
            return Ok(Vec::new());
        }
        let mut texts: Vec<String> = questions.iter().map(|question| question.text.clone()).collect();
        // Whoever answers reads once more, in the same line, what kind of job it is and that there are warnings.
        if let Some(first) = texts.first_mut() {
            *first = format!("{}. {first}", self.job(request));
        }
        self.shown.before(&texts)?;
        let mut answers = Vec::new();
        for (question, text) in questions.iter().zip(&texts) {
            let wrong = question.wrong_answer();
            let answer =
                ask_until("approval", &format!("{text}: "), wrong, |typed| question.is_answered_by(typed))
                    .map_err(no_terminal_failure)?
                    .ok_or_else(|| declined(&question.text))?;
            answers.push(answer);
        }
        Ok(answers)
    }

    fn job(&self, request: &Request) -> String {
        let job = match &request.job {
            Job::Distribute { recipients, .. } => match recipients.len() {
                1 => "DISTRIBUTE to 1 recipient".to_owned(),
                count => format!("DISTRIBUTE to {count} recipients"),
            },
            Job::Reissue { .. } => "REISSUE".to_owned(),
            Job::Burn { .. } => "BURN".to_owned(),
        };
        match self.warnings {
            1 => format!("{job}, 1 warning"),
            count => format!("{job}, {count} warnings"),
        }
    }
}

fn declined(question: &str) -> Failure {
    Failure::new(
        Exit::Declined,
        format!("not approved: {TRIES} answers did not match. The question was: {question}"),
        "Nothing was signed. The review shows what is asked for. Compare it with what you want to pay, then run it again.",
    )
}

/// What was signed and may leave this machine.
struct Released<T> {
    made: T,
    /// The number of the journal entry that records it.
    entry: u32,
}

/// Writes the journal entry, and only then takes out what was signed. If the same was signed before, the journal has it already, and it
/// is given out again under its first entry, byte for byte.
fn record<T: Recordable>(
    mut journal: Journal,
    state: &JournalState,
    signed: Unrecorded<T>,
    pset_sha256: [u8; 32],
) -> Result<Released<T>, Failure> {
    let history = state.history.as_ref();
    let facts = signed.facts();
    let same = history.and_then(|history| history.signing_of(&facts.content));
    let (txid, position) = match same.and_then(|same| Some((same, journal.position(same.number)?))) {
        // Its own txid, not the one just made: equal content that signs to another transaction must not leave.
        Some((same, position)) => (same.facts.txid, position),
        None => {
            let position = journal.append(Entry::Signed(Box::new(Signed::of(&signed, pset_sha256))))?;
            (facts.txid, position)
        }
    };
    let made = signed.release(Recorded::on_disk(txid, position)).map_err(unsigned)?;
    Ok(Released { made, entry: position.number })
}

/// What is left when the review found nothing: a fault of this machine, or a rule that the review lacks.
fn unsigned(error: SignError) -> Failure {
    let hint = match &error {
        SignError::Key { .. } => {
            return Failure::new(
                Exit::Keystore,
                error.to_string(),
                "Use this treasury's own keystore. If it is lost, restore its newest backup with `coldamp restore`.",
            )
            .with_code(Code::KeyMismatch);
        }
        SignError::Finish(_) => {
            "Nothing was written. Run it once more. If it then succeeds, the hardware is faulty: stop using it. If it fails again, prepare a new PSET."
        }
        _ => "Nothing was written. Report the line above: it holds no secret.",
    };
    Failure::new(Exit::Internal, error.to_string(), hint)
}
