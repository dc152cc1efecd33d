use super::*;
use coldamp_core::code::Hints;

/// A table of hints: what a hint says is not tested here.
const TABLE: Hints = coldamp_core::hints! { Profile => "x"; [elsewhere] Parse; };

const UUID: &str = "fa05b602-5a58-4abe-b35d-c6f1133eb92a";
const ID: &str = "fa05b6025a586abaeb35dc6f1133eb92ab6c93dcdaaff9dfe9c3ec0da50c5b2b";

fn of(text: &str) -> Result<Profile, Failure> {
    read(text.as_bytes(), Path::new("/p.toml"), &TABLE)
}

/// The lines of a refusal, of a profile with these lines below its schema.
fn faults(lines: &str) -> Vec<String> {
    let failure = of(&format!("schema = \"coldamp.profile/1\"\n{lines}")).unwrap_err();
    assert_eq!(failure.code, Some(Code::Profile), "{lines}");
    if failure.lines.is_empty() { vec![failure.message] } else { failure.lines }
}

#[test]
fn every_key_is_read() {
    let text = format!(
        "schema = \"coldamp.profile/1\"\nnetwork = \"regtest\"\npolicy_asset = \"{ID}\"\ndescriptor = \"/d\"\n\
         esplora = \"https://host/api\"\nesplora_rate = 4\nesplora_credentials = \"/e\"\namp = \"http://127.0.0.1:1/api\"\n\
         amp_credentials = \"/a\"\nstate = \"/s\"\njobs = \"/j\"\nkeystore = \"/k\"\n[assets.PLAIN]\nuuid = \"{UUID}\"\n\
         id = \"{ID}\"\ncontract = \"/c\"\nissuance_prevout = \"{ID}:1\"\n"
    );
    let profile = of(&text).unwrap();
    let path = |text: &str| Some(PathBuf::from(text));
    assert_eq!(profile.network, Some(Chain::Regtest));
    assert_eq!(profile.policy_asset.unwrap().to_string(), ID);
    assert_eq!((profile.descriptor, profile.state, profile.jobs), (path("/d"), path("/s"), path("/j")));
    assert_eq!((profile.keystore, profile.amp_credentials), (path("/k"), path("/a")));
    let (root, credentials) = ("https://host/api".to_owned(), path("/e"));
    assert_eq!(profile.source, Some(ChainSource::Esplora { root, rate: Some(4), credentials }));
    let (name, asset) = profile.assets.first_key_value().unwrap();
    assert_eq!((name.to_string(), asset.uuid.to_string()), ("PLAIN".to_owned(), UUID.to_owned()));
    assert_eq!((asset.id.unwrap().to_string(), asset.contract.clone()), (ID.to_owned(), path("/c")));
    assert_eq!(asset.issuance_prevout.unwrap().vout, 1);
    let empty = of("schema = \"coldamp.profile/1\"\n").unwrap();
    assert!(empty.network.is_none() && empty.source.is_none() && empty.assets.is_empty());
}

#[test]
fn every_fault_is_told_with_its_line_and_no_value() {
    assert_eq!(
        faults("network = \"hidden\"\nstate = \"hidden/relative\"\nesplora_rate = 4"),
        [
            "  line 2, network: expected liquid, liquid-testnet or regtest",
            "  line 3, state: expected an absolute path, or one that begins with ~/",
            "  line 4, esplora_rate: expected this key only beside esplora",
        ]
    );
    let asset = format!("[assets.A]\nuuid = \"{UUID}\"\n");
    for (lines, expected) in [
        ("hidden = 1", "line 2, column 1, key hidden: unknown field `hidden`"),
        ("network = 7", "line 2, column 11, key network: found a value of another type"),
        ("network = \"liquid\"\nnetwork = \"liquid\"", "duplicate key"),
        ("policy_asset = \"x\"", "this key only with network = \"regtest\""),
        ("jobs = \"./jobs\"", "an absolute path"),
        ("jobs = \"~\"", "an absolute path"),
        ("amp = \"amp.example/api\"", "an address"),
        ("amp = \"ftp://host/api\"", "an address"),
        ("esplora = \"https://host/api?key=hidden\"", "an address"),
        ("esplora = \"https://a/api\"\nnode = \"http://b:1\"", "esplora or node, not both"),
        ("node_cookie = \"/c\"", "this key only beside node"),
        ("esplora = \"https://a/api\"\nesplora_rate = 0", "a number from 1 to 1000"),
        ("[assets.\"a/b\"]\nuuid = \"x\"", "the short name of an asset: expected 1 to 24"),
        ("[assets.A]\nid = \"x\"", "missing field `uuid`"),
        ("[assets.A]\nuuid = \"x\"", "AMP's uuid"),
        (&format!("{asset}[assets.B]\nuuid = \"{UUID}\""), "each uuid and each id once"),
        (&format!("{asset}issuance_prevout = \"{ID}:+1\""), "TXID:VOUT"),
        (&format!("{asset}ticker = \"x\""), "unknown field `ticker`"),
    ] {
        let found = faults(lines).join("\n");
        assert!(found.contains(expected), "{lines}: {found}");
        assert!(expected.contains("hidden") || !found.contains("hidden"), "{lines}: {found}");
    }
    assert!(of("").unwrap_err().message.contains("missing field `schema`"));
    assert!(of("schema = \"coldamp.policy/1\"").unwrap_err().lines[0].contains("schema"));
}
