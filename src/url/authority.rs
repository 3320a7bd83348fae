//! Host and port.

/// Splits `host` or `host:port`; none if there is no host, or what follows it is no port from 1 to
/// 65535. The host of an IPv6 address keeps its brackets.
pub(crate) fn split_authority(authority: &str) -> Option<(&str, Option<u16>)> {
    let colon = match authority.strip_prefix('[') {
        Some(rest) => 2 + rest.find(']')?,
        None => authority.find(':').unwrap_or(authority.len()),
    };
    let (host, port) = authority.split_at(colon);
    if host.is_empty() || port.is_empty() {
        return (!host.is_empty()).then_some((host, None));
    }
    let digits = port.strip_prefix(':').filter(|port| port.bytes().all(|b| b.is_ascii_digit()))?;
    Some((host, Some(digits.parse().ok().filter(|port| *port > 0)?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_and_ports() {
        for (authority, want) in [
            ("h", Some(("h", None))),
            ("h:1", Some(("h", Some(1)))),
            ("h:65535", Some(("h", Some(65535)))),
            ("[::1]", Some(("[::1]", None))),
            ("[::1]:443", Some(("[::1]", Some(443)))),
            ("", None),
            (":1", None),
            ("h:", None),
            ("h:0", None),
            ("h:65536", None),
            ("h:+1", None),
            ("h:1:2", None),
            ("[::1", None),
            ("[::1]x", None),
            ("[::1]:", None),
        ] {
            assert_eq!(split_authority(authority), want, "{authority}");
        }
    }
}
