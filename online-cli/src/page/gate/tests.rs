use super::*;

fn asked(method: Method, headers: &[(&'static str, &'static str)]) -> Result<(), Refusal> {
    asked_for(method, "/", headers)
}

fn asked_for(method: Method, path: &str, headers: &[(&'static str, &'static str)]) -> Result<(), Refusal> {
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        map.insert(HeaderName::from_static(name), value.parse().unwrap());
    }
    admit(&method, path, &map, "127.0.0.1:8480".parse().unwrap())
}

const OURS: (&str, &str) = ("host", "127.0.0.1:8480");

#[test]
fn the_page_itself_the_address_bar_and_programs_of_this_machine_are_let_in() {
    for headers in [
        vec![OURS],
        vec![OURS, ("sec-fetch-site", "none")],
        vec![OURS, ("sec-fetch-site", "same-origin"), ("origin", "http://127.0.0.1:8480")],
        vec![
            OURS,
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-mode", "navigate"),
            ("sec-fetch-dest", "document"),
        ],
    ] {
        assert_eq!(asked(Method::GET, &headers), Ok(()), "{headers:?}");
    }
}

#[test]
fn a_name_that_leads_here_is_not_answered() {
    let address = "127.0.0.1:8480".parse().unwrap();
    for host in ["localhost:8480", "attacker.example:8480", "127.0.0.1", "127.0.0.1:8481"] {
        assert_eq!(asked(Method::GET, &[("host", host)]), Err(Refusal::Host(address)), "{host}");
    }
    assert_eq!(asked(Method::GET, &[]), Err(Refusal::Host(address)));
}

#[test]
fn another_page_is_not_answered() {
    for headers in [
        vec![OURS, ("origin", "https://attacker.example")],
        vec![OURS, ("origin", "null")],
        vec![OURS, ("origin", "http://127.0.0.1:9000")],
        vec![OURS, ("sec-fetch-site", "cross-site")],
        vec![OURS, ("sec-fetch-site", "same-site"), ("sec-fetch-mode", "no-cors")],
        vec![
            OURS,
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-mode", "navigate"),
            ("sec-fetch-dest", "iframe"),
        ],
    ] {
        assert_eq!(asked(Method::GET, &headers), Err(Refusal::Foreign), "{headers:?}");
    }
    let navigation = [
        OURS,
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-mode", "navigate"),
        ("sec-fetch-dest", "document"),
    ];
    assert_eq!(asked(Method::POST, &navigation), Err(Refusal::Foreign));
}

#[test]
fn what_is_passed_on_and_the_settings_are_asked_for_and_never_opened_or_loaded() {
    let own = ("sec-fetch-site", "same-origin");
    for path in ["/esplora/blocks/tip/height", "/api/assets", "/serve.json"] {
        for headers in [vec![OURS], vec![OURS, own], vec![OURS, own, ("sec-fetch-dest", "empty")]] {
            assert_eq!(asked_for(Method::GET, path, &headers), Ok(()), "{path}: {headers:?}");
        }
        for destination in ["document", "iframe", "script", "worker", "image", "style", ""] {
            for site in ["same-origin", "cross-site", "none"] {
                let headers = [
                    OURS,
                    ("sec-fetch-site", site),
                    ("sec-fetch-mode", "navigate"),
                    ("sec-fetch-dest", destination),
                ];
                let found = asked_for(Method::GET, path, &headers);
                assert_eq!(found, Err(Refusal::Loaded), "{path}: {headers:?}");
            }
        }
    }
    // The page's own files are loaded as what they are.
    for destination in ["document", "script", "worker", "style"] {
        let headers = [OURS, own, ("sec-fetch-dest", destination)];
        for path in ["/", "/assets/index.js", "/esplora", "/esploration.js"] {
            assert_eq!(asked_for(Method::GET, path, &headers), Ok(()), "{path} {destination}");
        }
    }
}

#[test]
fn nothing_but_reading_and_handing_over_is_answered() {
    for method in [Method::PUT, Method::DELETE, Method::OPTIONS, Method::CONNECT] {
        assert_eq!(asked(method.clone(), &[OURS]), Err(Refusal::Method), "{method}");
    }
}
