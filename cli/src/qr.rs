//! `qr show` and `qr join` of both command lines: files as QR codes on the terminal, and scanned text back to a file.
//!
//! | module | what |
//! |---|---|
//! | `form` | forms of codes: BBQr, and what a front end adds |
//! | `plan` | how many frames of which size a terminal shows |
//! | `picture` | one code as half blocks |
//! | `show` | frames in turn, until a person leaves |
//! | `join` | scanned lines to a file |
//!
//! What a frame is and which files are shown is core's: `transport`.

mod form;
mod join;
mod picture;
mod plan;
mod show;

use std::path::PathBuf;

use clap::{Args, Subcommand};

pub use form::{Bbqr, BbqrScan, Codes, Form, Refused, Scan};
pub use join::join;
pub use show::{show, show_text};

/// Files across the gap by camera.
#[derive(Subcommand)]
pub enum QrCommand {
    /// Show a file as QR codes in the terminal: a PSET, signatures, an approval, a descriptor, an account key or an address
    Show(ShowArguments),
    /// Make the file of scanned QR codes again; reads what zbarcam --raw or a hand scanner writes, a code a line
    Join(JoinArguments),
}

/// What to show, and how.
#[derive(Args)]
pub struct ShowArguments {
    /// The file to show
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Columns of the terminal to use, at most; without it as many as there are, up to a QR code of version 27
    #[arg(long, value_name = "COLUMNS", value_parser = clap::value_parser!(u16).range(1..))]
    pub width: Option<u16>,
    /// QR codes a second
    #[arg(long, value_name = "N", default_value = "4", value_parser = clap::value_parser!(u32).range(1..=20))]
    pub fps: u32,
    /// Print the text of each code on a line instead, for another program that draws or joins them
    #[arg(long, conflicts_with_all = ["width", "fps"])]
    pub text: bool,
}

/// What to join, and where it goes.
#[derive(Args)]
pub struct JoinArguments {
    /// File with the scanned text, a code a line; `-` or nothing: standard input
    #[arg(value_name = "FILE", default_value = "-")]
    pub file: PathBuf,
    /// The file to write
    #[arg(short, long, value_name = "OUT")]
    pub output: PathBuf,
}
