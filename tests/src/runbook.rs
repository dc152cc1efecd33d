//! The commands of a document, so that a test runs what a person will type and not something like it.

/// A line `MACHINE$ COMMAND` in a block of code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Typed {
    /// Where it is typed: `cold`, `online`, `hot`.
    pub machine: String,
    /// The program.
    pub program: String,
    /// What follows the program.
    pub arguments: String,
}

/// The commands in a document's blocks of code, in their order.
///
/// # Panics
///
/// If a line in such a block is none.
pub fn typed_in(document: &str) -> Vec<Typed> {
    let blocks = document.split("\n```\n").skip(1).step_by(2);
    let lines = blocks.flat_map(str::lines).filter(|line| !line.is_empty());
    lines
        .map(|line| {
            let (machine, command) = line.split_once("$ ").unwrap_or_else(|| panic!("no command: {line}"));
            let (program, arguments) = command.split_once(' ').unwrap_or((command, ""));
            Typed {
                machine: machine.to_owned(),
                program: program.to_owned(),
                arguments: arguments.to_owned(),
            }
        })
        .collect()
}

/// Arguments with other words in the place of some. Each stands for whole words.
pub fn with_words(arguments: &str, words: &[(&str, String)]) -> String {
    let word = |word: &str| match words.iter().find(|(name, _)| *name == word) {
        Some((_, value)) => value.clone(),
        // `amount=REST`
        None => match word.split_once('=').and_then(|(key, name)| {
            let value = words.iter().find(|(known, _)| *known == name)?;
            Some(format!("{key}={}", value.1))
        }) {
            Some(named) => named,
            None => word.to_owned(),
        },
    };
    arguments.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_stand_in_blocks_of_code_and_words_are_whole() {
        let document = "# Title\n\nTry `cold$ nothing`.\n\n```\ncold$ coldamp key watch KEYS\nhot$ cli -named a=REST\n```\n\nMore\n\n```\nonline$ ls\n```\n";
        let typed = typed_in(document);
        let of: Vec<_> =
            typed.iter().map(|typed| (&*typed.machine, &*typed.program, &*typed.arguments)).collect();
        assert_eq!(
            of,
            [("cold", "coldamp", "key watch KEYS"), ("hot", "cli", "-named a=REST"), ("online", "ls", "")]
        );
        let words = [("KEYS", "--keystore k".to_owned()), ("REST", "7".to_owned())];
        assert_eq!(with_words("key KEYS --x MYKEYS", &words), "key --keystore k --x MYKEYS");
        assert_eq!(with_words("a=REST", &words), "a=7");
    }
}
