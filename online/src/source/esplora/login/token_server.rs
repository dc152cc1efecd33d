//! Gets tokens from an OAuth2 token server with a client's id and secret (RFC 6749, 4.4).
//!
//! A token request changes nothing, so it is repeated after a pause if the server is busy or the connection failed, as every
//! read request to the Esplora server is. Only an answer that refuses the client is told as wrong credentials.

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::task::{Poll, Waker};
use std::time::Duration;

use reqwest::Url;
use serde::Deserialize;

use super::super::EsploraError;
use super::super::ask::{FIRST_PAUSE, TRIES, is_limit};
use super::{Token, header_text, refused};
use crate::http::{Answer, Http, HttpError, Question};
use crate::pace::{LONGEST_WAIT, Pause};
use crate::secrets::Secrets;

/// The largest answer in bytes.
const MAX_ANSWER_BYTES: usize = 64 * 1024;

/// A client of a token server.
pub(super) struct Client {
    /// The client's id.
    pub(super) id: String,
    /// The client's secret.
    pub(super) secret: String,
    /// The token server's endpoint.
    pub(super) token_url: String,
}

/// The token server's answer.
#[derive(Deserialize)]
struct Granted {
    access_token: String,
    token_type: String,
    expires_in: Option<u64>,
}

impl Client {
    /// Requests a token. `secrets` are removed from the server's messages.
    ///
    /// # Errors
    /// When no answer comes, the server is busy or failed after all tries, or it refuses the client.
    pub(super) async fn request<P: Pause>(
        &self,
        http: &Http,
        clock: &P,
        secrets: &Secrets,
    ) -> Result<Token, EsploraError> {
        let form = form(&[
            ("grant_type", "client_credentials"),
            ("client_id", &self.id),
            ("client_secret", &self.secret),
            ("scope", "openid"),
        ]);
        let (mut pause, mut tries) = (FIRST_PAUSE, 1);
        loop {
            let question =
                Question::post(&self.token_url, "application/x-www-form-urlencoded", form.as_bytes());
            let answer = http.ask(Question { most: MAX_ANSWER_BYTES, ..question }).await;
            let wait = match &answer {
                Ok(answer) if is_limit(answer) => answer.retry_after.map(Duration::from_secs),
                Ok(Answer { status: 500..=599, .. })
                | Err(HttpError::Unreachable { .. } | HttpError::Lost { .. }) => None,
                _ => return granted(answer, secrets, clock.elapsed()),
            };
            let wait = wait.map_or(pause, |asked| asked.max(FIRST_PAUSE));
            if tries >= TRIES || wait > LONGEST_WAIT {
                return granted(answer, secrets, clock.elapsed());
            }
            clock.pause(wait).await;
            pause = pause.saturating_mul(2);
            tries = tries.saturating_add(1);
        }
    }
}

/// The token of an answer, or the error by its kind.
fn granted(
    answer: Result<Answer, HttpError>,
    secrets: &Secrets,
    now: Duration,
) -> Result<Token, EsploraError> {
    let answer = answer.map_err(|source| EsploraError::TokenServer { reason: source.to_string() })?;
    let status = answer.status;
    match status {
        200 => {}
        _ if is_limit(&answer) => {
            let (path, retry_after) = ("the token server".to_owned(), answer.retry_after);
            return Err(EsploraError::Limited { path, status, retry_after });
        }
        500..=599 => {
            let words = answer.words_without(secrets);
            return Err(EsploraError::TokenServer { reason: format!("status {status}: {words}") });
        }
        _ => {
            let words = answer.words_without(secrets);
            return Err(refused(&format!("the token server answers with status {status}: {words}")));
        }
    }
    // An answer that does not parse is not quoted: it may be the token.
    let granted: Granted = serde_json::from_slice(&answer.body)
        .map_err(|_| refused("the token server's answer is not what it should be"))?;
    if !granted.token_type.eq_ignore_ascii_case("bearer") {
        return Err(refused("the token server's token is not a bearer token"));
    }
    // A token without an expiry time is used until the server refuses it.
    let until = granted.expires_in.map(|seconds| now.saturating_add(Duration::from_secs(seconds)));
    Ok(Token { text: header_text(granted.access_token)?, until })
}

/// A form's body.
fn form(fields: &[(&str, &str)]) -> String {
    // A form is encoded like a query.
    let Ok(mut url) = Url::parse("http://form/") else { return String::new() };
    url.query_pairs_mut().extend_pairs(fields);
    url.query().unwrap_or_default().to_owned()
}

/// Lets one task at a time through. All tasks run on one thread.
#[derive(Default)]
pub(super) struct OneAtATime {
    busy: Cell<bool>,
    waiting: RefCell<Vec<Waker>>,
}

/// The right to go on. The next task continues when it is dropped.
pub(super) struct Passage<'a>(&'a OneAtATime);

impl OneAtATime {
    /// Waits until no other task is inside.
    pub(super) async fn enter(&self) -> Passage<'_> {
        poll_fn(|context| {
            if self.busy.replace(true) {
                self.waiting.borrow_mut().push(context.waker().clone());
                return Poll::Pending;
            }
            Poll::Ready(())
        })
        .await;
        Passage(self)
    }
}

impl Drop for Passage<'_> {
    fn drop(&mut self) {
        self.0.busy.set(false);
        self.0.waiting.take().into_iter().for_each(Waker::wake);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(status: u16, retry_after: Option<u64>, body: &str) -> Result<Answer, HttpError> {
        Ok(Answer { status, retry_after, body: body.as_bytes().to_vec() })
    }

    fn code(answer: Result<Answer, HttpError>) -> &'static str {
        let mut secrets = Secrets::default();
        secrets.add("hunter2");
        let error = granted(answer, &secrets, Duration::ZERO).err().unwrap();
        assert!(!error.to_string().contains("hunter2") && !error.to_string().contains("abc"), "{error}");
        error.code().as_str()
    }

    #[test]
    fn an_answer_is_read_and_never_quoted() {
        let body = r#"{"access_token":"abc","expires_in":300,"token_type":"Bearer"}"#;
        let token =
            granted(answered(200, None, body), &Secrets::default(), Duration::from_secs(100)).unwrap();
        assert_eq!((token.header().as_str(), token.until), ("Bearer abc", Some(Duration::from_secs(400))));
        for body in [
            r#"{"access_token":"abc","expires_in":300,"token_type":"mac"}"#,
            r#"{"access_token":"abc"}"#,
            r#"["abc"]"#,
            r#"{"access_token":"a abc","token_type":"bearer"}"#,
        ] {
            assert_eq!(code(answered(200, None, body)), "ESPLORA_CREDENTIALS", "{body}");
        }
    }

    #[test]
    fn the_token_servers_own_trouble_is_not_told_as_wrong_credentials() {
        let quoting = "client me with secret hunter2";
        for status in [400, 401, 403] {
            assert_eq!(code(answered(status, None, quoting)), "ESPLORA_CREDENTIALS", "{status}");
        }
        for status in [429, 503] {
            assert_eq!(code(answered(status, Some(7), quoting)), "ESPLORA_LIMITED", "{status}");
        }
        assert_eq!(code(answered(500, None, quoting)), "ESPLORA_UNREACHABLE");
        assert_eq!(code(Err(HttpError::Lost { reason: "broken".to_owned() })), "ESPLORA_UNREACHABLE");
    }

    #[test]
    fn a_form_is_encoded() {
        assert_eq!(form(&[("client_secret", "a&b=c d+é")]), "client_secret=a%26b%3Dc+d%2B%C3%A9");
    }
}
