//! AMP's issuer API as far as the air-gapped flow needs it: what AMP asks for, and what it is told afterwards.

pub mod confirm;
pub mod request;

pub use request::{Job, Recipient, Request, RequestError};
