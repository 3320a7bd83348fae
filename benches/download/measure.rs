//! Runs contenders in turn, and what they needed.

/// One run, in seconds.
#[derive(Clone, Copy)]
pub struct Sample {
    pub wall: f64,
    /// User and system time of the client.
    pub cpu: f64,
}

/// All runs of one contender.
#[derive(Default)]
pub struct Figures(Vec<Sample>);

impl Figures {
    /// Median, in seconds.
    pub fn wall(&self) -> f64 {
        self.median(|sample| sample.wall)
    }

    /// Median, in seconds.
    pub fn cpu(&self) -> f64 {
        self.median(|sample| sample.cpu)
    }

    fn median(&self, what: impl Fn(&Sample) -> f64) -> f64 {
        let sorted = self.sorted(what);
        sorted[sorted.len() / 2]
    }

    fn sorted(&self, what: impl Fn(&Sample) -> f64) -> Vec<f64> {
        let mut values: Vec<f64> = self.0.iter().map(what).collect();
        values.sort_by(f64::total_cmp);
        values
    }
}

/// Runs each contender once a round, in turn forwards and backwards; the first round does not count.
/// Prints the table.
pub fn interleave<const N: usize>(
    title: &str,
    rounds: usize,
    mut contenders: [(&str, impl FnMut() -> Sample); N],
) -> [Figures; N] {
    let mut figures = [(); N].map(|()| Figures::default());
    for round in 0..=rounds {
        for i in 0..N {
            let i = if round % 2 == 0 { i } else { N - 1 - i };
            let sample = contenders[i].1();
            if round > 0 {
                figures[i].0.push(sample);
            }
        }
    }
    println!("\n{title:<38} {:>9} {:>9} {:>9} {:>9}", "median s", "min", "max", "CPU s");
    for ((name, _), figures) in contenders.iter().zip(&figures) {
        let sorted = figures.sorted(|sample| sample.wall);
        let (min, max) = (sorted[0], sorted[sorted.len() - 1]);
        let (wall, cpu) = (figures.wall(), figures.cpu());
        println!("  {name:<36} {wall:>9.4} {min:>9.4} {max:>9.4} {cpu:>9.4}");
    }
    figures
}
