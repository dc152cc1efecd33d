//! One request to an Esplora server: at its turn, with the credentials, again where the server is busy; and its answer read
//! into a type, without the credentials in any error.

use std::time::Duration;

use serde::de::DeserializeOwned;

use super::{Esplora, EsploraError};
use crate::http::{Answer, HttpError, Question};
use crate::pace::Pause;
use crate::secrets::Secrets;

/// Bytes that an answer may have: a transaction of 4 MB as JSON. As many answers as [`CONCURRENCY`](super::CONCURRENCY) are
/// in memory at once.
const MAX_ANSWER_BYTES: usize = 16 * 1024 * 1024;

/// How often a request that only reads is sent before its failure counts, where the connection or a proxy breaks.
const TRIES: u32 = 5;

/// The first pause between two tries; each one is twice as long as the one before.
const FIRST_PAUSE: Duration = Duration::from_secs(1);

impl<P: Pause> Esplora<P> {
    /// Sends a request once, at its turn, with the credentials if there are any. If the server no longer accepts the token, a
    /// new one is fetched and the request is sent once more: the server did not carry out what it refused with 401.
    ///
    /// # Errors
    /// When no answer arrives, or the server refuses the credentials (401). Any other status is an answer. A status that says
    /// that too much was asked (429, 503) delays the requests after this one.
    pub async fn pass_on(&self, question: Question<'_>) -> Result<Answer, EsploraError> {
        let turn = self.turns.take().await;
        let answer = self.authorized(question).await?;
        match is_limit(&answer) {
            // The caller sees the status. The wait counts for all requests to this server.
            true => drop(self.turns.refused(turn, answer.retry_after)),
            false => self.turns.answered(),
        }
        Ok(answer)
    }

    /// Asks once, with the credentials if there are any.
    async fn authorized(&self, question: Question<'_>) -> Result<Answer, EsploraError> {
        let of = |source| EsploraError::Http { path: self.path_of(question.url), source };
        let Some(login) = &self.login else { return self.http.ask(question).await.map_err(of) };
        let mut token = login.token(&self.http, self.turns.clock()).await?;
        for is_last in [false, true] {
            let header = token.header();
            let answer =
                self.http.ask(Question { authorization: Some(&header), ..question }).await.map_err(of)?;
            if answer.status != 401 {
                return Ok(answer);
            }
            if is_last || !login.forget(&token) {
                break;
            }
            token = login.token(&self.http, self.turns.clock()).await?;
        }
        Err(EsploraError::Credentials { reason: "the server does not accept them (status 401)".to_owned() })
    }

    fn path_of(&self, url: &str) -> String {
        url.strip_prefix(&self.root).unwrap_or_default().to_owned()
    }

    /// Sends a request that only reads, and sends it again after a pause if the server is busy or the connection broke.
    pub(super) async fn get(&self, path: &str) -> Result<Answer, EsploraError> {
        let url = format!("{}{path}", self.root);
        let mut pause = FIRST_PAUSE;
        let mut tries = 1;
        loop {
            let turn = self.turns.take().await;
            let answer = self.authorized(Question { most: MAX_ANSWER_BYTES, ..Question::get(&url) }).await;
            match &answer {
                Ok(limit) if is_limit(limit) => {
                    if self.turns.refused(turn, limit.retry_after) {
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
                    self.turns.answered();
                    return answer;
                }
                Err(_) => return answer,
            }
            self.turns.clock().pause(pause).await;
            pause = pause.saturating_mul(2);
            tries = tries.saturating_add(1);
        }
    }

    /// The body of an answer with status 200, read into a type.
    pub(super) fn read<T: DeserializeOwned>(&self, path: &str, answer: &Answer) -> Result<T, EsploraError> {
        match answer.status {
            200 => self.parsed(path, &answer.body),
            _ => Err(self.refused(path, answer)),
        }
    }

    pub(super) fn parsed<T: DeserializeOwned>(&self, path: &str, body: &[u8]) -> Result<T, EsploraError> {
        // The library's error quotes the answer, and the server chose that text: it may quote the credentials.
        serde_json::from_slice(body).map_err(|error| {
            let reason = self.secrets().left_out_of_reason(&error.to_string(), body);
            unlike(path, &reason.chars().take(200).collect::<String>())
        })
    }

    /// The body of an answer to a question about something that must be there.
    pub(super) async fn found(&self, path: &str) -> Result<Vec<u8>, EsploraError> {
        let answer = self.get(path).await?;
        match answer.status {
            200 => Ok(answer.body),
            _ => Err(self.refused(path, &answer)),
        }
    }

    /// The body of an answer about something that may not exist; none where the server says that it does not (404).
    pub(super) async fn found_if_any(&self, path: &str) -> Result<Option<Vec<u8>>, EsploraError> {
        let answer = self.get(path).await?;
        match answer.status {
            200 => Ok(Some(answer.body)),
            404 => Ok(None),
            _ => Err(self.refused(path, &answer)),
        }
    }

    /// As [`Esplora::found`], read into a type.
    pub(super) async fn json<T: DeserializeOwned>(&self, path: &str) -> Result<T, EsploraError> {
        self.parsed(path, &self.found(path).await?)
    }

    /// The failure that an answer of another status than 200 is.
    pub(super) fn refused(&self, path: &str, answer: &Answer) -> EsploraError {
        let words = self.words(answer);
        EsploraError::Status { path: path.to_owned(), status: answer.status, words }
    }

    /// The server's words without the credentials, which it may quote.
    pub(super) fn words(&self, answer: &Answer) -> String {
        answer.words_without(&self.secrets())
    }

    /// The credentials, which no error and no answer that is passed on may hold.
    pub fn secrets(&self) -> Secrets {
        self.login.as_ref().map(|login| login.secrets()).unwrap_or_default()
    }
}

/// Whether an answer says that too much is asked.
pub(super) fn is_limit(answer: &Answer) -> bool {
    matches!(answer.status, 429 | 503)
}

pub(super) fn unlike(path: &str, reason: &str) -> EsploraError {
    EsploraError::Answer { path: path.to_owned(), reason: reason.to_owned() }
}
