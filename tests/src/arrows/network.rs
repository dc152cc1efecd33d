//! What the air-gapped binary may never link: a crate that opens a socket, speaks a protocol over one, or waits for one.

use super::Workspace;

/// Crates by name.
const CRATES: &[&str] = &[
    // Sockets, and event loops that wait for them.
    "async-io",
    "async-net",
    "async-std",
    "dns-lookup",
    "interprocess",
    "mio",
    "miow",
    "net2",
    "polling",
    "smol",
    "socket2",
    "socks",
    "tokio",
    "zmq",
    // TLS.
    "boring",
    "native-tls",
    "openssl",
    "rustls",
    "s2n-tls",
    "schannel",
    // HTTP, QUIC, WebSocket and what is built on them.
    "actix-web",
    "attohttpc",
    "awc",
    "axum",
    "bitreq",
    "curl",
    "ehttp",
    "h2",
    "h3",
    "hyper",
    "isahc",
    "jsonrpc",
    "minreq",
    "quinn",
    "reqwest",
    "rocket",
    "rouille",
    "s2n-quic",
    "ssh2",
    "surf",
    "tiny_http",
    "tonic",
    "tungstenite",
    "ureq",
    "warp",
    "websocket",
    // Chain clients.
    "bitcoincore-rpc",
    "electrum-client",
    "esplora-client",
    "lwk_wollet",
];

/// Families of crates, by the first part of their names.
const FAMILIES: &[&str] = &[
    "async-tungstenite",
    "curl-",
    "hickory-",
    "hyper-",
    "jsonrpsee",
    "libp2p",
    "openssl-",
    "quinn-",
    "rustls-",
    "tokio-",
    "trust-dns-",
];

/// The network crates that a member is built with, each with the way that leads to it; a member that is missing is a
/// finding too.
pub fn linked(workspace: &Workspace, member: &str) -> Vec<String> {
    workspace.ways(member, speaks)
}

fn speaks(name: &str) -> bool {
    CRATES.contains(&name) || FAMILIES.iter().any(|family| name.starts_with(family))
}

#[cfg(test)]
mod tests {
    use super::super::workspace::made::{package, workspace};
    use super::*;

    fn of(names: &[&str], edges: &[(&str, &str, Option<&str>)]) -> Vec<String> {
        let packages: Vec<_> = names.iter().map(|name| package(name, &[])).collect();
        linked(&workspace(&packages, edges), "coldamp")
    }

    #[test]
    fn a_network_crate_is_found_however_deep_it_lies() {
        for hidden in ["tokio", "rustls", "hickory-proto", "hyper-util", "minreq", "curl-sys"] {
            let found = of(
                &["coldamp", "age", "innocent", hidden],
                &[("coldamp", "age", None), ("age", "innocent", None), ("innocent", hidden, None)],
            );
            assert_eq!(found, [format!("coldamp → age → innocent → {hidden}")]);
        }
    }

    #[test]
    fn what_a_build_script_links_counts() {
        let found = of(&["coldamp", "ureq"], &[("coldamp", "ureq", Some("build"))]);
        assert_eq!(found, ["coldamp → ureq"]);
    }

    #[test]
    fn what_only_tests_or_only_others_link_does_not() {
        let edges =
            [("coldamp", "tokio", Some("dev")), ("coldamp", "age", None), ("online", "reqwest", None)];
        assert_eq!(of(&["coldamp", "age", "tokio", "online", "reqwest"], &edges), [""; 0]);
    }

    #[test]
    fn crates_that_point_at_each_other_end_the_search() {
        assert_eq!(of(&["coldamp", "a"], &[("coldamp", "a", None), ("a", "coldamp", None)]), [""; 0]);
    }

    #[test]
    fn a_missing_package_is_no_clean_one() {
        assert_eq!(of(&["online"], &[]), ["there is no package coldamp"]);
    }
}
