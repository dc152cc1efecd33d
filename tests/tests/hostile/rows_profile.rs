//! Profiles that both binaries refuse, a row each. Nothing of a refused profile is quoted: what stands in it may be a secret.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt as _, chown, symlink};

use coldamp_core::code::Code;
use coldamp_tests::{Desk, Run};

/// Nothing of a profile that has this word may be seen.
const HIDDEN: &str = "hidden";

const UUID: &str = "fa05b602-5a58-4abe-b35d-c6f1133eb92a";
const HEX: &str = "9c8e4f05c7711a98c838be228bcb84924d4570ca53f35fa1c793e58841d47023";

/// Lines below the schema that are refused.
const LINES: &[(Code, &str, &str)] = &[
    (Code::Profile, "an unknown key", "descripter = \"/hidden\""),
    (Code::Profile, "an unknown key of an asset", "[assets.P]\nuuid = \"UUID\"\nprecision = 8"),
    (Code::Profile, "a relative path", "descriptor = \"hidden.descriptor\""),
    (Code::Profile, "a path of the current folder", "keystore = \"./hidden.age\""),
    (Code::Profile, "another user's home folder", "state = \"~hidden/state\""),
    (Code::Profile, "a value of another type", "network = [\"hidden\"]"),
    (Code::Profile, "an unknown network", "network = \"hidden\""),
    (Code::Profile, "a key that stands in it twice", "state = \"/hidden\"\nstate = \"/hidden\""),
    (Code::Profile, "two chain sources", "esplora = \"https://hidden/api\"\nnode = \"http://hidden:1\""),
    (Code::Profile, "a rate without a server", "esplora_rate = 4"),
    (Code::Profile, "an address that is none", "amp = \"hidden.example/api\""),
    (Code::Profile, "a policy asset on liquid", "network = \"liquid\"\npolicy_asset = \"HEX\""),
    (Code::Profile, "an asset without a uuid", "[assets.P]\nid = \"HEX\""),
    (Code::Profile, "an asset whose name is a path", "[assets.\"../hidden\"]\nuuid = \"UUID\""),
    (Code::Profile, "an asset with two names", "[assets.P]\nuuid = \"UUID\"\n[assets.Q]\nuuid = \"UUID\""),
    (Code::Profile, "no TOML", "hidden hidden"),
    (Code::ProfileSecret, "a password", "amp_password = \"hidden\""),
    (Code::ProfileSecret, "a password in an address", "node = \"http://me:hidden@127.0.0.1:7041\""),
    (Code::ProfileSecret, "a token in an address", "# esplora = \"https://hidden@host/api\""),
    (Code::ProfileSecret, "a descriptor in place of its file", "descriptor = \"ct(slip77(hidden))\""),
    (Code::ProfileSecret, "a view key", "# HEX"),
];

/// The codes with a row.
pub(crate) fn codes() -> impl Iterator<Item = Code> {
    LINES.iter().map(|(code, ..)| *code).chain([Code::ProfileOpen])
}

/// Runs both binaries with a profile, and with what they could do without one.
fn runs(desk: &Desk, profile: &str) -> [Run; 2] {
    let online = "request check none.json --amp-credentials none";
    let cold = "key address --index 0 --keystore none";
    [
        desk.run("coldamp-online", &format!("{online} --profile {profile}")),
        desk.run("coldamp", &format!("{cold} --profile {profile}")),
    ]
}

fn refused(desk: &Desk, profile: &str, code: Code, what: &str) {
    for run in runs(desk, profile) {
        assert!(run.names(code.as_str()), "{what}: {}", run.stderr);
        assert!(!run.stderr.contains(HIDDEN), "{what}: {}", run.stderr);
        assert!(run.stderr.contains("\nhint: "), "{what}: {}", run.stderr);
    }
}

#[test]
fn what_a_profile_must_not_hold_is_refused() {
    let desk = Desk::default();
    for (code, what, lines) in LINES {
        let lines = lines.replace("UUID", UUID).replace("HEX", HEX);
        desk.write("p.toml", format!("schema = \"coldamp.profile/1\"\n{lines}\n"));
        refused(&desk, "./p.toml", *code, what);
    }
    for text in ["", "schema = \"coldamp.policy/1\"\n", "\u{0}", "schema = \"coldamp.profile/1"] {
        desk.write("p.toml", text);
        refused(&desk, "p.toml", Code::Profile, text);
    }
    for name in ["none.toml", "none", "..", "hid*den", "-"] {
        for run in runs(&desk, name) {
            assert!(run.names("PROFILE"), "{name}: {}", run.stderr);
        }
    }
}

#[test]
fn signing_keys_in_a_profile_count_as_stolen_where_there_is_a_network() {
    let desk = Desk::default();
    let words = "legal winner thank year wave sausage worth useful legal winner thank yellow";
    desk.write("p.toml", format!("schema = \"coldamp.profile/1\"\n# {words}\n"));
    let [online, cold] = runs(&desk, "p.toml");
    assert!(online.names("KEYS_EXPOSED") && cold.names("PROFILE_SECRET"), "{}", cold.stderr);
    assert!(!online.stderr.contains("winner") && !cold.stderr.contains("winner"));
}

#[test]
fn a_profile_that_others_could_have_written_is_refused() {
    let desk = Desk::default();
    desk.write("p.toml", "schema = \"coldamp.profile/1\"\n# hidden\n");
    fs::create_dir(desk.path("open")).unwrap();
    fs::copy(desk.path("p.toml"), desk.path("open/p.toml")).unwrap();
    symlink(desk.path("open/p.toml"), desk.path("link.toml")).unwrap();
    fs::create_dir(desk.path("links")).unwrap();
    symlink(desk.path("p.toml"), desk.path("links/p.toml")).unwrap();
    let set = |name: &str, mode| fs::set_permissions(desk.path(name), Permissions::from_mode(mode)).unwrap();
    let is_taken = |name: &str| runs(&desk, name).iter().all(|run| !run.stderr.contains("PROFILE"));
    for mode in [0o600, 0o644, 0o400] {
        set("p.toml", mode);
        assert!(is_taken("p.toml"), "{mode:o}");
    }
    for mode in [0o620, 0o602, 0o666] {
        set("p.toml", mode);
        refused(&desk, "p.toml", Code::ProfileOpen, &format!("{mode:o}"));
    }
    set("p.toml", 0o600);
    for (folder, profile) in [("open", "open/p.toml"), ("open", "link.toml"), ("links", "links/p.toml")] {
        set(folder, 0o755);
        assert!(is_taken(profile), "{profile}");
        for mode in [0o775, 0o757, 0o1777] {
            set(folder, mode);
            refused(&desk, profile, Code::ProfileOpen, &format!("{profile} {mode:o}"));
        }
        set(folder, 0o755);
    }
    // A link in the middle of a chain.
    symlink(desk.path("links/p.toml"), desk.path("chain.toml")).unwrap();
    assert!(is_taken("chain.toml"));
    set("links", 0o777);
    refused(&desk, "chain.toml", Code::ProfileOpen, "a chain of links");
    set("links", 0o755);
    // With another descriptor the treasury's addresses are somebody else's.
    let path = desk.path("d.descriptor").display().to_string();
    desk.write("d.descriptor", "x");
    desk.write("d.toml", format!("schema = \"coldamp.profile/1\"\ndescriptor = \"{path}\"\n"));
    assert!(is_taken("d.toml"));
    set("d.descriptor", 0o660);
    refused(&desk, "d.toml", Code::ProfileOpen, "the descriptor");
    // Only the system's administrator can give a file away.
    if chown(desk.path("p.toml"), Some(65_534), None).is_ok() {
        refused(&desk, "p.toml", Code::ProfileOpen, "another user's");
    }
}
