//! `coldamp key new`: from the keyboard and the dice to a keystore, and every way of not getting there.

use crate::support::{BIP39_PASSPHRASE, Run, Vault};
use crate::terminal::Terminal;

const NEW: &str = "key new --keystore new --network regtest --passphrase-file passphrase";
const FILES: [&str; 3] = ["bip39-passphrase", "passphrase", "words"];

const BIP39_QUESTION: &str =
    "NOT the file's password. Lose it and the treasury is lost. Enter for none (not shown): ";
const ROLLS_OF_24: &str = "digits 1 to 6 that you rolled, then Enter (not shown, 0 of 99 so far): ";
const ROLLS_OF_12: &str = "digits 1 to 6 that you rolled, then Enter (not shown, 0 of 50 so far): ";
const KEYS: &str = "Type 65 or more random keys, then Enter (not shown, 0 of 65 so far): ";
const ON_PAPER: &str = "you type them from the paper: ";

const TYPED: &str = "fj4 sldkfjw;eroi 2309 sdlkvnx,m.cvweoiu02394;lksdjf wp3o4iu sdklfj;";

/// What wipes screen and scrollback.
const WIPE: &str = "\u{1b}[H\u{1b}[2J\u{1b}[3J";

/// The vectors that fair dice could show: rolls and words.
fn fair(words: usize) -> (&'static str, Vec<&'static str>) {
    let rolls = match words {
        12 => "13336343643643641562261422122524221214416145464326",
        _ => {
            "133363436436436415622614221225242212144161454643266122155666664444633643543353132626522332412313253"
        }
    };
    let mut lines = include_str!("../vectors/dice.txt").lines();
    let line = lines.find_map(|line| line.strip_prefix(rolls)?.strip_prefix(' ')).unwrap();
    (rolls, line.split(' ').collect())
}

/// A run that has asked for the BIP-39 passphrase, of which there is none.
fn begun(vault: &Vault, arguments: &str) -> Terminal {
    let mut terminal = Terminal::open(vault, &format!("{NEW} {arguments}"));
    terminal.answer(BIP39_QUESTION, "\r");
    terminal
}

/// A run of `--dice-only` that shows the words of 12.
fn shown(vault: &Vault) -> (Terminal, Vec<&'static str>) {
    let (rolls, words) = fair(12);
    let mut terminal = begun(vault, "--dice-only --words 12");
    terminal.answer(ROLLS_OF_12, &format!("{rolls}\r"));
    terminal.wait_for(ON_PAPER);
    (terminal, words)
}

/// The words on the page that was shown last, without their numbers.
fn page(terminal: &Terminal) -> Vec<String> {
    let page = terminal.shown.rsplit("has the treasury.").next().unwrap();
    let page = page.split("Press Enter").next().unwrap();
    page.split_whitespace()
        .enumerate()
        .filter(|(at, _)| at % 2 == 1)
        .map(|(_, word)| word.to_owned())
        .collect()
}

fn type_back(terminal: &mut Terminal, words: &[impl AsRef<str>]) {
    for (position, word) in (1..).zip(words) {
        terminal.answer_shown(&format!("word {position}: "), &format!("{}\r", word.as_ref()));
    }
}

/// Checks that the words were on the screen and no longer are, and that no other output has two of them in a row.
fn assert_wiped(run: &Run, screen: &str, words: &[impl AsRef<str>]) {
    let last = words.last().unwrap().as_ref();
    assert!(screen.contains(last));
    let after = screen.rsplit(WIPE).next().unwrap();
    for pair in words.windows(2) {
        let [one, other] = [pair.first().unwrap().as_ref(), pair.last().unwrap().as_ref()];
        assert!(!after.contains(one) && !after.contains(other), "{after}");
        for output in [&run.stdout, &run.stderr] {
            let written: Vec<&str> = output.split_whitespace().collect();
            assert!(!written.windows(2).any(|two| two == [one, other]), "{output}");
        }
    }
}

/// A run that made nothing.
fn refused(vault: &Vault, terminal: Terminal, code: i32, words: &str) {
    let run = terminal.end();
    assert_eq!(run.code, code, "{}", run.stderr);
    assert!(run.stderr.contains(words), "{}", run.stderr);
    assert_eq!(vault.files(), FILES);
}

#[test]
fn dice_alone_make_the_keystore_of_the_words_that_other_signers_make_of_them() {
    for (count, question) in [(12, ROLLS_OF_12), (24, ROLLS_OF_24)] {
        let vault = Vault::new();
        let (rolls, words) = fair(count);
        let mut terminal = begun(&vault, &format!("--dice-only --words {count}"));
        terminal.answer(question, &format!("{rolls}\r"));
        terminal.wait_for(ON_PAPER);
        assert_eq!(page(&terminal), words);
        terminal.type_keys("\r");
        type_back(&mut terminal, &words);
        let (run, screen) = terminal.end_with_screen();
        assert_eq!((run.code, run.stdout.as_str()), (0, ""), "{}", run.stderr);
        assert_wiped(&run, &screen, &words);
        assert!(!screen.contains(rolls), "{screen}");

        let keystore = vault.decrypt("new");
        assert!(keystore.ends_with(&format!("\nbip39-passphrase: no\nmnemonic: {}\n", words.join(" "))));
        let address = vault.run("key address --keystore new --passphrase-file passphrase --index 0").stdout;
        let descriptor = vault.run("key watch --keystore new --passphrase-file passphrase").stdout;
        let checksum = descriptor.trim_end().rsplit('#').next().unwrap();
        let chain = keystore.lines().find_map(|line| line.strip_prefix("chain: ")).unwrap();
        let fingerprint = keystore.lines().find_map(|line| line.strip_prefix("fingerprint: ")).unwrap();
        for fact in [
            format!("first address  {address}"),
            format!("checksum       {checksum} (of the descriptor)\n"),
            format!("journal chain  {chain} (differs for each keystore file)\n"),
            format!("fingerprint    {fingerprint}\n"),
        ] {
            assert!(run.stderr.contains(&fact), "{fact}: {}", run.stderr);
        }
        assert_eq!(
            vault.files(),
            ["bip39-passphrase", "new", "new.head", "new.journal", "passphrase", "words"]
        );
    }
}

#[test]
fn key_presses_are_mixed_with_what_the_system_draws() {
    let vault = Vault::new();
    let mut pages = Vec::new();
    for _ in 0..2 {
        let mut terminal = begun(&vault, "");
        // In two lines, the count in between.
        let (first, second) = TYPED.split_at(30);
        terminal.answer(KEYS, &format!("{first}\r"));
        terminal.answer("not shown, 30 of 65 so far): ", &format!("{second}\r"));
        terminal.wait_for(ON_PAPER);
        assert_eq!(page(&terminal).len(), 24);
        pages.push(page(&terminal));
        if pages.len() == 1 {
            terminal.type_keys("\u{4}");
            refused(&vault, terminal, 4, "stopped before all words were typed back");
            continue;
        }
        terminal.type_keys("\r");
        let words = page(&terminal);
        type_back(&mut terminal, &words);
        let (run, screen) = terminal.end_with_screen();
        assert_eq!(run.code, 0, "{}", run.stderr);
        assert_wiped(&run, &screen, &words);
        assert!(!screen.contains(first) && !screen.contains(second), "{screen}");
        assert!(vault.decrypt("new").ends_with(&format!("\nmnemonic: {}\n", words.join(" "))));
    }
    assert_ne!(pages.first(), pages.last(), "the system had no part in it");
}

#[test]
fn dice_are_mixed_with_what_the_system_draws_unless_they_shall_stand_alone() {
    let vault = Vault::new();
    let (rolls, words) = fair(24);
    let mut terminal = begun(&vault, "--dice");
    terminal.answer(ROLLS_OF_24, &format!("{rolls}\r"));
    terminal.wait_for(ON_PAPER);
    assert_eq!(page(&terminal).len(), 24);
    assert_ne!(page(&terminal), words);
    terminal.type_keys("\u{3}");
    refused(&vault, terminal, 4, "stopped before all words were typed back");
}

#[test]
fn a_bip_39_passphrase_belongs_to_the_new_words() {
    let vault = Vault::new();
    let (rolls, words) = fair(12);
    let mut terminal = Terminal::open(&vault, &format!("{NEW} --dice-only --words 12"));
    terminal.answer(BIP39_QUESTION, &format!("{BIP39_PASSPHRASE}\r"));
    terminal.answer("the same again: ", &format!("{BIP39_PASSPHRASE}\r"));
    terminal.answer(ROLLS_OF_12, &format!("{rolls}\r"));
    terminal.answer_shown(ON_PAPER, "\r");
    type_back(&mut terminal, &words);
    assert_eq!(terminal.end().code, 0);
    assert!(vault.decrypt("new").contains("\nbip39-passphrase: yes\n"));

    // The facts are those of a keystore that is restored from the same words.
    vault.write("words", format!("{}\n", words.join(" ")));
    let again = "key restore --no-policy --keystore again --network regtest --mnemonic-file words";
    let files = "--passphrase-file passphrase --bip39-passphrase-file bip39-passphrase";
    assert_eq!(vault.run(&format!("{again} {files}")).code, 0);
    let watch = |name| vault.run(&format!("key watch --keystore {name} {files}")).stdout;
    assert_eq!(watch("new"), watch("again"));
}

#[test]
fn a_wrong_word_is_named_by_its_place_and_may_be_mended() {
    let vault = Vault::new();
    let (mut terminal, words) = shown(&vault);
    terminal.type_keys("\r");
    terminal.answer_shown("word 1: ", &format!(" {} \r", words.first().unwrap().to_uppercase()));
    terminal.answer_shown("word 2: ", "zebra\r");
    let differs = "Word 2 differs. One word per line, or all that are left in one line.";
    for (tries, keys) in [(2, "zebra\r"), (3, "zebra\r"), (4, "\r")] {
        // A way back at the last try: the words once more, for whoever wrote one down wrongly.
        let question =
            format!("{differs} Try {tries} of 4.\r\nEnter alone shows the words once more.\r\nword 2: ");
        terminal.answer_shown(&question, keys);
    }
    terminal.wait_for(ON_PAPER);
    assert_eq!(page(&terminal), words);
    assert!(!terminal.shown.rsplit(WIPE).next().unwrap().contains("zebra"));
    terminal.type_keys("\r");
    let go_on = "Go on with word 2, not from the beginning.\r\nword 2: ";
    terminal.answer_shown(go_on, &format!("{}\r", words[1]));
    for (position, word) in (1..).zip(&words).skip(2) {
        terminal.answer_shown(&format!("word {position}: "), &format!("{word}\r"));
    }
    let (run, screen) = terminal.end_with_screen();
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_wiped(&run, &screen, &words);
    assert!(vault.decrypt("new").ends_with(&format!("\nmnemonic: {}\n", words.join(" "))));
}

#[test]
fn the_words_are_taken_in_one_line_too_and_a_mistyped_one_does_not_take_them_all_back() {
    let vault = Vault::new();
    let (mut terminal, words) = shown(&vault);
    terminal.type_keys("\r");
    let line = words.join(" ");
    let mistyped = line.replacen(words[4], "zebra", 1);
    terminal.answer_shown("word 1: ", &format!("{mistyped}\r"));
    let again = "Enter alone shows the words once more.\r\n";
    terminal.answer_shown(&format!("{again}word 5: "), &format!("{} and more\r", words[4..].join("  ")));
    terminal.answer_shown(&format!("{again}word 12: "), &format!("{}\r", words[11]));
    let (run, screen) = terminal.end_with_screen();
    assert_eq!(run.code, 0, "{}", run.stderr);
    for said in ["Word 5 differs. ", "There are only 12 words, and more were typed. "] {
        assert!(screen.contains(said), "{screen}");
    }
    assert_wiped(&run, &screen, &words);
    assert!(vault.decrypt("new").ends_with(&format!("\nmnemonic: {line}\n")));
}

#[test]
fn a_passphrase_that_is_easy_to_guess_makes_no_keystore() {
    let vault = Vault::new();
    let rules = [
        ("short", "elevenchars"),
        ("known", "Password2024!"),
        ("run", "qwertyuiop123"),
        ("echo", "abcabcabcabc"),
    ];
    for (name, passphrase) in rules {
        vault.write(name, format!("{passphrase}\n"));
        let files = vault.files();
        let new = NEW.replace("--passphrase-file passphrase", &format!("--passphrase-file {name}"));
        let mut terminal = Terminal::open(&vault, &new);
        terminal.answer(BIP39_QUESTION, "\r");
        let run = terminal.end();
        assert_eq!(run.code, 5, "{name}: {}", run.stderr);
        assert!(
            run.stderr.contains("too easy to guess: ") && !run.stderr.contains(passphrase),
            "{}",
            run.stderr
        );
        let restore = format!(
            "key restore --no-policy --keystore new --network regtest --mnemonic-file words --passphrase-file {name}"
        );
        let run = vault.run(&restore);
        assert_eq!(run.code, 5, "{name}: {}", run.stderr);
        assert_eq!(vault.files(), files);
    }
}

#[test]
fn a_word_that_stays_wrong_ends_it_and_nothing_is_made() {
    let vault = Vault::new();
    let (mut terminal, words) = shown(&vault);
    terminal.type_keys("\r");
    for _ in 0..4 {
        terminal.answer_shown("word 1: ", "zebra\r");
    }
    let (run, screen) = terminal.end_with_screen();
    assert_eq!(run.code, 3, "{}", run.stderr);
    assert!(run.stderr.contains("word 1 differed 4 times"), "{}", run.stderr);
    assert_wiped(&run, &screen, &words);
    assert_eq!(vault.files(), FILES);
}

#[test]
fn it_can_be_declined_at_every_question_and_no_word_stays_on_the_screen() {
    let vault = Vault::new();
    let mut terminal = Terminal::open(&vault, NEW);
    terminal.answer(BIP39_QUESTION, "\u{4}");
    refused(&vault, terminal, 4, "BIP-39 passphrase");
    let mut terminal = begun(&vault, "");
    terminal.answer(KEYS, "\u{4}");
    refused(&vault, terminal, 4, "key presses");
    // Ctrl-D, Ctrl-C, both in the middle of a line, and a line that the terminal cuts.
    let long = format!("{}\r", "x".repeat(5_000));
    for keys in ["\u{4}", "\u{3}", "x\u{4}", "x\u{3}", &long] {
        for at_a_word in [false, true] {
            let (mut terminal, words) = shown(&vault);
            if at_a_word {
                terminal.type_keys("\r");
                terminal.answer_shown("word 1: ", &format!("{}\r", words.first().unwrap()));
                terminal.wait_for("word 2: ");
            }
            terminal.type_keys(keys);
            let (run, screen) = terminal.end_with_screen();
            assert_eq!(run.code, 4, "{keys:?}: {}", run.stderr);
            assert_wiped(&run, &screen, &words);
            assert_eq!(vault.files(), FILES);
        }
    }
}

#[test]
fn what_is_biased_or_a_pattern_makes_no_words() {
    let vault = Vault::new();
    for (arguments, question, typed, words) in [
        ("--dice-only --words 12", ROLLS_OF_12, &format!("{}\r", "1".repeat(50)), "fair dice"),
        ("--dice-only", ROLLS_OF_24, &format!("{}\r", "2".repeat(45) + &"5".repeat(54)), "fair dice"),
        ("--dice-only", ROLLS_OF_24, &format!("{}\r", "123456".repeat(17)), "pattern"),
    ] {
        let mut terminal = begun(&vault, arguments);
        terminal.answer(question, typed);
        refused(&vault, terminal, 3, words);
    }
}

#[test]
fn an_enter_too_early_loses_nothing_that_was_typed() {
    let vault = Vault::new();
    let (rolls, words) = fair(24);
    let mut terminal = begun(&vault, "--dice-only");
    terminal.answer(ROLLS_OF_24, "\r");
    // A line with another digit is not counted.
    terminal.answer(ROLLS_OF_24, &format!("{}7\r", rolls.get(..50).unwrap()));
    terminal.answer(ROLLS_OF_24, &format!("{}\r", rolls.get(..98).unwrap()));
    terminal.answer("not shown, 98 of 99 so far): ", "\r");
    terminal.answer("not shown, 98 of 99 so far): ", &format!("{}\r", rolls.get(98..).unwrap()));
    terminal.wait_for(ON_PAPER);
    assert_eq!(page(&terminal), words);
    terminal.type_keys("\u{4}");
    refused(&vault, terminal, 4, "stopped before all words were typed back");

    let mut terminal = begun(&vault, "");
    terminal.answer(KEYS, "\r");
    terminal.answer(KEYS, &format!("{}\r", "x".repeat(64)));
    terminal.answer("not shown, 64 of 65 so far): ", "\u{4}");
    refused(&vault, terminal, 4, "hint: Nothing was made. Run it again.");
}

#[test]
fn nothing_is_asked_when_the_file_exists_or_the_arguments_contradict_each_other() {
    let vault = Vault::new();
    vault.write("taken", "the only copy");
    let files = vault.files();
    let arguments = "--network regtest --passphrase-file passphrase";
    assert_eq!(vault.run(&format!("key new --keystore taken {arguments}")).code, 7);
    assert_eq!(vault.run(&format!("key new --keystore missing/new {arguments}")).code, 7);
    assert_eq!(vault.read("taken"), b"the only copy");
    for wrong in ["--dice --dice-only", "--words 15", "--words 0", "--network liquid --policy-asset 11"] {
        assert_eq!(vault.run(&format!("key new --keystore new {arguments} {wrong}")).code, 2, "{wrong}");
    }
    let asset = "11".repeat(32);
    assert_eq!(vault.run(&format!("key new --keystore new --network liquid --policy-asset {asset}")).code, 2);
    assert_eq!(vault.files(), files);
}

#[test]
fn without_a_terminal_no_words_are_drawn() {
    let vault = Vault::new();
    for arguments in ["", "--dice", "--dice-only", "--bip39-passphrase-file bip39-passphrase"] {
        let run = vault.run(&format!("{NEW} {arguments}"));
        assert_eq!(run.code, 4, "{arguments}: {}", run.stderr);
        assert!(run.stderr.contains("hint: Run it in a terminal\n"), "{}", run.stderr);
    }
    assert_eq!(vault.files(), FILES);
}
