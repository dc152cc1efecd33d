//! Registered users.

use serde_json::{Value, json};

use super::Amp;
use super::answers::Refusal;
use crate::exchange::Answer;

/// A registered user: a Green subaccount that may hold assets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct User {
    /// AMP's number of the user.
    pub(super) id: u64,
    /// The user's name.
    pub(super) name: String,
    /// The subaccount.
    pub(super) gaid: String,
}

impl User {
    fn describe(&self) -> Value {
        json!({
            "id": self.id,
            "GAID": self.gaid,
            "is_company": false,
            "name": self.name,
            "categories": [],
            "creator": 1,
        })
    }
}

impl Amp {
    /// All of them.
    pub(super) fn list_users(&self) -> Answer {
        let users: Vec<Value> = self.users.values().map(User::describe).collect();
        Answer::json(200, &json!(users))
    }

    /// One of them.
    pub(super) fn show_user(&self, id: &str) -> Result<Answer, Refusal> {
        let user = id.parse().ok().and_then(|id: u64| self.users.get(&id));
        user.map(|user| Answer::json(200, &user.describe())).ok_or(Refusal::NotFound)
    }
}
