//! The client: one login, and each endpoint by its name.

use std::fmt;

use coldamp_core::amp::request::Uuid;
use coldamp_core::code::Code;
use coldamp_core::elements::{AssetId, OutPoint, Txid};
use coldamp_core::limits::MAX_REQUEST_BYTES;
use serde_json::{Value, json};

use super::answers::{self, AmpTransaction, Assignment, Reissuance};
use super::distribution::Distribution;
use super::root::AmpRoot;
use crate::http::{Answer, Http, HttpError, Question};
use crate::secrets::Secrets;

/// Characters of a reason that is passed on.
const MAX_REASON: usize = 300;

/// Who the operator is to AMP. No Debug: with them everything of the issuer's can be changed.
pub enum Credentials {
    /// As one logs in.
    Password {
        /// The name.
        username: String,
        /// The password.
        password: String,
    },
    /// A token that was obtained before.
    Token(String),
}

/// AMP, logged in. Its Debug text leaves out the token.
pub struct Amp {
    http: Http,
    root: AmpRoot,
    token: String,
    secrets: Secrets,
}

/// Why AMP did not do what it was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AmpError {
    /// No answer came.
    #[error("no answer from AMP at {root} to {path}: {source}")]
    Http {
        /// The root of AMP's API.
        root: String,
        /// The path of the request.
        path: String,
        /// The error of the connection.
        source: HttpError,
    },
    /// AMP failed. It may have done what was asked before it failed.
    #[error("AMP at {root} answers {path} with status {status}: {words}")]
    Failed {
        /// The root of AMP's API.
        root: String,
        /// The path of the request.
        path: String,
        /// 500 to 599, or a status that is not expected here.
        status: u16,
        /// AMP's message, cut.
        words: String,
    },
    /// The name, the password or the token is wrong.
    #[error("AMP at {root} refuses the credentials: {words}")]
    Credentials {
        /// The root of AMP's API.
        root: String,
        /// AMP's message, cut.
        words: String,
    },
    /// AMP refuses the request.
    #[error("AMP at {root} refuses {path} with status {status}: {words}")]
    Refused {
        /// The root of AMP's API.
        root: String,
        /// The path of the request.
        path: String,
        /// 400 to 499.
        status: u16,
        /// AMP's message, cut.
        words: String,
    },
    /// The status is one of success, and the answer is not what it should be.
    #[error("AMP's answer to {path} is not what it should be: {reason}")]
    Answer {
        /// The path of the request.
        path: String,
        /// What is wrong with the answer.
        reason: String,
    },
    /// The token holds characters that no header may hold.
    #[error("the token holds characters that no token has")]
    Token,
}

impl fmt::Debug for Amp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Amp").field("root", &self.root).finish_non_exhaustive()
    }
}

impl AmpError {
    /// The stable code.
    pub fn code(&self) -> Code {
        match self {
            AmpError::Http { .. } => Code::AmpUnreachable,
            AmpError::Failed { .. } => Code::AmpFailed,
            AmpError::Credentials { .. } | AmpError::Token => Code::AmpCredentials,
            AmpError::Refused { .. } => Code::AmpRefused,
            AmpError::Answer { .. } => Code::AmpAnswer,
        }
    }

    /// Whether AMP may have done what it was asked, although it did not say so.
    pub fn may_have_acted(&self) -> bool {
        match self {
            AmpError::Http { source, .. } => source.may_have_acted(),
            AmpError::Failed { .. } | AmpError::Answer { .. } => true,
            AmpError::Credentials { .. } | AmpError::Refused { .. } | AmpError::Token => false,
        }
    }

    /// Whether there is nothing at this endpoint: AMP knows no such thing, or has no such neighbour.
    pub fn is_absent(&self) -> bool {
        matches!(self, AmpError::Refused { status: 404 | 405, .. })
    }

    /// Whether this endpoint shows nothing that could be read: it is not there, not for this login, or of another shape. No
    /// report may be lost over a neighbour.
    pub fn shows_nothing(&self) -> bool {
        matches!(self, AmpError::Refused { status: 403..=405, .. } | AmpError::Answer { .. })
    }
}

/// Bytes that AMP's answer may have. No more is read: a request is refused above its limit anyway, and a list has some
/// hundred bytes a row.
fn most_bytes(path: &str) -> usize {
    const LIST: usize = 16 * 1024 * 1024;
    let is_request = path.ends_with("-request") || path.ends_with("distributions/create/");
    if is_request { MAX_REQUEST_BYTES } else { LIST }
}

impl Amp {
    /// Logs in, or takes the token as it is.
    ///
    /// # Errors
    /// When AMP is not reached, or refuses.
    pub async fn log_in(http: Http, root: AmpRoot, credentials: &Credentials) -> Result<Self, AmpError> {
        let mut secrets = Secrets::default();
        let token = match credentials {
            Credentials::Token(token) => token.trim().to_owned(),
            Credentials::Password { username, password } => {
                secrets.add_name(username);
                secrets.add(password);
                let path = "user/obtain_token";
                let body = json!({ "username": username, "password": password }).to_string();
                let url = root.join(path);
                let question = Question::post(&url, "application/json", body.as_bytes());
                let answer = http.ask(Question { most: most_bytes(path), ..question }).await;
                let answer = judged(&root, path, &secrets, answer).map_err(|error| match error {
                    AmpError::Refused { root, status: 400 | 403, words, .. } => {
                        AmpError::Credentials { root, words }
                    }
                    other => other,
                })?;
                answers::token(&answer.body).ok_or_else(|| AmpError::Answer {
                    path: path.to_owned(),
                    reason: "it holds no token".to_owned(),
                })?
            }
        };
        if token.is_empty() || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(AmpError::Token);
        }
        secrets.add(&token);
        Ok(Amp { http, root, token: format!("token {token}"), secrets })
    }

    /// A text of AMP's without the credentials that it may quote: everything that AMP says goes through here before it is
    /// shown.
    pub fn without_credentials(&self, text: &str) -> String {
        self.secrets.left_out_of(text)
    }

    /// The words of a failure to read an answer of AMP's, without the credentials that both may quote, cut.
    pub fn reason_without_credentials(&self, reason: &str, answer: &[u8]) -> String {
        self.secrets.left_out_of_reason(reason, answer).chars().take(MAX_REASON).collect()
    }

    /// The status is one of success, and the answer is not what it should be.
    pub(crate) fn not_as_expected(&self, path: &str, reason: &str, answer: &[u8]) -> AmpError {
        AmpError::Answer { path: path.to_owned(), reason: self.reason_without_credentials(reason, answer) }
    }

    /// The root of AMP's API.
    pub fn root(&self) -> &AmpRoot {
        &self.root
    }

    async fn ask(&self, path: &str, body: Option<&[u8]>) -> Result<Answer, AmpError> {
        let url = self.root.join(path);
        let question = match body {
            Some(body) => Question::post(&url, "application/json", body),
            None => Question::get(&url),
        };
        let question = Question { authorization: Some(&self.token), most: most_bytes(path), ..question };
        judged(&self.root, path, &self.secrets, self.http.ask(question).await)
    }

    async fn get<T>(&self, path: &str, read: impl FnOnce(&[u8]) -> Result<T, String>) -> Result<T, AmpError> {
        let answer = self.ask(path, None).await?;
        read(&answer.body).map_err(|reason| self.not_as_expected(path, &reason, &answer.body))
    }

    /// The asset's id.
    ///
    /// # Errors
    /// As every call: [`AmpError`].
    pub async fn asset(&self, asset: &Uuid) -> Result<AssetId, AmpError> {
        self.get(&format!("assets/{asset}"), |body| answers::asset(body, asset)).await
    }

    /// What AMP lost sight of, of the asset and of its token.
    ///
    /// # Errors
    /// As every call: [`AmpError`].
    pub async fn lost_outputs(&self, asset: &Uuid) -> Result<Vec<OutPoint>, AmpError> {
        self.get(&format!("assets/{asset}/balance"), answers::lost_outputs).await
    }

    /// All assignments.
    ///
    /// # Errors
    /// As every call: [`AmpError`].
    pub async fn assignments(&self, asset: &Uuid) -> Result<Vec<Assignment>, AmpError> {
        self.get(&format!("assets/{asset}/assignments"), answers::assignments).await
    }

    /// The outputs of the asset that AMP tracks, whoever holds them.
    ///
    /// # Errors
    /// As every call: [`AmpError`].
    pub async fn utxos(&self, asset: &Uuid) -> Result<Vec<OutPoint>, AmpError> {
        self.get(&format!("assets/{asset}/utxos"), answers::utxos).await
    }

    /// The asset's transactions.
    ///
    /// # Errors
    /// As every call: [`AmpError`].
    pub async fn transactions(&self, asset: &Uuid) -> Result<Vec<AmpTransaction>, AmpError> {
        self.get(&format!("assets/{asset}/txs"), answers::transactions).await
    }

    /// One of them.
    ///
    /// # Errors
    /// As every call: [`AmpError`]; absent where AMP has no record of it.
    pub async fn transaction(&self, asset: &Uuid, txid: Txid) -> Result<AmpTransaction, AmpError> {
        self.get(&format!("assets/{asset}/txs/{txid}"), |body| answers::transaction(body, txid)).await
    }

    /// The asset's reissuances that AMP was told of.
    ///
    /// # Errors
    /// As every call: [`AmpError`].
    pub async fn reissuances(&self, asset: &Uuid) -> Result<Vec<Reissuance>, AmpError> {
        self.get(&format!("assets/{asset}/reissuances"), answers::reissuances).await
    }

    /// One distribution.
    ///
    /// # Errors
    /// As every call: [`AmpError`]; absent where AMP knows no such distribution.
    pub async fn distribution(&self, asset: &Uuid, distribution: &Uuid) -> Result<Distribution, AmpError> {
        let path = format!("assets/{asset}/distributions/{distribution}");
        match self.get(&path, |body| Distribution::read(body, distribution)).await? {
            Distribution::Untold { reason } => {
                Ok(Distribution::Untold { reason: self.reason_without_credentials(&reason, b"") })
            }
            other => Ok(other),
        }
    }

    /// The addresses that were registered as the treasury's, as they were given.
    ///
    /// # Errors
    /// As every call: [`AmpError`].
    pub async fn treasury_addresses(&self, asset: &Uuid) -> Result<Vec<String>, AmpError> {
        self.get(&format!("assets/{asset}/treasury-addresses"), answers::json).await
    }

    /// Asks for a reissue; AMP's answer byte for byte. AMP remembers nothing of it that would be paid twice.
    ///
    /// # Errors
    /// As every call: [`AmpError`].
    pub async fn request_reissue(&self, asset: &Uuid, base_units: u64) -> Result<Vec<u8>, AmpError> {
        let body = json!({ "amount_to_reissue": base_units }).to_string();
        Ok(self.ask(&format!("assets/{asset}/reissue-request"), Some(body.as_bytes())).await?.body)
    }

    /// Asks for a burn; AMP's answer byte for byte.
    ///
    /// # Errors
    /// As every call: [`AmpError`].
    pub async fn request_burn(&self, asset: &Uuid, base_units: u64) -> Result<Vec<u8>, AmpError> {
        let body = json!({ "amount": base_units }).to_string();
        Ok(self.ask(&format!("assets/{asset}/burn-request"), Some(body.as_bytes())).await?.body)
    }

    /// Makes a distribution of everything that is ready; AMP's answer byte for byte. It is a GET, and it cannot be taken
    /// back: the assignments are bound to it from then on.
    ///
    /// # Errors
    /// As every call: [`AmpError`]. One that may have acted has made a distribution nobody has the answer of.
    pub async fn create_distribution(&self, asset: &Uuid) -> Result<Vec<u8>, AmpError> {
        Ok(self.ask(&format!("assets/{asset}/distributions/create/"), None).await?.body)
    }

    /// Hands over a report; what AMP said with success comes back, and whether that is its yes is judged by the caller.
    ///
    /// # Errors
    /// As every call: [`AmpError`].
    pub async fn confirm(&self, path: &str, payload: &[u8]) -> Result<Vec<u8>, AmpError> {
        Ok(self.ask(path, Some(payload)).await?.body)
    }

    /// Tells AMP the blinding factors of an output. Whether AMP has them, its record says.
    ///
    /// # Errors
    /// As every call: [`AmpError`].
    pub async fn update_blinders(&self, asset: &Uuid, output: &Value) -> Result<(), AmpError> {
        let path = format!("assets/{asset}/update-blinders");
        self.ask(&path, Some(output.to_string().as_bytes())).await.map(|_| ())
    }
}

/// Success is status 200 and nothing else, as AMP's own script has it.
fn judged(
    root: &AmpRoot,
    path: &str,
    secrets: &Secrets,
    answer: Result<Answer, HttpError>,
) -> Result<Answer, AmpError> {
    let (root, path) = (root.to_string(), path.to_owned());
    let answer = match answer {
        Ok(answer) => answer,
        Err(source) => return Err(AmpError::Http { root, path, source }),
    };
    let status = answer.status;
    let words = || answer.words_without(secrets);
    match status {
        200 => Ok(answer),
        401 => Err(AmpError::Credentials { root, words: words() }),
        // A proxy's: AMP may go on with what the proxy no longer waits for.
        408 | 499 => Err(AmpError::Failed { root, path, status, words: words() }),
        400..=499 => Err(AmpError::Refused { root, path, status, words: words() }),
        _ => Err(AmpError::Failed { root, path, status, words: words() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(status: u16) -> Result<Answer, AmpError> {
        told(status, "")
    }

    fn told(status: u16, secret: &str) -> Result<Answer, AmpError> {
        let root = AmpRoot::parse("https://amp.example.org/api").unwrap();
        let answer = Answer { status, retry_after: None, body: b"{\"detail\":\"x\"}".to_vec() };
        let mut secrets = Secrets::default();
        secrets.add(secret);
        judged(&root, "assets", &secrets, Ok(answer))
    }

    #[test]
    fn words_that_quote_what_was_sent_are_not_passed_on() {
        for code in [400, 401, 500] {
            assert!(told(code, "y").err().unwrap().to_string().contains("detail"));
            let error = told(code, "{\"detail\":\"x").err().unwrap();
            assert!(!error.to_string().contains("detail"), "{error}");
        }
    }

    #[test]
    fn only_200_is_success_and_only_a_clear_no_is_known_not_to_have_acted() {
        assert!(status(200).is_ok());
        for (code, acted) in [
            (201, true),
            (302, true),
            (408, true),
            (500, true),
            (503, true),
            (400, false),
            (401, false),
            (404, false),
        ] {
            let error = status(code).err().unwrap();
            assert_eq!(error.may_have_acted(), acted, "{code}: {error}");
        }
        assert!(status(404).err().unwrap().is_absent() && !status(400).err().unwrap().is_absent());
    }

    #[test]
    fn nothing_printed_holds_the_token() {
        let http = Http::new().unwrap();
        let root = AmpRoot::parse("https://amp.example.org/api").unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let token = Credentials::Token("hunter2".to_owned());
        let amp = runtime.block_on(Amp::log_in(http.clone(), root.clone(), &token)).unwrap();
        assert!(!format!("{amp:?}").contains("hunter2"));
        for broken in ["", "a b", "a\nb: c"] {
            let broken = Credentials::Token(broken.to_owned());
            let error = runtime.block_on(Amp::log_in(http.clone(), root.clone(), &broken)).unwrap_err();
            assert_eq!(error, AmpError::Token);
        }
    }
}
