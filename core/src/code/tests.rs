use std::collections::BTreeSet;

use super::*;

#[test]
fn every_name_is_there_once_and_in_capitals() {
    let names: BTreeSet<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
    assert_eq!(names.len(), Code::ALL.len());
    for name in names {
        let is_name =
            name.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_');
        assert!(is_name && !name.is_empty(), "{name}");
    }
}

#[test]
fn every_meaning_is_one_sentence_that_names_no_flag() {
    for code in Code::ALL {
        let meaning = code.meaning();
        assert!(meaning.ends_with('.') && meaning.len() > 15, "{code}: {meaning}");
        assert!(meaning.starts_with(|first: char| first.is_uppercase()), "{code}: {meaning}");
        assert!(!meaning.contains("--") && !meaning.contains('`'), "{code}: {meaning}");
        assert!(!meaning.contains('\n') && !meaning.contains("  "), "{code}: {meaning}");
    }
}

#[test]
fn a_warning_is_short_enough_for_a_line_of_the_summary() {
    // 80 columns, of which code and indentation take 28, and a count 4.
    for code in Code::ALL {
        if let Kind::Warning { in_short } = code.kind() {
            assert!(!in_short.is_empty() && in_short.len() <= 48, "{code}: {in_short}");
            assert_eq!((code.exit(), code.in_short()), (None, in_short), "{code}");
        }
    }
}

#[test]
fn a_rule_is_refused_and_another_exit_code_is_another() {
    for code in Code::ALL {
        if code.is_rule() {
            let refuses = code.other_exits().iter().any(|other| other.exit == Exit::Refused);
            assert!(code.exit() == Some(Exit::Refused) || refuses, "{code}");
        }
        for other in code.other_exits() {
            assert!(Some(other.exit) != code.exit() && !other.place.is_empty(), "{code}");
        }
    }
}

#[test]
fn a_table_without_a_code_or_with_one_twice_is_not_complete() {
    const ALL_ELSEWHERE: Hints = Hints::new(&[], Code::ALL);
    const TWICE: Hints = Hints::new(&[Hint::new(&[Code::Host], "Do this.")], Code::ALL);
    const NONE: Hints = Hints::new(&[Hint::new(&[Code::Host], "Do this.")], &[]);
    assert!(ALL_ELSEWHERE.is_complete());
    assert!(!TWICE.is_complete());
    assert!(!NONE.is_complete());
    assert_eq!((NONE.of(Code::Host), NONE.of(Code::Parse)), (Some("Do this."), None));
}
