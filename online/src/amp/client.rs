//! The client: one login, and the requests that carry it. The calls are in `endpoints`.

use std::fmt;

use coldamp_core::limits::MAX_REQUEST_BYTES;
use serde_json::json;

use super::answers;
use super::error::{AmpError, judged};
use super::root::AmpRoot;
use crate::http::{Answer, Http, HttpError, Question};
use crate::secrets::Secrets;

/// Characters of a reason that is passed on.
const MAX_REASON: usize = 300;

/// The operator's login at AMP. No Debug: whoever has it can change everything of the issuer's.
pub enum Credentials {
    /// User name and password.
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

impl fmt::Debug for Amp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Amp").field("root", &self.root).finish_non_exhaustive()
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

    /// A text of AMP's without the credentials that it may quote: every text of AMP's passes through here before it is
    /// shown.
    pub fn without_credentials(&self, text: &str) -> String {
        self.secrets.left_out_of(text)
    }

    /// Why an answer of AMP's could not be read, cut to some length. Reason and answer may quote the credentials: they are
    /// removed first.
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

    /// Sends one request, with the token.
    ///
    /// # Errors
    /// As every call: [`AmpError`].
    pub(super) async fn ask(&self, path: &str, body: Option<&[u8]>) -> Result<Answer, AmpError> {
        judged(&self.root, path, &self.secrets, self.send(path, body).await)
    }

    /// Sends one request that makes something: AMP answers it with status 201.
    ///
    /// # Errors
    /// As every call: [`AmpError`].
    pub(super) async fn ask_to_create(&self, path: &str, body: &[u8]) -> Result<Answer, AmpError> {
        let answer = self.send(path, Some(body)).await.map(|answer| match answer.status {
            201 => Answer { status: 200, ..answer },
            _ => answer,
        });
        judged(&self.root, path, &self.secrets, answer)
    }

    async fn send(&self, path: &str, body: Option<&[u8]>) -> Result<Answer, HttpError> {
        let url = self.root.join(path);
        let question = match body {
            Some(body) => Question::post(&url, "application/json", body),
            None => Question::get(&url),
        };
        let question = Question { authorization: Some(&self.token), most: most_bytes(path), ..question };
        self.http.ask(question).await
    }

    /// Sends one PUT request without a body, with the token.
    ///
    /// # Errors
    /// As every call: [`AmpError`].
    pub(super) async fn put(&self, path: &str) -> Result<Answer, AmpError> {
        let url = self.root.join(path);
        let question =
            Question { authorization: Some(&self.token), most: most_bytes(path), ..Question::put(&url) };
        judged(&self.root, path, &self.secrets, self.http.ask(question).await)
    }

    /// Sends one read request and reads its answer.
    ///
    /// # Errors
    /// As every call: [`AmpError`].
    pub(super) async fn get<T>(
        &self,
        path: &str,
        read: impl FnOnce(&[u8]) -> Result<T, String>,
    ) -> Result<T, AmpError> {
        let answer = self.ask(path, None).await?;
        read(&answer.body).map_err(|reason| self.not_as_expected(path, &reason, &answer.body))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
