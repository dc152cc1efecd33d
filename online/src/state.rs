//! What is kept between commands: [`reservations`] of coins and addresses, the [`log`] of each file, the
//! [`seen_signatures`] and the [`coin_cache`]. The command line keeps them in files, the page in the browser's storage.
//!
//! Reservations, logs and signatures must not be lost. The cache only saves time.

pub mod coin_cache;
pub mod log;
pub mod reservations;
pub mod seen_signatures;
