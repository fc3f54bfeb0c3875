//! Two tasks of three steps: one after the other; in turns, by one thread; by
//! two threads. It counts how many are under way at once, and how many are
//! inside a step at once.
use std::sync::Barrier;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

/// How many there are now, and the most that there have been at once.
#[derive(Default)]
struct AtOnce {
    now: AtomicU32,
    most: AtomicU32,
}

impl AtOnce {
    fn begin(&self) {
        let now = self.now.fetch_add(1, Ordering::Relaxed) + 1;
        self.most.fetch_max(now, Ordering::Relaxed);
    }

    fn end(&self) {
        self.now.fetch_sub(1, Ordering::Relaxed);
    }
}

#[derive(Default)]
struct Board {
    under_way: AtOnce,
    in_a_step: AtOnce,
}

impl Board {
    fn report(&self) {
        let [under_way, in_a_step] = [&self.under_way, &self.in_a_step]
            .map(|at_once| at_once.most.load(Ordering::Relaxed));
        println!("under way at once: {under_way}");
        println!("inside a step at once: {in_a_step}");
    }
}

// ANCHOR: step
struct Task<'b> {
    name: char,
    board: &'b Board,
    done: u32,
}

impl Task<'_> {
    fn step(&mut self, work: impl Fn()) {
        if self.done == 0 {
            self.board.under_way.begin();
        }
        self.board.in_a_step.begin();
        work();
        self.done += 1;
        self.board.in_a_step.end();
        if self.done == 3 {
            self.board.under_way.end();
        }
    }

    fn step_aloud(&mut self) {
        println!("{}, step {}", self.name, self.done + 1);
        self.step(|| {});
    }
}
// ANCHOR_END: step

fn main() {
    println!("-- one after the other");
    let board = Board::default();
    let [mut a, mut b] = two_tasks(&board);
    for _ in 0..3 {
        a.step_aloud();
    }
    for _ in 0..3 {
        b.step_aloud();
    }
    board.report();

    println!("-- in turns, by one thread");
    let board = Board::default();
    let [mut a, mut b] = two_tasks(&board);
    for _ in 0..3 {
        a.step_aloud();
        b.step_aloud();
    }
    board.report();

    println!("-- by two threads, which meet in the second step");
    let board = Board::default();
    // ANCHOR: two_threads
    let meeting = Barrier::new(2);
    thread::scope(|scope| {
        for mut task in two_tasks(&board) {
            let meeting = &meeting;
            scope.spawn(move || {
                task.step(|| {});
                task.step(|| {
                    meeting.wait(); // until both are here
                });
                task.step(|| {});
            });
        }
    });
    // ANCHOR_END: two_threads
    board.report();
}

fn two_tasks(board: &Board) -> [Task<'_>; 2] {
    ['A', 'B'].map(|name| Task { name, board, done: 0 })
}
