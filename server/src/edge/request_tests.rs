#![allow(clippy::unwrap_used)]

use super::*;

fn seen(peer: &str, proxies: &[&str], headers: &[(&str, &str)]) -> Result<(String, String), ArrivalError> {
    let mut request = Request::builder().uri("/x");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let mut request = request.body(()).unwrap();
    let proxies = Proxies::new(proxies.iter().map(|text| text.parse().unwrap()));
    let arrival = arrive(&mut request, Uuid::now_v7(), SocketAddr::new(peer.parse().unwrap(), 9), &proxies)?;
    assert_eq!(request.headers().get_all(HOST).iter().count(), 1);
    assert_eq!(request.headers()[HOST], *arrival.authority);
    Ok((arrival.client.to_string(), arrival.host().to_owned()))
}

#[test]
fn a_forwarded_address_counts_only_from_a_configured_proxy() {
    let headers = [("host", "a.test"), ("x-forwarded-for", "6.6.6.6, 203.0.113.9"), ("x-forwarded-host", "evil.test")];
    assert_eq!(seen("198.51.100.7", &[], &headers).unwrap(), ("198.51.100.7".into(), "a.test".into()));
    assert_eq!(seen("10.1.2.3", &["10.0.0.0/8"], &headers).unwrap(), ("203.0.113.9".into(), "evil.test".into()));
    assert_eq!(seen("11.1.2.3", &["10.0.0.0/8"], &headers).unwrap().0, "11.1.2.3");
    assert_eq!(seen("::ffff:10.1.2.3", &["10.1.2.3"], &headers).unwrap().0, "203.0.113.9");
}

#[test]
fn a_chain_of_proxies_is_followed_to_the_first_stranger() {
    let proxies = ["10.0.0.0/8", "2001:db8::/32"];
    let headers = [("host", "a.test"), ("x-forwarded-for", "1.1.1.1, 9.9.9.9, 10.0.0.2"), ("x-forwarded-for", "2001:db8::5")];
    assert_eq!(seen("10.0.0.1", &proxies, &headers).unwrap().0, "9.9.9.9");
    let rubbish = [("host", "a.test"), ("x-forwarded-for", "<script>, 10.0.0.2")];
    assert_eq!(seen("10.0.0.1", &proxies, &rubbish).unwrap().0, "10.0.0.2");
    assert_eq!(seen("10.0.0.1", &proxies, &[("host", "a.test")]).unwrap().0, "10.0.0.1");
}

#[test]
fn hosts_are_one_and_well_formed() {
    let host = |value: &str| seen("1.1.1.1", &[], &[("host", value)]).map(|(_, host)| host);
    assert_eq!(host("Demo.LocalHost:8443").unwrap(), "demo.localhost");
    assert_eq!(host("[::1]:8443").unwrap(), "[::1]");
    for bad in ["", "a b", "a/b", "a@b", "a:0", "a:99999", "a:", "[::1", "[zz]", "a:1:2", "é.test"] {
        assert!(host(bad).is_err(), "{bad:?}");
    }
    assert_eq!(seen("1.1.1.1", &[], &[]), Err(ArrivalError::NoHost));
    assert_eq!(seen("1.1.1.1", &[], &[("host", "a"), ("host", "b")]), Err(ArrivalError::NoHost));
}
