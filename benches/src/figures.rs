//! Measures, and keeps what was measured.

use std::hint::black_box;
use std::time::{Duration, Instant};

use criterion::{Criterion, SamplingMode};

use crate::floor::{Floor, Proof};

/// Above this, the cores of the machine were not free.
const BUSY: f64 = 1.2;

/// What has been measured so far.
#[derive(Default)]
pub(crate) struct Figures {
    criterion: Criterion,
    rows: Vec<Row>,
}

/// One figure.
struct Row {
    name: String,
    figure: Duration,
    /// What the work takes at least. `None` where it makes and checks no range proof.
    floor: Option<Floor>,
    /// One range proof, measured just before.
    proof: Proof,
}

impl Figures {
    /// Measures work with criterion and keeps the median.
    pub(crate) fn measure<T>(
        &mut self,
        name: &str,
        floor: Option<Floor>,
        mut run: impl FnMut() -> T,
    ) -> Duration {
        self.measure_prepared(name, floor, || (), |()| run())
    }

    /// The same for work that uses up what `prepare` makes. Preparing is not measured.
    pub(crate) fn measure_prepared<P, T>(
        &mut self,
        name: &str,
        floor: Option<Floor>,
        prepare: impl FnMut() -> P,
        run: impl FnMut(P) -> T,
    ) -> Duration {
        let proof = Proof::measure();
        let figure = self.median(name, prepare, run);
        self.rows.push(Row { name: name.to_owned(), figure, floor, proof });
        figure
    }

    /// The median of what criterion measures. It is not kept.
    pub(crate) fn median<P, T>(
        &mut self,
        name: &str,
        mut prepare: impl FnMut() -> P,
        mut run: impl FnMut(P) -> T,
    ) -> Duration {
        let mut times = Vec::new();
        let mut group = self.criterion.benchmark_group(name);
        group.sample_size(10).sampling_mode(SamplingMode::Flat);
        group.warm_up_time(Duration::from_millis(50)).measurement_time(Duration::from_millis(500));
        group.bench_function("median", |bencher| {
            bencher.iter_custom(|iterations| {
                let measured: Vec<Duration> = (0..iterations).map(|_| timed(prepare(), &mut run)).collect();
                times.extend_from_slice(&measured);
                measured.iter().sum()
            });
        });
        group.finish();
        middle(times)
    }

    /// Measures work a few times only, where criterion would take ten and more: work of many seconds, or a process.
    pub(crate) fn measure_long<P, T>(
        &mut self,
        name: &str,
        times: usize,
        floor: Option<Floor>,
        prepare: impl Fn() -> P,
        mut run: impl FnMut(P) -> T,
    ) {
        let proof = Proof::measure();
        let once = |_| timed(prepare(), &mut run);
        let figure = middle((0..times).map(once).collect());
        self.rows.push(Row { name: name.to_owned(), figure, floor, proof });
    }

    /// Keeps a figure that was measured elsewhere, or computed from others.
    pub(crate) fn keep(&mut self, name: &str, figure: Duration, floor: Option<Floor>) {
        let proof = Proof::measure();
        self.rows.push(Row { name: name.to_owned(), figure, floor, proof });
    }

    /// A figure by its name. `None` where it was not measured.
    pub(crate) fn figure(&self, name: &str) -> Option<Duration> {
        self.row(name).map(|row| row.figure)
    }

    /// How many times its floor a figure is.
    pub(crate) fn over_floor(&self, name: &str) -> Option<f64> {
        self.row(name).and_then(Row::over_floor)
    }

    /// How many range proofs could be made in the time, on one core.
    pub(crate) fn in_proofs(&self, name: &str) -> Option<f64> {
        self.row(name).map(Row::in_proofs)
    }

    fn row(&self, name: &str) -> Option<&Row> {
        self.rows.iter().find(|row| row.name == name)
    }

    /// Prints the table.
    pub(crate) fn print(&self) {
        println!();
        println!("{:44} {:>14} {:>14}  floor", "", "range proofs", "figure / floor");
        for row in &self.rows {
            let ratio = row.over_floor().map_or_else(|| "-".to_owned(), |ratio| format!("{ratio:.2}"));
            let floor = row.floor.as_ref().map_or_else(|| "no range proof".to_owned(), ToString::to_string);
            println!("{:44} {:>14.2} {ratio:>14}  {floor}", row.name, row.in_proofs());
        }
        let slower = |row: &Row| ratio(row.proof.made_on_all_cores, row.proof.made);
        let mut slower: Vec<f64> = self.rows.iter().map(slower).collect();
        slower.sort_by(f64::total_cmp);
        let slower = slower.get(slower.len() / 2).copied().unwrap_or_default();
        println!("A range proof is one that is made on one core. Cores: {}.", crate::machine::cores());
        println!("While all cores make one each, a proof takes {slower:.2} times as long as alone.");
        if slower > BUSY {
            println!(
                "An idle machine has about 1. This one did other work: what runs on all cores looks too slow."
            );
        }
    }
}

impl Row {
    fn over_floor(&self) -> Option<f64> {
        Some(ratio(self.figure, self.floor.as_ref()?.time(&self.proof)))
    }

    fn in_proofs(&self) -> f64 {
        ratio(self.figure, self.proof.made)
    }
}

/// How many times the second the first is.
pub(crate) fn ratio(figure: Duration, floor: Duration) -> f64 {
    figure.as_secs_f64() / floor.as_secs_f64()
}

/// How long work takes.
pub(crate) fn timed<P, T>(prepared: P, run: &mut impl FnMut(P) -> T) -> Duration {
    let start = Instant::now();
    black_box(run(prepared));
    start.elapsed()
}

/// The median.
pub(crate) fn middle(mut times: Vec<Duration>) -> Duration {
    times.sort();
    *times.get(times.len() / 2).expect("a measured time")
}
