//! The online half against the sandbox: the three jobs from AMP's request to its confirmation through the binary, killed
//! at every request, and with an AMP and a chain that misbehave.

mod answers;
mod at_most;
mod check;
mod descriptor;
mod desk;
mod exposed;
mod faults;
mod first_day;
mod folders;
mod guards;
mod hosts;
mod issue;
mod jobs;
mod killed;
mod large;
mod listed;
mod login;
mod moving_in;
mod people;
mod profile;
mod replaced;
mod requests;
mod scans;
mod serve;
mod treasury;
mod typed;
mod waiting;
