//! How a person tells their browser to trust the local authority.

use std::path::Path;

use crate::edge::certs::Authority;

/// The name of the authority in Chromium's database, as the README says it.
const NICKNAME: &str = "PEC App local CA";

/// What to say about the authority at `ca`. Its first line is read by programs too.
pub fn lines(ca: &Path, authority: Authority, macos: bool) -> Vec<String> {
    let mut lines = vec![format!("It vouches for itself with the certificate authority {}", ca.display())];
    let (what, again) = match authority {
        Authority::Known => ("Browsers that do not trust it yet learn to with:", false),
        Authority::Made => ("It was made just now and nothing trusts it yet. Browsers learn to with:", false),
        Authority::Replaced => {
            ("It is NEW: the one before could renew nothing any more. Whoever trusted that must trust this one, with:", true)
        }
    };
    lines.push(what.to_owned());
    let file = quoted(&ca.display().to_string());
    if macos {
        lines.push(format!("  security add-trusted-cert -r trustRoot -k ~/Library/Keychains/login.keychain-db {file}"));
    } else {
        if again {
            lines.push(format!("  certutil -D -d sql:$HOME/.pki/nssdb -n \"{NICKNAME}\""));
        }
        let add = format!("certutil -A -d sql:$HOME/.pki/nssdb -t C,, -n \"{NICKNAME}\" -i {file}");
        lines.push(format!("  mkdir -p ~/.pki/nssdb && {add}"));
    }
    lines
}

/// A word for a shell.
fn quoted(text: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'/' | b'.' | b'-' | b'_');
    match !text.is_empty() && text.bytes().all(plain) {
        true => text.to_owned(),
        false => format!("'{}'", text.replace('\'', r"'\''")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_is_the_platforms_own_and_names_the_file() {
        let said = |authority, macos| lines(Path::new("data/tls/ca.pem"), authority, macos);
        for authority in [Authority::Known, Authority::Made, Authority::Replaced] {
            for macos in [false, true] {
                let lines = said(authority, macos);
                assert!(lines[0].ends_with("certificate authority data/tls/ca.pem"), "{lines:?}");
                let command = lines.last().expect("a command");
                assert_eq!(command.contains("certutil -A"), !macos, "{command}");
                assert_eq!(command.contains("security add-trusted-cert"), macos, "{command}");
                assert!(command.ends_with(" data/tls/ca.pem"), "{command}");
            }
        }
        assert!(!said(Authority::Known, false).concat().contains("NEW"));
        let replaced = said(Authority::Replaced, false);
        assert!(replaced[1].contains("NEW") && replaced[2].contains("certutil -D"), "{replaced:?}");
    }

    #[test]
    fn a_folder_with_spaces_is_one_word() {
        assert_eq!(quoted("/a/b-c_d.pem"), "/a/b-c_d.pem");
        assert_eq!(quoted("/my data/it's"), r"'/my data/it'\''s'");
    }
}
