//! `links`: every link inside the book and the repository leads somewhere.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

use http::Uri;
use percent_encoding::percent_decode_str;
use reader::Problem;

use crate::Check;
use crate::book::Chapter;
use crate::markdown::{Link, heading_id, headings, links, unlabelled};
use crate::pages::{Pages, selector};
use crate::place::{line_with, problem, read};

pub const CHECK: Check = Check {
    name: "links",
    says: "links lead to pages, headings and files that are there",
    needs: None,
    run,
};

fn run(root: &Path) -> anyhow::Result<Vec<Problem>> {
    let mut problems = on_pages(root)?;
    for file in ["README.md", "CONTRIBUTING.md"].map(Path::new) {
        if root.join(file).is_file() {
            problems.extend(in_file(root, file)?);
        }
    }
    Ok(problems)
}

/// Broken links on the book's pages.
fn on_pages(root: &Path) -> anyhow::Result<Vec<Problem>> {
    let mut pages = Pages::of_book(root)?;
    let mut problems = Vec::new();
    let linking = selector("main [href], main [src]");
    for page in std::mem::take(&mut pages.pages) {
        let Chapter { file, text } = &page.chapter;
        problems.extend(no_links(file, text));
        let mut seen = BTreeSet::new();
        for element in page.html.select(&linking) {
            let link = element.attr("href").or(element.attr("src"));
            let link = link.expect("the selector asks for one of them");
            if !seen.insert(link) {
                continue;
            }
            let broken = broken(&page.file, link, |path, id| {
                let ids = pages.ids(path);
                id.map_or(ids.is_some(), |id| {
                    ids.is_some_and(|ids| ids.contains(id))
                })
            });
            if let Some(why) = broken {
                let places = places(&page.chapter, link);
                problems.extend(
                    places.into_iter().map(|line| problem(file, line, &*why)),
                );
            }
        }
    }
    Ok(problems)
}

/// The lines of the chapter on which a link of its page stands.
fn places(chapter: &Chapter, link: &str) -> Vec<Option<usize>> {
    let on_page =
        |target: &str| target == link || target.replace(".md", ".html") == link;
    let written = links(&chapter.text).into_iter();
    let lines: Vec<_> = written
        .filter(|written| on_page(&written.target))
        .map(|written| Some(written.line))
        .collect();
    if lines.is_empty() {
        return vec![line_with(&chapter.text, 1, link)];
    }
    lines
}

/// Broken links in a Markdown file that is read where it lies.
fn in_file(root: &Path, file: &Path) -> anyhow::Result<Vec<Problem>> {
    let text = read(root, file)?;
    let mut problems = no_links(file, &text);
    for link in links(&text) {
        let broken = broken(file, &link.target, |path, id| {
            let Some(id) = id else { return root.join(path).exists() };
            read(root, path).is_ok_and(|text| {
                headings(&text).iter().any(|it| heading_id(&it.text) == id)
            })
        });
        problems
            .extend(broken.map(|message| problem(file, link.line, message)));
    }
    Ok(problems)
}

/// Links that became none, because their label stands nowhere.
fn no_links(file: &Path, text: &str) -> Vec<Problem> {
    let links = unlabelled(text).into_iter();
    let problems = links.map(|Link { target, line }| {
        let message = format!("the link's label `{target}` stands nowhere");
        problem(file, line, message)
    });
    problems.collect()
}

/// Why a link in `from` leads nowhere; `exists` says whether a file, and an
/// id in it, is there. Other sites are not asked.
fn broken(
    from: &Path,
    link: &str,
    mut exists: impl FnMut(&Path, Option<&str>) -> bool,
) -> Option<String> {
    if let Some((scheme, _)) = link.split_once(':')
        && scheme.chars().all(|c| c.is_ascii_alphanumeric())
    {
        let uri: Option<Uri> = link.parse().ok();
        let is_whole = scheme == "https"
            && uri.is_some_and(|uri| {
                uri.host().is_some_and(|host| host.contains('.'))
            });
        return (!is_whole)
            .then(|| format!("`{link}` is no https address of a site"));
    }
    let (path, id) = match link.split_once('#') {
        Some((path, id)) => (path, Some(id)),
        None => (link, None),
    };
    let path = path.split_once('?').map_or(path, |(path, _)| path);
    let path = percent_decode_str(path).decode_utf8_lossy();
    let id = id.map(|id| percent_decode_str(id).decode_utf8_lossy());
    let Some(path) = resolve(from, &path) else {
        return Some(format!("`{link}` leads out of the folder"));
    };
    if !exists(&path, None) {
        return Some(format!("`{link}` leads to no file"));
    }
    let id = id.filter(|id| !exists(&path, Some(id)))?;
    Some(format!("`{link}` leads to a file without the heading or id `{id}`"))
}

/// The file to which a relative path in `from` leads; none if it leaves the
/// folder that both are relative to.
fn resolve(from: &Path, path: &str) -> Option<PathBuf> {
    if path.is_empty() {
        return Some(from.to_owned());
    }
    let mut resolved = from.parent()?.to_owned();
    for component in Path::new(path).components() {
        match component {
            Component::Normal(name) => resolved.push(name),
            Component::CurDir => {}
            Component::ParentDir => {
                if !resolved.pop() {
                    return None;
                }
            }
            // Breaks as soon as the book is served from a folder.
            Component::RootDir | Component::Prefix(_) => return None,
        }
    }
    Some(resolved)
}
