//! Builds the servers, and finds what they need.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, bail};

use crate::models::{Language, Model, Setting};

/// The servers' programs. (`testkit` can find and build such programs too; to
/// compile it would be a third of what the reader waits for here.)
#[derive(Debug)]
pub struct Programs {
    folder: PathBuf,
    c: Result<PathBuf, String>,
    python: Result<String, String>,
}

impl Programs {
    /// Builds these servers, in the profile in which this program was built.
    ///
    /// # Errors
    ///
    /// Where a listing does not compile. A missing C compiler, or Python, is
    /// an error only of [`Programs::command`].
    pub fn build(models: &[&Model]) -> anyhow::Result<Programs> {
        let program = env::current_exe().context("cannot find this program")?;
        let folder =
            program.parent().context("this program is in no folder")?;
        let folder = match folder.ends_with("deps") {
            true => folder.parent().unwrap_or(folder),
            false => folder,
        };
        let of = |language| {
            models.iter().filter(move |model| model.language == language)
        };
        // `trace` counts calls where the kernel does not.
        let mut packages = vec!["--package=trace".to_owned()];
        packages.extend(
            of(Language::Rust).map(|model| format!("--package={}", model.name)),
        );
        let profile = match folder.file_name().and_then(|name| name.to_str()) {
            Some("debug") | None => "dev",
            Some(profile) => profile,
        };
        let cargo = env::var_os("CARGO").unwrap_or("cargo".into());
        let built = Command::new(cargo)
            .args(["build", "--locked", "--profile", profile])
            .arg("--target-dir")
            .arg(folder.parent().context("no target folder")?)
            .args(packages)
            .current_dir(root())
            .stdin(Stdio::null())
            .status()
            .context("cannot start cargo")?;
        if !built.success() {
            bail!("cargo could not build the servers");
        }
        let no_such = || "nothing of that language".to_owned();
        let c = of(Language::C).next().ok_or_else(no_such);
        let c = c.and_then(|model| compile(model, folder));
        let python = of(Language::Python).next().ok_or_else(no_such);
        let python = python.and_then(|_| find_python());
        Ok(Programs { folder: folder.to_owned(), c, python })
    }

    /// What starts this server on a free port of 127.0.0.1.
    ///
    /// # Errors
    ///
    /// Where there is no compiler or interpreter for it.
    pub fn command(
        &self,
        model: &Model,
        setting: Setting,
    ) -> Result<Command, String> {
        let mut command = match model.language {
            Language::Rust => Command::new(self.folder.join(model.name)),
            Language::C => Command::new(self.c.clone()?),
            Language::Python => {
                let mut command = Command::new(self.python.clone()?);
                command.arg(source(model));
                command
            }
        };
        command.arg("127.0.0.1:0").args(model.arguments(setting));
        Ok(command)
    }

    /// The listing `trace`.
    pub(crate) fn trace(&self) -> PathBuf {
        self.folder.join("trace")
    }
}

/// The folder of this repository.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).expect("the crate lies in ci/measure").to_owned()
}

/// The file beside a listing: `epoll_echo.c` lies beside `epoll-echo`.
fn source(model: &Model) -> PathBuf {
    let stem = model.name.split('.').next().unwrap_or(model.name);
    root().join("listings").join(stem.replace('_', "-")).join(model.name)
}

fn compile(model: &Model, folder: &Path) -> Result<PathBuf, String> {
    let binary = folder.join(model.name.replace('.', "_"));
    let compiler = env::var_os("CC").unwrap_or("cc".into());
    let output = Command::new(compiler)
        .args(["-O2", "-o"])
        .arg(&binary)
        .arg(source(model))
        .stdin(Stdio::null())
        .output()
        .map_err(|e| format!("needs a C compiler: {e}"))?;
    if output.status.success() {
        return Ok(binary);
    }
    let words = String::from_utf8_lossy(&output.stderr);
    let first = words.lines().next().unwrap_or("no reason was given");
    Err(format!("the C compiler fails: {first}"))
}

/// The path of the interpreter itself: what stands in `PATH` may be a script
/// that starts it.
fn find_python() -> Result<String, String> {
    let path = |name: &str| {
        let output = Command::new(name)
            .args(["-c", "import selectors, sys; print(sys.executable)"])
            .stdin(Stdio::null())
            .output()
            .ok()?;
        let path = String::from_utf8(output.stdout).ok()?;
        Some(path.trim().to_owned()).filter(|path| !path.is_empty())
    };
    let found = ["python3", "python"].into_iter().find_map(path);
    found.ok_or_else(|| "needs Python 3".to_owned())
}
