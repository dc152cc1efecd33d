//! The one file in each direction as a row of QR codes, for machines that take no USB stick.

pub mod bbqr;
