//! The files that cross the air gap as a row of QR codes, for machines that take no USB stick.

pub mod bbqr;
mod deflate;
pub mod kind;
