//! The folder that keeps the experiments: a JSON file for each one, `experiment-1.json`.

use crate::limits::{MAX_EXPERIMENTS, MAX_KEPT_BYTES, MAX_LOGGED_REQUESTS, MAX_RUNS};
use crate::observe::Kept;
use crate::state::State;
use std::cell::RefCell;
use std::fs::{self, File, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::time::sleep;

/// How often changes are saved.
const INTERVAL: Duration = Duration::from_secs(1);

/// A folder that this server alone uses.
pub struct Keep {
    folder: PathBuf,
    /// Locked until the server ends.
    _lock: File,
    /// Why the last attempt to save failed. It is reported once.
    failure: RefCell<Option<String>>,
}

impl Keep {
    /// Creates the folder unless it exists.
    ///
    /// # Errors
    /// If the folder cannot be used, or another server uses it.
    pub fn open(folder: &Path) -> io::Result<Self> {
        let named = |error: io::Error| {
            io::Error::new(error.kind(), format!("cannot use {}: {error}", folder.display()))
        };
        fs::create_dir_all(folder).map_err(named)?;
        let lock = File::create(folder.join(".lock")).map_err(named)?;
        if let Err(TryLockError::WouldBlock) = lock.try_lock() {
            let message = format!("another server keeps its experiments in {}", folder.display());
            return Err(io::Error::other(message));
        }
        Ok(Self { folder: folder.to_owned(), _lock: lock, failure: RefCell::new(None) })
    }

    fn path(&self, number: usize) -> PathBuf {
        self.folder.join(format!("experiment-{number}.json"))
    }

    /// Loads the last experiments. A file that can't be read is reported, and stays as it is.
    pub fn load(&self, state: &State) {
        let numbers = self.numbers();
        let (mut all, mut runs, mut requests) = (Vec::new(), 0, 0);
        for number in numbers.iter().rev() {
            match self.read(*number) {
                Ok(kept) => {
                    runs += kept.runs.len();
                    requests += kept.runs.iter().map(|run| run.bars.len()).sum::<usize>();
                    let is_one_too_many = all.len() + 1 >= MAX_EXPERIMENTS;
                    if is_one_too_many || runs > MAX_RUNS || requests > MAX_LOGGED_REQUESTS {
                        break;
                    }
                    all.push(kept);
                }
                Err(error) => {
                    let path = self.path(*number);
                    report(&format!("{} is left out: {error}", path.display()));
                }
            }
        }
        all.reverse();
        // No number is used twice, so no file is replaced that was not loaded.
        let next = numbers.last().map_or(1, |last| last + 1);
        state.records().load(all, next);
    }

    /// The numbers of the experiments in the folder, in ascending order.
    fn numbers(&self) -> Vec<usize> {
        let names = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        let mut numbers: Vec<usize> = names
            .filter_map(|entry| {
                let name = entry.file_name().into_string().ok()?;
                let number = name.strip_prefix("experiment-")?.strip_suffix(".json")?;
                number.parse().ok().filter(|it| *it < usize::MAX)
            })
            .collect();
        numbers.sort_unstable();
        numbers
    }

    fn read(&self, number: usize) -> Result<Kept, String> {
        let path = self.path(number);
        let length = fs::metadata(&path).map_err(|error| error.to_string())?.len();
        if length > MAX_KEPT_BYTES {
            return Err(format!("it has more than {} MB", MAX_KEPT_BYTES >> 20));
        }
        let bytes = fs::read(path).map_err(|error| error.to_string())?;
        let kept: Kept = serde_json::from_slice(&bytes).map_err(|error| error.to_string())?;
        if kept.number != number || !kept.is_possible() {
            return Err("it is not what the server wrote".into());
        }
        Ok(kept)
    }

    /// Saves what has changed, forever.
    pub async fn save_changes(&self, state: &State) {
        loop {
            sleep(INTERVAL).await;
            self.save(state);
        }
    }

    /// Saves what has changed. If it fails, the next call tries again.
    pub fn save(&self, state: &State) {
        let unsaved = state.records().unsaved(&state.rules().to_json());
        let failure = unsaved.iter().find_map(|kept| self.write(kept).err());
        if failure.is_some() {
            state.records().not_saved();
        }
        let failure = failure.map(|error| error.to_string());
        if let Some(error) = &failure
            && *self.failure.borrow() != failure
        {
            let folder = self.folder.display();
            report(&format!("the experiments can't be kept in {folder}: {error}"));
        }
        if !unsaved.is_empty() {
            self.failure.replace(failure);
        }
    }

    /// Writes the file of an experiment under a temporary name, and then gives it its own: at no time
    /// is there half a file.
    fn write(&self, kept: &Kept) -> io::Result<()> {
        let path = self.path(kept.number);
        let temporary = path.with_extension("json.new");
        fs::write(&temporary, serde_json::to_vec(kept)?)?;
        fs::rename(temporary, path)
    }
}

fn report(message: &str) {
    let _ = writeln!(io::stderr(), "{message}");
}
