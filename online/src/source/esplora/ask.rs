//! One request to an Esplora server: rate limited, with the credentials, and repeated if the server is busy. The answer is
//! parsed, and no error holds the credentials.

use std::time::Duration;

use serde::de::DeserializeOwned;

use super::{Esplora, EsploraError};
use crate::http::{Answer, HttpError, Question};
use crate::pace::{Pause, Retry};
use crate::secrets::Secrets;

/// The largest answer in bytes: a transaction of 4 MB as JSON. Up to [`CONCURRENCY`](super::CONCURRENCY) answers are in
/// memory at once.
const MAX_ANSWER_BYTES: usize = 16 * 1024 * 1024;

/// How often a read request is sent if the connection or a proxy fails.
pub(super) const TRIES: u32 = 5;

/// The first pause between two tries. Each further pause is twice as long.
pub(super) const FIRST_PAUSE: Duration = Duration::from_secs(1);

impl<P: Pause> Esplora<P> {
    /// Sends a request once, rate limited, with the credentials if there are any. If the server no longer accepts the token, a
    /// new one is fetched and the request is sent once more: a server does not carry out a request that it refuses with 401.
    ///
    /// # Errors
    /// When no answer arrives, or the server refuses the credentials (401). Any other status is an answer. A status that says
    /// that too many requests were sent (429, 503) delays the requests after this one.
    pub async fn pass_on(&self, question: Question<'_>) -> Result<Answer, EsploraError> {
        self.renew_token().await?;
        let permit = self.limiter.acquire().await;
        let answer = self.authorized(question).await?;
        match is_limit(&answer) {
            // The caller sees the status. The wait applies to all requests to this server.
            true => drop(self.limiter.back_off(permit, answer.retry_after)),
            false => self.limiter.answered(),
        }
        Ok(answer)
    }

    /// Gets a new token if there is none, or if it expires. This comes before the rate limit: a token server that lets the caller
    /// wait must not use up the permits of the Esplora server.
    async fn renew_token(&self) -> Result<(), EsploraError> {
        match &self.login {
            Some(login) => login.token(&self.http, self.limiter.clock()).await.map(drop),
            None => Ok(()),
        }
    }

    /// Sends a request once, with the credentials if there are any.
    async fn authorized(&self, question: Question<'_>) -> Result<Answer, EsploraError> {
        let failed = |source| EsploraError::Http { path: self.path_of(question.url), source };
        let Some(login) = &self.login else { return self.http.ask(question).await.map_err(failed) };
        let mut token = login.token(&self.http, self.limiter.clock()).await?;
        for is_last in [false, true] {
            let header = token.header();
            let answer =
                self.http.ask(Question { authorization: Some(&header), ..question }).await.map_err(failed)?;
            if answer.status != 401 {
                return Ok(answer);
            }
            if is_last || !login.forget(&token) {
                break;
            }
            token = login.token(&self.http, self.limiter.clock()).await?;
        }
        Err(EsploraError::Credentials { reason: "the server does not accept them (status 401)".to_owned() })
    }

    fn path_of(&self, url: &str) -> String {
        url.strip_prefix(&self.root).unwrap_or_default().to_owned()
    }

    /// Sends a read request, and repeats it after a pause if the server is busy or the connection failed.
    pub(super) async fn get(&self, path: &str) -> Result<Answer, EsploraError> {
        let url = format!("{}{path}", self.root);
        let mut pause = FIRST_PAUSE;
        let mut tries = 1;
        loop {
            self.renew_token().await?;
            let permit = self.limiter.acquire().await;
            let answer = self.authorized(Question { most: MAX_ANSWER_BYTES, ..Question::get(&url) }).await;
            match &answer {
                Ok(limit) if is_limit(limit) => {
                    if self.limiter.back_off(permit, limit.retry_after) == Retry::Yes {
                        continue;
                    }
                    let (status, retry_after) = (limit.status, limit.retry_after);
                    return Err(EsploraError::Limited { path: path.to_owned(), status, retry_after });
                }
                Ok(Answer { status: 502 | 504, .. })
                | Err(EsploraError::Http {
                    source: HttpError::Unreachable { .. } | HttpError::Lost { .. },
                    ..
                }) if tries < TRIES => {}
                Ok(_) => {
                    self.limiter.answered();
                    return answer;
                }
                Err(_) => return answer,
            }
            self.limiter.clock().pause(pause).await;
            pause = pause.saturating_mul(2);
            tries = tries.saturating_add(1);
        }
    }

    /// The body of an answer with status 200, parsed.
    pub(super) fn read<T: DeserializeOwned>(&self, path: &str, answer: &Answer) -> Result<T, EsploraError> {
        match answer.status {
            200 => self.parsed(path, &answer.body),
            _ => Err(self.refused(path, answer)),
        }
    }

    pub(super) fn parsed<T: DeserializeOwned>(&self, path: &str, body: &[u8]) -> Result<T, EsploraError> {
        // The parser's error quotes the answer, which may hold the credentials.
        serde_json::from_slice(body).map_err(|error| {
            let reason = self.secrets().left_out_of_reason(&error.to_string(), body);
            bad_answer(path, &reason.chars().take(200).collect::<String>())
        })
    }

    /// The body of an answer about something that must exist.
    pub(super) async fn found(&self, path: &str) -> Result<Vec<u8>, EsploraError> {
        let answer = self.get(path).await?;
        match answer.status {
            200 => Ok(answer.body),
            _ => Err(self.refused(path, &answer)),
        }
    }

    /// The body of an answer about something that may not exist. None if the server answers 404.
    pub(super) async fn found_if_any(&self, path: &str) -> Result<Option<Vec<u8>>, EsploraError> {
        let answer = self.get(path).await?;
        match answer.status {
            200 => Ok(Some(answer.body)),
            404 => Ok(None),
            _ => Err(self.refused(path, &answer)),
        }
    }

    /// As [`Esplora::found`], parsed.
    pub(super) async fn json<T: DeserializeOwned>(&self, path: &str) -> Result<T, EsploraError> {
        self.parsed(path, &self.found(path).await?)
    }

    /// The error for an answer with another status than 200.
    pub(super) fn refused(&self, path: &str, answer: &Answer) -> EsploraError {
        let words = self.words(answer);
        EsploraError::Status { path: path.to_owned(), status: answer.status, words }
    }

    /// The server's message without the credentials, which it may quote.
    pub(super) fn words(&self, answer: &Answer) -> String {
        answer.words_without(&self.secrets())
    }

    /// The credentials. No error may hold them, and no answer that is passed on.
    pub fn secrets(&self) -> Secrets {
        self.login.as_ref().map(|login| login.secrets()).unwrap_or_default()
    }
}

/// Whether an answer says that too many requests are sent.
pub(super) fn is_limit(answer: &Answer) -> bool {
    matches!(answer.status, 429 | 503)
}

pub(super) fn bad_answer(path: &str, reason: &str) -> EsploraError {
    EsploraError::Answer { path: path.to_owned(), reason: reason.to_owned() }
}
