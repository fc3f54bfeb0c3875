//! What a listing says about itself: `[package.metadata.listing]`.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use serde::Deserialize;

use crate::need::Need;

/// What a listing does when it is run.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Takes an optional address, prints `listening on 127.0.0.1:8989`, and
    /// serves until Ctrl-C.
    Server,
    /// Takes an optional address and talks to a server there.
    Client,
    /// Needs no argument, and ends by itself.
    Demo,
}

/// A system that a listing runs on.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "lowercase")]
pub enum Platform {
    /// Linux.
    Linux,
    /// macOS.
    Macos,
    /// Windows.
    Windows,
}

impl Platform {
    /// Every system that the book speaks of.
    pub const ALL: &[Platform] =
        &[Platform::Linux, Platform::Macos, Platform::Windows];

    /// The system that this program was built for; any other Unix counts as
    /// macOS, whose calls it has.
    pub const fn current() -> Platform {
        if cfg!(target_os = "linux") {
            Platform::Linux
        } else if cfg!(windows) {
            Platform::Windows
        } else {
            Platform::Macos
        }
    }

    /// The name as people write it.
    pub const fn name(self) -> &'static str {
        match self {
            Platform::Linux => "Linux",
            Platform::Macos => "macOS",
            Platform::Windows => "Windows",
        }
    }

    /// `None` if the current system is among `platforms`, and else a phrase
    /// that names them: `needs Linux or macOS`.
    pub fn missing_from(platforms: &[Platform]) -> Option<String> {
        if platforms.contains(&Platform::current()) {
            return None;
        }
        let names: Vec<_> = platforms.iter().map(|p| p.name()).collect();
        Some(format!("needs {}", names.join(" or ")))
    }
}

/// A conformance suite that a server can declare.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "lowercase")]
pub enum Suite {
    /// What comes goes back, byte for byte: [`crate::echo`].
    Echo,
}

/// The table `[package.metadata.listing]` of a listing's `Cargo.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Metadata {
    /// What it does when it is run.
    pub kind: Kind,
    /// Where it runs; elsewhere it builds, and says what it needs.
    pub platforms: Vec<Platform>,
    /// What it needs there that not every machine grants.
    #[serde(default)]
    pub needs: Vec<Need>,
    /// The suite that it must pass.
    pub suite: Option<Suite>,
    /// Cases of the suite that its model cannot pass.
    #[serde(default)]
    pub suite_except: Vec<String>,
    /// Cases that a server may leave out, and that this one passes too.
    #[serde(default)]
    pub suite_also: Vec<String>,
}

impl Metadata {
    /// What this machine lacks to run it: `needs Linux`, or `needs user
    /// namespaces`. `None` if it lacks nothing.
    pub fn lack(&self) -> Option<String> {
        Platform::missing_from(&self.platforms)
            .or_else(|| Need::unmet_of(&self.needs))
    }

    /// A key that says something about a suite, where no suite is declared.
    pub fn suiteless(&self) -> Option<&'static str> {
        if self.suite.is_some() {
            return None;
        }
        let keys = [
            ("suite-except", &self.suite_except),
            ("suite-also", &self.suite_also),
        ];
        keys.iter().find(|(_, cases)| !cases.is_empty()).map(|(key, _)| *key)
    }
}

/// One listing: a crate in the folder `listings/`.
#[derive(Clone, Debug)]
pub struct Listing {
    /// The name of the package, which is that of its folder and its binary.
    pub name: String,
    /// What it shows, in a line.
    pub description: String,
    /// What its `Cargo.toml` says of it.
    pub metadata: Metadata,
}

#[derive(Deserialize)]
struct Manifest {
    package: Package,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    #[serde(default)]
    description: String,
    metadata: Option<PackageMetadata>,
}

#[derive(Deserialize)]
struct PackageMetadata {
    listing: Option<Metadata>,
}

impl Listing {
    /// Reads the text of a listing's `Cargo.toml`.
    ///
    /// # Errors
    ///
    /// Where the text is not TOML, where the table is missing, has an unknown
    /// key or a wrong value, or names no platform, or excepts cases from no
    /// suite, or adds some to none.
    pub fn parse(manifest: &str) -> anyhow::Result<Listing> {
        let Package { name, description, metadata } =
            toml::from_str::<Manifest>(manifest)?.package;
        let metadata = metadata
            .and_then(|metadata| metadata.listing)
            .context("has no table [package.metadata.listing]")?;
        if metadata.platforms.is_empty() {
            bail!("names no platform");
        }
        if let Some(key) = metadata.suiteless() {
            bail!("has `{key}`, but no `suite`");
        }
        Ok(Listing { name, description, metadata })
    }

    /// All listings of the repository at `root`, sorted by name.
    ///
    /// # Errors
    ///
    /// Where a file cannot be read, and those of [`Listing::parse`], with the
    /// file's name; also where a package is not named like its folder.
    pub fn all(root: &Path) -> anyhow::Result<Vec<Listing>> {
        let folder = root.join("listings");
        let mut listings = Vec::new();
        let entries = fs::read_dir(&folder)
            .with_context(|| format!("cannot read {}", folder.display()))?;
        for entry in entries {
            let name = entry?.file_name().to_string_lossy().into_owned();
            let file = folder.join(&name).join("Cargo.toml");
            if !file.is_file() || is_library(&folder.join(&name)) {
                continue;
            }
            let listing = fs::read_to_string(&file)
                .map_err(anyhow::Error::from)
                .and_then(|text| Listing::parse(&text))
                .with_context(|| format!("listings/{name}/Cargo.toml"))?;
            if listing.name != name {
                bail!("listings/{name}: its package is `{}`", listing.name);
            }
            listings.push(listing);
        }
        listings.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(listings)
    }
}

/// Whether the crate in this folder is a library that listings share, and so
/// no listing itself: nothing in it can be run.
pub fn is_library(folder: &Path) -> bool {
    let source = folder.join("src");
    source.join("lib.rs").is_file() && !source.join("main.rs").is_file()
}

/// The same program as a listing in another language, in the file beside it:
/// `listings/epoll-echo/epoll_echo.c` for `epoll-echo` and the ending `c`. Its
/// path from the repository's root; `None` where there is none.
pub fn twin(listing: &str, ending: &str) -> Option<PathBuf> {
    let file = format!("{}.{ending}", listing.replace('-', "_"));
    let path = Path::new("listings").join(listing).join(file);
    root().join(&path).is_file().then_some(path)
}

/// The folder of this repository.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).expect("the crate lies in ci/testkit").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"
        [package]
        name = "busy-echo"
        description = "Looks busy"
        version.workspace = true
        [package.metadata.listing]
        kind = "server"
        platforms = ["linux", "macos"]
        needs = ["icmp-sockets"]
        suite = "echo"
        suite-except = ["idle"]
        suite-also = ["ten-thousand"]
    "#;

    #[test]
    fn reads_the_table() {
        let listing = Listing::parse(GOOD).expect("it is right");
        assert_eq!(listing.name, "busy-echo");
        assert_eq!(listing.description, "Looks busy");
        assert_eq!(listing.metadata.kind, Kind::Server);
        assert_eq!(listing.metadata.suite, Some(Suite::Echo));
        assert_eq!(listing.metadata.suite_except, ["idle"]);
        assert_eq!(listing.metadata.suite_also, ["ten-thousand"]);
        assert_eq!(
            listing.metadata.platforms,
            [Platform::Linux, Platform::Macos]
        );
        assert_eq!(listing.metadata.needs, [Need::IcmpSockets]);
    }

    #[test]
    fn refuses_what_it_does_not_know() {
        for (right, wrong, sentence) in [
            ("suite-except", "suite-exept", "unknown field `suite-exept`"),
            ("\"server\"", "\"sever\"", "unknown variant `sever`"),
            ("\"macos\"", "\"beos\"", "unknown variant `beos`"),
            ("icmp-sockets", "luck", "unknown variant `luck`"),
            ("\"linux\", \"macos\"", "", "names no platform"),
            ("suite = \"echo\"", "", "has `suite-except`, but no `suite`"),
            (
                "suite = \"echo\"\n        suite-except = [\"idle\"]",
                "",
                "has `suite-also`, but no `suite`",
            ),
            ("metadata.listing", "metadata.list", "has no table"),
        ] {
            let text = GOOD.replace(right, wrong);
            let error = Listing::parse(&text).expect_err(wrong).to_string();
            assert!(error.contains(sentence), "{wrong}: {error}");
        }
    }

    #[test]
    fn a_missing_platform_is_named() {
        let here = Platform::current();
        assert_eq!(Platform::missing_from(&[here]), None);
        let elsewhere: Vec<_> =
            Platform::ALL.iter().copied().filter(|p| *p != here).collect();
        let phrase = Platform::missing_from(&elsewhere).expect("not here");
        assert!(phrase.starts_with("needs "), "{phrase}");
        assert!(phrase.contains(elsewhere[1].name()), "{phrase}");
    }
}
