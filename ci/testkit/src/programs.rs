//! Builds programs and finds their binaries.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use anyhow::{Context, anyhow, bail};

use crate::listing::{Listing, root};

/// Listings, and where their binaries lie. They are built once, when the
/// first is asked for.
#[derive(Debug)]
pub struct Programs {
    listings: Vec<Listing>,
    folder: PathBuf,
    build: Vec<OsString>,
    built: OnceLock<Result<(), String>>,
}

impl Programs {
    /// Every listing of this repository.
    ///
    /// # Errors
    ///
    /// Those of [`Listing::all`].
    pub fn listings() -> anyhow::Result<Programs> {
        let listings = Listing::all(&root())?;
        let mut build = Vec::new();
        for listing in &listings {
            build.extend(["-p".into(), OsString::from(&listing.name)]);
        }
        Programs::new(listings, profile_folder()?, build)
    }

    /// The examples of this crate, as if they were `listings`: the programs
    /// that its own tests try it out on.
    ///
    /// # Errors
    ///
    /// Where this program's own file cannot be found.
    pub fn examples(listings: Vec<Listing>) -> anyhow::Result<Programs> {
        let build = ["-p", "testkit", "--examples"].map(OsString::from);
        let folder = profile_folder()?.join("examples");
        Programs::new(listings, folder, build.to_vec())
    }

    fn new(
        listings: Vec<Listing>,
        folder: PathBuf,
        mut build: Vec<OsString>,
    ) -> anyhow::Result<Programs> {
        let profile = profile_folder()?;
        let target = profile.parent().context("no target folder")?;
        build.extend(["--target-dir".into(), target.as_os_str().to_owned()]);
        // The folder of the profile `dev` is named `debug`.
        if !profile.ends_with("debug") {
            let name = profile.file_name().context("no profile folder")?;
            build.extend(["--profile".into(), name.to_owned()]);
        }
        Ok(Programs { listings, folder, build, built: OnceLock::new() })
    }

    /// All of them, sorted by name.
    pub fn all(&self) -> &[Listing] {
        &self.listings
    }

    /// What the listing `name` says about itself.
    ///
    /// # Errors
    ///
    /// Where there is no such listing.
    pub fn listing(&self, name: &str) -> anyhow::Result<&Listing> {
        self.listings
            .iter()
            .find(|listing| listing.name == name)
            .with_context(|| format!("there is no listing `{name}`"))
    }

    /// The binary of the program `name`.
    ///
    /// Under cargo, all programs are built first. Without cargo, as where a
    /// built test is run by hand, the binary that lies there is taken.
    ///
    /// # Errors
    ///
    /// Where the build fails, with what cargo said, and where there is no
    /// binary.
    pub fn binary(&self, name: &str) -> anyhow::Result<PathBuf> {
        self.built
            .get_or_init(|| self.build_all().map_err(|e| format!("{e:#}")))
            .as_ref()
            .map_err(|e| anyhow!("{e}"))?;
        let file = format!("{name}{}", env::consts::EXE_SUFFIX);
        let binary = self.folder.join(file);
        if !binary.is_file() {
            bail!(
                "{} is not built; `cargo build -p {name}` builds a listing, \
                 `cargo build -p testkit --examples` an example",
                binary.display(),
            );
        }
        Ok(binary)
    }

    fn build_all(&self) -> anyhow::Result<()> {
        let Some(cargo) = env::var_os("CARGO") else {
            return Ok(());
        };
        let output = Command::new(cargo)
            .args(["build", "--quiet"])
            .args(&self.build)
            .current_dir(root())
            .stdin(Stdio::null())
            .output()
            .context("cannot start cargo")?;
        if !output.status.success() {
            bail!(
                "`cargo {}` failed:\n{}",
                self.build_words(),
                String::from_utf8_lossy(&output.stderr),
            );
        }
        Ok(())
    }

    fn build_words(&self) -> String {
        let mut words = String::from("build");
        for word in &self.build {
            words.push(' ');
            words.push_str(&word.to_string_lossy());
        }
        words
    }
}

/// The folder of the build profile, `target/debug`: this program lies there,
/// or in `deps` below, where the tests lie.
fn profile_folder() -> anyhow::Result<PathBuf> {
    let program = env::current_exe().context("cannot find this program")?;
    let folder = program.parent().context("this program is in no folder")?;
    if folder.ends_with("deps") {
        let above = folder.parent().map(Path::to_owned);
        return above.context("the folder `deps` is in no folder");
    }
    Ok(folder.to_owned())
}
