//! A chore that does not exist is said to be none, and starts nothing.

use std::process::Command;

#[test]
fn without_a_known_command_usage_is_printed_and_the_exit_code_is_2() -> std::io::Result<()> {
    for arguments in [&[][..], &["tset"], &["test", "more"], &["--locked"]] {
        let output = Command::new(env!("CARGO_BIN_EXE_xtask")).args(arguments).output()?;
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        let words = String::from_utf8_lossy(&output.stderr);
        assert!(words.contains("usage: cargo xtask COMMAND"), "{arguments:?}: {words}");
        assert!(output.stdout.is_empty(), "{arguments:?}");
    }
    Ok(())
}
