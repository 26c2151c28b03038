//! The folder that keeps the experiments: a JSON file for each one, `experiment-1.json`, and one with
//! the names that are shown in place of others, `names.json`.

use crate::limits::{MAX_EXPERIMENTS, MAX_KEPT_BYTES, MAX_LOGGED_REQUESTS, MAX_RUNS};
use crate::observe::{Kept, Names};
use crate::state::State;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::cell::RefCell;
use std::fs::{self, DirBuilder, File, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::time::sleep;

/// The file with the names that are shown in place of others.
const NAMES: &str = "names.json";

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
        create(folder).map_err(named)?;
        let lock = File::create(folder.join(".lock")).map_err(named)?;
        if let Err(TryLockError::WouldBlock) = lock.try_lock() {
            let message = format!("another server keeps its experiments in {}", folder.display());
            return Err(io::Error::other(message));
        }
        Ok(Self { folder: folder.to_owned(), _lock: lock, failure: RefCell::new(None) })
    }

    /// Loads the names and the last experiments. The file of an experiment that can't be read is
    /// reported, and stays as it is.
    ///
    /// # Errors
    /// If the names can't be read: those that are hidden would be shown.
    pub fn load(&self, state: &State) -> io::Result<()> {
        let names = self.names()?;
        let numbers = self.numbers();
        let (mut all, mut runs, mut requests) = (Vec::new(), 0, 0);
        for number in numbers.iter().rev() {
            match self.experiment(*number) {
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
                    let path = self.folder.join(file(*number));
                    report(&format!("{} is left out: {error}", path.display()));
                }
            }
        }
        all.reverse();
        // No number is used twice, so no file is replaced that was not loaded.
        let next = numbers.last().map_or(1, |last| last + 1);
        state.records().load(names, all, next);
        Ok(())
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

    fn experiment(&self, number: usize) -> io::Result<Kept> {
        let kept: Kept = self.read(&file(number))?;
        if kept.number != number || !kept.is_possible() {
            return Err(io::Error::other("it is not what the server wrote"));
        }
        Ok(kept)
    }

    fn names(&self) -> io::Result<Names> {
        match self.read(NAMES) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Names::default()),
            Err(error) => {
                let path = self.folder.join(NAMES);
                let message = format!(
                    "cannot read {}, which says which names are hidden: {error}. Without this file, \
                     the server shows all names",
                    path.display()
                );
                Err(io::Error::new(error.kind(), message))
            }
            names => names,
        }
    }

    fn read<T: DeserializeOwned>(&self, name: &str) -> io::Result<T> {
        let path = self.folder.join(name);
        if fs::metadata(&path)?.len() > MAX_KEPT_BYTES {
            let message = format!("it has more than {} MB", MAX_KEPT_BYTES >> 20);
            return Err(io::Error::other(message));
        }
        Ok(serde_json::from_slice(&fs::read(path)?)?)
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
        let names = state.records().unsaved_names();
        let unsaved = state.records().unsaved(&state.rules().to_json());
        let mut saved = names
            .iter()
            .map(|names| self.write(NAMES, names))
            .chain(unsaved.iter().map(|kept| self.write(&file(kept.number), kept)));
        let failure = saved.find_map(Result::err);
        if failure.is_some() {
            state.records().not_saved();
        }
        let failure = failure.map(|error| error.to_string());
        if let Some(error) = &failure
            && *self.failure.borrow() != failure
        {
            let folder = self.folder.display();
            report(&format!("cannot write to {folder}: {error}"));
        }
        if names.is_some() || !unsaved.is_empty() {
            self.failure.replace(failure);
        }
    }

    /// Writes a file under a temporary name, and then gives it its own: at no time is there half a
    /// file.
    fn write(&self, name: &str, content: &impl Serialize) -> io::Result<()> {
        let path = self.folder.join(name);
        let temporary = path.with_extension("json.new");
        fs::write(&temporary, serde_json::to_vec(content)?)?;
        fs::rename(temporary, path)
    }
}

/// Creates the folder unless it exists. Only its owner may read it, because students' names are in it.
fn create(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(folder)
}

/// The name of an experiment's file.
fn file(number: usize) -> String {
    format!("experiment-{number}.json")
}

fn report(message: &str) {
    let _ = writeln!(io::stderr(), "{message}");
}
