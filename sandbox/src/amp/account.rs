//! The login: one account and its tokens.

use std::collections::BTreeSet;
use std::fmt;

use serde::Deserialize;
use serde_json::json;

use super::answers::Refusal;
use super::body;
use super::derived::Derived;
use crate::exchange::Answer;

/// An account.
#[derive(Clone)]
pub(super) struct Account {
    username: String,
    password: String,
    tokens: BTreeSet<String>,
}

/// Leaves out the password and the tokens.
impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Account").field("username", &self.username).finish_non_exhaustive()
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Credentials {
    username: Option<String>,
    password: Option<String>,
}

impl Account {
    /// An account without tokens.
    pub(super) fn new(username: &str, password: &str) -> Self {
        Account { username: username.to_owned(), password: password.to_owned(), tokens: BTreeSet::new() }
    }

    /// Gives a token for the password.
    pub(super) fn obtain_token(&mut self, derived: &mut Derived, body: &[u8]) -> Result<Answer, Refusal> {
        let credentials: Credentials = body::read(body)?;
        let username = body::required("username", credentials.username)?;
        let password = body::required("password", credentials.password)?;
        if username != self.username || password != self.password {
            return Err(Refusal::NonField("Unable to log in with provided credentials.".to_owned()));
        }
        let token = derived.token();
        self.tokens.insert(token.clone());
        Ok(Answer::json(200, &json!({ "token": token })))
    }

    /// Lets in whoever brings one of its tokens, in AMP's own scheme `token`, which is not `Bearer`.
    pub(super) fn admit(&self, authorization: Option<&str>) -> Result<(), Refusal> {
        let none = Refusal::Unauthorized { reason: "Authentication credentials were not provided." };
        let (scheme, token) = authorization.and_then(|header| header.split_once(' ')).ok_or(none.clone())?;
        if !scheme.eq_ignore_ascii_case("token") {
            return Err(none);
        }
        match self.tokens.contains(token) {
            true => Ok(()),
            false => Err(Refusal::Unauthorized { reason: "Invalid token." }),
        }
    }

    /// Makes all tokens invalid, as AMP may at any time: how long one is valid is not known.
    pub(super) fn revoke(&mut self) {
        self.tokens.clear();
    }
}
