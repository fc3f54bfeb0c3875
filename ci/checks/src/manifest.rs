//! What a listing's Cargo.toml says of it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;
use serde::Deserialize;
use testkit::listing;
use toml::{Spanned, Table, Value};

use crate::place::{read, relative};

/// A listing's Cargo.toml, as far as the checks look at it.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Manifest {
    /// `[package]`
    pub package: Spanned<Package>,
    /// `[lints]`
    pub lints: Option<Spanned<Value>>,
    #[serde(default)]
    dependencies: Dependencies,
    #[serde(default)]
    dev_dependencies: Dependencies,
    #[serde(default)]
    build_dependencies: Dependencies,
    #[serde(default)]
    target: BTreeMap<String, Target>,
}

/// `[package]`
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Package {
    /// The name that cargo knows it by.
    pub name: Spanned<String>,
    /// What it shows, in a sentence.
    pub description: Option<String>,
    /// `[package.metadata]`
    pub metadata: Option<Metadata>,
    version: Option<Spanned<Value>>,
    edition: Option<Spanned<Value>>,
    rust_version: Option<Spanned<Value>>,
    license: Option<Spanned<Value>>,
    publish: Option<Spanned<Value>>,
}

/// `[package.metadata]`
#[derive(Deserialize)]
pub struct Metadata {
    /// `[package.metadata.listing]`, as the tests of the listings read it.
    pub listing: Option<Spanned<listing::Metadata>>,
}

type Dependencies = BTreeMap<Spanned<String>, Value>;

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Target {
    #[serde(default)]
    dependencies: Dependencies,
    #[serde(default)]
    dev_dependencies: Dependencies,
    #[serde(default)]
    build_dependencies: Dependencies,
}

impl Manifest {
    /// The keys that every listing takes from the workspace, each with its
    /// value.
    pub fn inherited(&self) -> [(&'static str, Option<&Spanned<Value>>); 6] {
        let package = self.package.get_ref();
        [
            ("version", package.version.as_ref()),
            ("edition", package.edition.as_ref()),
            ("rust-version", package.rust_version.as_ref()),
            ("license", package.license.as_ref()),
            ("publish", package.publish.as_ref()),
            ("lints", self.lints.as_ref()),
        ]
    }

    /// The packages that it depends on, for whatever use and system, each
    /// with the offset of its line.
    pub fn dependencies(&self) -> impl Iterator<Item = (&str, usize)> {
        let everywhere = [
            &self.dependencies,
            &self.dev_dependencies,
            &self.build_dependencies,
        ];
        let somewhere = self.target.values().flat_map(|target| {
            [
                &target.dependencies,
                &target.dev_dependencies,
                &target.build_dependencies,
            ]
        });
        everywhere.into_iter().chain(somewhere).flatten().map(|(key, value)| {
            // `shown-name = { package = "real-name" }`
            let renamed = value.get("package").and_then(Value::as_str);
            (renamed.unwrap_or(key.get_ref()), key.span().start)
        })
    }
}

/// Whether the value is `{ workspace = true }`.
pub fn is_inherited(value: &Value) -> bool {
    let workspace = Table::from_iter([("workspace".into(), true.into())]);
    value.as_table() == Some(&workspace)
}

/// The folders in `folder`, all relative to the root, in the order of their
/// names.
pub fn members(root: &Path, folder: &str) -> anyhow::Result<Vec<PathBuf>> {
    let mut members = Vec::new();
    if root.join(folder).is_dir() {
        for entry in fs::read_dir(root.join(folder))? {
            let path = entry?.path();
            if path.is_dir() {
                members.push(relative(root, &path));
            }
        }
    }
    members.sort();
    Ok(members)
}

/// The packages of the workspace.
pub fn package_names(root: &Path) -> anyhow::Result<Vec<String>> {
    /// All that is looked at in any Cargo.toml.
    #[derive(Deserialize)]
    struct Named {
        package: Name,
    }
    #[derive(Deserialize)]
    struct Name {
        name: String,
    }
    let mut names = Vec::new();
    for folder in ["ci", "listings"] {
        for member in members(root, folder)? {
            let file = member.join("Cargo.toml");
            if root.join(&file).is_file() {
                let named: Named = toml::from_str(&read(root, &file)?)
                    .with_context(|| format!("in {}", file.display()))?;
                names.push(named.package.name);
            }
        }
    }
    Ok(names)
}
