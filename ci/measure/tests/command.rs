//! The command, from outside: what it leaves behind, when all goes well and
//! when not.
#![cfg(target_os = "linux")]

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use measure::Results;
use measure::scene::Scene;
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

/// It builds the servers first, if nobody has.
const PATIENCE: Duration = Duration::from_secs(300);

fn measure(out: &TempDir, arguments: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_measure"))
        .arg("--out")
        .arg(out.path())
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it can be started")
}

fn results(out: &TempDir) -> Results {
    let text = fs::read_to_string(out.path().join("results.json"));
    serde_json::from_str(&text.expect("it is there")).expect("it is JSON")
}

/// Waits for something that is looked for again and again.
fn wait_for<T>(what: &str, mut find: impl FnMut() -> Option<T>) -> T {
    let end = Instant::now() + PATIENCE;
    loop {
        if let Some(found) = find() {
            return found;
        }
        assert!(Instant::now() < end, "in vain: {what}");
        sleep(Duration::from_millis(2));
    }
}

fn pid(child: &Child) -> Pid {
    Pid::from_child(child)
}

/// The process of that name whose parent this is: `man 5 proc_pid_stat`.
fn child_of(parent: Pid, name: &str) -> Option<Pid> {
    let entries = fs::read_dir("/proc").expect("it is there").flatten();
    let stats = entries
        .filter_map(|entry| fs::read_to_string(entry.path().join("stat")).ok());
    let stat = stats.into_iter().find_map(|stat| {
        let (pid, rest) = stat.split_once(" (")?;
        let (comm, rest) = rest.rsplit_once(") ")?;
        let above: i32 = rest.split(' ').nth(1)?.parse().ok()?;
        let is_it = comm == name && above == parent.as_raw_nonzero().get();
        is_it.then(|| pid.parse().ok()).flatten()
    });
    Pid::from_raw(stat?)
}

/// The two servers, when they run at the same time: they do in the scene
/// `active` alone.
fn both(measure: &Child) -> (Pid, Pid) {
    wait_for("two servers", || {
        let find = |name| child_of(pid(measure), name);
        find("epoll-echo").zip(find("thread-echo"))
    })
}

fn is_gone(pid: Pid) -> bool {
    !Path::new(&format!("/proc/{}", pid.as_raw_nonzero())).exists()
}

fn end(child: Child) -> (Output, String) {
    let output = child.wait_with_output().expect("it ends");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    (output, text)
}

#[test]
fn numbers_a_page_and_plots() {
    let out = tempfile::tempdir().expect("a folder");
    let only = "--only=calls,silence,memory,idle";
    let names = ["epoll-echo", "poll-echo", "nonblocking-echo"];
    let servers = format!("--servers={}", names.join(","));
    let (output, text) = end(measure(&out, &[only, &servers]));
    assert!(output.status.success(), "{output:?}");
    assert!(text.contains("System calls a request, 50 connections"), "{text}");
    let results = results(&out);
    assert!(results.complete && !results.full);
    for scene in [Scene::Calls, Scene::Silence, Scene::Memory] {
        let steps: Vec<_> = results.of(scene).collect();
        let [step] = steps[..] else { panic!("{steps:?}") };
        for name in names {
            let server = step.named(name).expect("it was measured");
            let count = server.count().expect("it has no fault");
            match (scene, name) {
                // It never rests.
                (Scene::Silence, "nonblocking-echo") => assert!(count > 0.0),
                (Scene::Silence, _) => assert!(count < 0.1, "{server:?}"),
                (Scene::Memory, _) => {
                    assert!((16.0..4096.0).contains(&count), "{server:?}");
                }
                // To receive and to send; it asks many in vain.
                (_, "nonblocking-echo") => assert!(count >= 2.0),
                // And to wait.
                _ => assert!((2.0..4.0).contains(&count), "{server:?}"),
            }
        }
    }
    let idle: Vec<usize> = results.of(Scene::Idle).map(|it| it.x).collect();
    assert_eq!(idle, [0, 10, 100, 1_000, 10_000]);
    let page = fs::read_to_string(out.path().join("index.html"));
    assert!(page.expect("it is there").contains("nonblocking-echo"));
    let plot = fs::read_to_string(out.path().join("measured-calls.svg"));
    assert!(plot.expect("it is there").contains("xmlns="));
}

#[test]
fn ctrl_c_keeps_what_was_measured_and_leaves_no_server() {
    let out = tempfile::tempdir().expect("a folder");
    let scenes = "--only=calls,active";
    let child = measure(&out, &[scenes, "--servers=epoll-echo,thread-echo"]);
    let (a, b) = both(&child);
    kill_process(pid(&child), Signal::INT).expect("it runs");
    let (output, _) = end(child);
    assert_eq!(output.status.code(), Some(130), "{output:?}");
    assert!(is_gone(a) && is_gone(b));
    let results = results(&out);
    assert!(!results.complete);
    let calls = results.of(Scene::Calls).next().expect("it was measured");
    assert!(calls.named("thread-echo").expect("it too").count().is_some());
}

#[test]
fn a_server_that_dies_has_no_number() {
    let out = tempfile::tempdir().expect("a folder");
    let servers = "--servers=epoll-echo,thread-echo";
    let child = measure(&out, &["--only=active", servers]);
    let (_, server) = both(&child);
    kill_process(server, Signal::KILL).expect("it runs");
    let (output, text) = end(child);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(text.contains("fault: thread-echo (active, "), "{text}");
    let results = results(&out);
    assert!(results.complete);
    let steps: Vec<_> = results.of(Scene::Active).collect();
    let is_dead = |nth: &usize| {
        let server = steps[*nth].named("thread-echo").expect("it was begun");
        server.fault.is_some()
    };
    let nth = (0..steps.len()).find(is_dead).expect("it was killed");
    let dead = steps[nth].named("thread-echo").expect("it was begun");
    assert!(dead.median(|numbers| Some(numbers.rate)).is_none());
    let other = steps[nth].named("epoll-echo").expect("it was measured");
    assert_eq!(other.fault, None);
    // In the next step there is a new process.
    if let Some(next) = steps.get(nth + 1) {
        let next = next.named("thread-echo").expect("it was measured");
        assert_eq!(next.fault, None);
    }
}

#[test]
fn killed_it_leaves_no_server() {
    let out = tempfile::tempdir().expect("a folder");
    let servers = "--servers=epoll-echo";
    let mut child = measure(&out, &["--only=active", servers]);
    let find = || child_of(pid(&child), "epoll-echo");
    let server = wait_for("a server", find);
    child.kill().expect("it runs");
    child.wait().expect("it has ended");
    wait_for("the server's end", || is_gone(server).then_some(()));
}

#[test]
fn what_it_does_not_know_is_named() {
    let out = tempfile::tempdir().expect("a folder");
    let (output, _) = end(measure(&out, &["--servers=apache"]));
    assert!(!output.status.success());
    let errors = String::from_utf8_lossy(&output.stderr);
    let sentence = "there is no server apache, but: epoll_echo.c, epoll-echo";
    assert!(errors.contains(sentence), "{errors}");
}
