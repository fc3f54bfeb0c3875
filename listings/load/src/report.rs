//! The results, as lines.

use std::time::Duration;

use load::{Numbers, Outcome, Spread};

pub fn print(outcome: &Outcome) {
    for server in &outcome.servers {
        println!("{}", server.name);
        match (&server.numbers, &server.fault) {
            (Some(numbers), _) => print_numbers(numbers),
            (None, fault) => {
                println!("  no numbers: {}", fault.as_deref().unwrap_or("?"));
            }
        }
    }
    if let Some(ratio) = outcome.itself {
        println!("the first against itself");
        print_ratio(ratio);
    }
    if let Some(part) = outcome.others {
        println!("others used {} of a core meanwhile", percent(part));
    }
    for note in &outcome.notes {
        println!("note: {note}");
    }
}

fn print_numbers(numbers: &Numbers) {
    if let Some(cpu) = numbers.cpu_us {
        println!(
            "  CPU time a request: {}, middle half {} to {}",
            time(cpu.median),
            time(cpu.lower),
            time(cpu.upper)
        );
    }
    if let Some(ratio) = numbers.cpu_ratio {
        print_ratio(ratio);
    }
    println!("  answers: {:.0} a second", numbers.rate);
    println!("  half of them within {}", time(numbers.p50_us));
    println!("  99 of 100 within {}", time(numbers.p99_us));
    println!("  the longest after {}", time(numbers.max_us));
    let server = numbers.server_core.map_or("?".to_owned(), percent);
    let ours = percent(numbers.generator_core);
    println!("  used of a core: server {server}, load itself {ours}");
    if numbers.generator_was_limit(1) {
        println!("  load itself was the limit: the server can answer more");
    }
}

fn print_ratio(ratio: Spread) {
    println!(
        "  CPU time in proportion: {:.3}, middle half {:.3} to {:.3}",
        ratio.median, ratio.lower, ratio.upper
    );
}

fn time(micros: f64) -> String {
    format!("{:.1?}", Duration::from_nanos((micros * 1e3) as u64))
}

fn percent(part: f64) -> String {
    format!("{:.0} %", part * 100.0)
}
