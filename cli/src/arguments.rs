//! The command line, by clap's rules and in our words.

use std::ffi::OsString;

use clap::{Command, Parser};

use crate::failure::{Exit, Failure};
use crate::line::Line;
use crate::output;

/// Columns of clap's options beside which a description is shown.
const WIDEST_OPTION: usize = 30;

/// Reads the command line of this process. Returns `None` if it asks only for help or the version, which are then on
/// stdout.
///
/// # Errors
/// When clap cannot read it, or stdout takes no data.
pub fn parse<A: Parser>() -> Result<Option<A>, Failure> {
    parse_from(std::env::args_os())
}

/// [`parse`] for a given command line, the program's own name first.
///
/// # Errors
/// As [`parse`].
pub fn parse_from<A: Parser>(arguments: impl IntoIterator<Item = OsString>) -> Result<Option<A>, Failure> {
    let other = match A::try_parse_from(arguments) {
        Ok(arguments) => return Ok(Some(arguments)),
        Err(other) => other,
    };
    let text = other.to_string();
    if other.use_stderr() {
        return Err(refused(&text, &A::command()));
    }
    for line in text.trim_end().lines() {
        help_rows(line).iter().try_for_each(output::print_line)?;
    }
    Ok(None)
}

/// A line of clap's help for a screen. Where the column of options is so wide that little room is left beside it, the
/// description goes below its option.
fn help_rows(line: &str) -> Vec<Line> {
    let whole = Line::new(line);
    let column = whole.value_column();
    let Some((option, words)) = line.split_at_checked(column).filter(|_| column > WIDEST_OPTION) else {
        return vec![whole];
    };
    let below = |words: &str| Line::hanging(format!("{:10}{words}", ""), 10);
    match option.trim() {
        // A further line of a description.
        "" => vec![below(line.trim())],
        _ => vec![Line::new(option.trim_end()), below(words)],
    }
}

/// A refusal of clap's as a failure. clap itself would print what was typed as it is, and a file name may hold escape
/// sequences.
fn refused(text: &str, command: &Command) -> Failure {
    // If no command is named, clap's text is the help alone.
    let message = match text.strip_prefix("error: ") {
        Some(message) => message.split("\n\n").next().unwrap_or(message),
        None => "no command is named",
    };
    let message = message.lines().map(str::trim).collect::<Vec<_>>().join(" ");
    let program = command.get_name();
    let hint = match command.has_subcommands() {
        true => format!("`{program} --help` lists the commands, `{program} COMMAND --help` their arguments."),
        false => format!("`{program} --help` lists the arguments."),
    };
    Failure::new(Exit::Usage, message, hint)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Parser)]
    #[command(name = "vault", version)]
    enum Arguments {
        Open {
            #[arg(long, value_name = "FILE")]
            key: String,
        },
    }

    fn refusal(line: &str) -> Failure {
        parse_from::<Arguments>(line.split(' ').map(OsString::from)).unwrap_err()
    }

    #[test]
    fn a_refusal_is_one_line_with_a_hint() {
        let missing = refusal("vault open");
        assert_eq!(missing.exit, Exit::Usage);
        assert_eq!(missing.message, "the following required arguments were not provided: --key <FILE>");
        assert_eq!(
            missing.hint,
            "`vault --help` lists the commands, `vault COMMAND --help` their arguments."
        );
        assert_eq!(refusal("vault").message, "no command is named");
        assert_eq!(refusal("vault shut").message, "unrecognized subcommand 'shut'");
    }

    #[test]
    fn help_goes_below_an_option_that_is_wide() {
        let rows = |line: &str| -> Vec<String> {
            help_rows(line).iter().flat_map(|line| line.printed(80)).collect()
        };
        assert_eq!(rows("  list    Print every entry"), ["  list    Print every entry"]);
        assert_eq!(
            rows("      --bip39-passphrase-file <FILE>  File whose first line is the BIP-39 passphrase"),
            [
                "      --bip39-passphrase-file <FILE>",
                "          File whose first line is the BIP-39 passphrase"
            ]
        );
        assert_eq!(rows("Commands:"), ["Commands:"]);
    }

    #[test]
    fn a_command_line_that_clap_reads_is_returned() {
        let read = parse_from(["vault", "open", "--key", "a b"].map(OsString::from)).unwrap();
        let Some(Arguments::Open { key }) = read else { panic!("nothing was read") };
        assert_eq!(key, "a b");
    }
}
