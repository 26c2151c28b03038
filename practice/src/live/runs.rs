//! The runs of a class, and the bars of their lane charts.
//!
//! What is kept is bounded, however long the lesson and whoever asks. So that one who floods pushes
//! out nobody else, the oldest run of the address that has the most goes first.

use super::run::{Asked, Run, Ticket};
use crate::observe::Client;
use std::collections::{HashMap, VecDeque};
use std::net::IpAddr;

/// So many runs have a row.
const RUNS: usize = 200;
/// So many of them have bars, too.
const DRAWN: usize = 40;

/// All runs that are remembered, oldest first. Times are milliseconds since the server's start.
#[derive(Default)]
pub struct Runs {
    list: VecDeque<Run>,
    begun: u64,
    /// Bytes of all bodies.
    pub bytes: u64,
    /// Answers that were an error, or broke off.
    pub failures: usize,
    /// Whether some have been forgotten since the last frame.
    forgot: bool,
}

impl Runs {
    /// A request has come. None if it belongs to no run.
    pub fn begin(&mut self, client: &Client, asked: Asked, now: u64) -> Option<Ticket> {
        let newest = self.list.iter().rposition(|run| run.client == *client && run.goes_on(now));
        let place = match (newest, asked) {
            (Some(place), Asked::Image | Asked::Other) => place,
            (Some(place), Asked::Album) if self.list[place].tries_again() => place,
            (_, Asked::Album) => self.start(client, now),
            (None, _) => return None,
        };
        Some(self.list[place].begin(asked, now))
    }

    /// The head of the answer is there.
    pub fn answered(&mut self, ticket: Ticket, status: u16, now: u64) {
        if let Some(run) = self.run(ticket.run) {
            run.answered(ticket, status, now);
        }
    }

    /// A part of a body is on its way.
    pub fn sent(&mut self, ticket: Option<Ticket>, bytes: usize) {
        self.bytes += bytes as u64;
        if let Some(run) = ticket.and_then(|ticket| self.run(ticket.run)) {
            run.sent(bytes);
        }
    }

    /// An answer is complete, or given up if it is not `whole`.
    pub fn end(&mut self, ticket: Option<Ticket>, status: u16, whole: bool, now: u64) {
        let failed = !whole || !(1..400).contains(&status);
        self.failures += usize::from(failed);
        if let Some(ticket) = ticket
            && let Some(run) = self.run(ticket.run)
        {
            run.end(ticket, failed, whole, now);
        }
    }

    /// The runs as a JSON list: all that is known of them, or what has changed since the last time.
    /// Then it is known to all who look on.
    pub fn write(&mut self, json: &mut String, all: bool) {
        json.push('[');
        let mut comma = "";
        for run in self.list.iter_mut().filter(|run| all || run.changed) {
            json.push_str(comma);
            comma = ",";
            run.write(json, all);
            run.changed &= all;
        }
        json.push(']');
    }

    /// The numbers of all runs, if some have been forgotten since the last time.
    pub fn kept(&mut self) -> Option<Vec<u64>> {
        std::mem::take(&mut self.forgot).then(|| self.list.iter().map(|run| run.number).collect())
    }

    fn start(&mut self, client: &Client, now: u64) -> usize {
        if self.list.len() >= RUNS {
            let oldest = self.oldest(|_| true);
            drop(self.list.remove(oldest));
            self.forgot = true;
        }
        if self.list.iter().filter(|run| run.is_drawn()).count() >= DRAWN {
            let oldest = self.oldest(Run::is_drawn);
            self.list[oldest].undraw();
        }
        self.begun += 1;
        self.list.push_back(Run::new(self.begun, client, now));
        self.list.len() - 1
    }

    /// The oldest run of the address that has the most, among some of them.
    fn oldest(&self, among: impl Fn(&Run) -> bool) -> usize {
        let address = |run: &Run| run.client.0;
        let mut counts: HashMap<IpAddr, usize> = HashMap::new();
        for run in self.list.iter().filter(|run| among(run)) {
            *counts.entry(address(run)).or_default() += 1;
        }
        let most = counts.values().max().copied();
        let found = self
            .list
            .iter()
            .position(|run| among(run) && counts.get(&address(run)).copied() == most);
        found.unwrap_or_default()
    }

    fn run(&mut self, number: u64) -> Option<&mut Run> {
        let place = self.list.binary_search_by_key(&number, |run| run.number).ok()?;
        self.list.get_mut(place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::live::run::BARS;
    use serde_json::{Value, json};

    fn client(address: u32, agent: &str) -> Client {
        (IpAddr::V4(address.into()), agent.into())
    }

    fn written(runs: &mut Runs, all: bool) -> Vec<Value> {
        let mut json = String::new();
        runs.write(&mut json, all);
        serde_json::from_str(&json).unwrap()
    }

    /// A run of so many images, one after another.
    fn run(runs: &mut Runs, client: &Client, images: usize) {
        for place in 0..=images {
            let asked = if place == 0 { Asked::Album } else { Asked::Image };
            let ticket = runs.begin(client, asked, 1).unwrap();
            runs.answered(ticket, 200, 2);
            runs.end(Some(ticket), 200, true, 3);
        }
    }

    #[test]
    fn a_run_begins_with_an_album_and_its_requests_share_lanes() {
        let (mut runs, anna) = (Runs::default(), client(1, "02-threads/1 (workers=2; name=Anna)"));
        assert!(runs.begin(&anna, Asked::Other, 0).is_none(), "nothing has begun yet");
        let album = runs.begin(&anna, Asked::Album, 10).unwrap();
        runs.answered(album, 503, 20);
        runs.end(Some(album), 503, true, 20);
        let album = runs.begin(&anna, Asked::Album, 30).unwrap();
        runs.answered(album, 200, 40);
        runs.end(Some(album), 200, true, 40);
        let first = runs.begin(&anna, Asked::Image, 40).unwrap();
        let second = runs.begin(&anna, Asked::Image, 41).unwrap();
        runs.answered(first, 200, 50);
        runs.sent(Some(first), 700);
        runs.end(Some(first), 200, true, 60);
        let third = runs.begin(&anna, Asked::Image, 61).unwrap();
        runs.end(Some(third), 0, false, 62);
        let rows = written(&mut runs, true);
        assert_eq!(rows.len(), 1, "an album that was refused begins no other run");
        let row = &rows[0];
        assert_eq!((&row["program"], &row["name"]), (&json!("02-threads"), &json!("Anna")));
        assert_eq!((&row["workers"], &row["address"]), (&json!(2), &json!("0.0.0.1")));
        assert_eq!((&row["began"], &row["last"]), (&json!(10), &json!(62)));
        assert_eq!((&row["peak"], &row["in_flight"]), (&json!(2), &json!(1)));
        assert_eq!((&row["requests"], &row["failures"]), (&json!(5), &json!(2)));
        assert_eq!(row["bytes"], 700);
        let bars = json!([
            [0, 0, 10, 20, 20, 503, 1],
            [1, 0, 30, 40, 40, 200, 1],
            [2, 0, 40, 50, 60, 200, 1],
            [3, 1, 41, -1, -1, 0, 1],
            [4, 0, 61, -1, 62, 0, 0],
        ]);
        assert_eq!(row["bars"], bars);
        runs.end(Some(second), 200, true, 70);
        run(&mut runs, &anna, 1);
        assert_eq!(written(&mut runs, true).len(), 2, "another album begins another run");
    }

    /// Asks for an album; none where it breaks off without an answer.
    fn album(runs: &mut Runs, client: &Client, status: Option<u16>, now: u64) {
        let ticket = runs.begin(client, Asked::Album, now).unwrap();
        if let Some(status) = status {
            runs.answered(ticket, status, now);
        }
        runs.end(Some(ticket), status.unwrap_or(0), status.is_some(), now);
    }

    #[test]
    fn an_album_begins_a_run_unless_it_is_tried_again() {
        for (first, runs_in_all) in [
            (Some(408), 1),
            (Some(429), 1),
            (Some(503), 1),
            (Some(200), 2),
            (Some(403), 2),
            // The wrong id, and Ctrl-C.
            (Some(404), 2),
            (None, 2),
        ] {
            let (mut runs, anna) = (Runs::default(), client(1, "01-sync/1"));
            album(&mut runs, &anna, first, 10);
            album(&mut runs, &anna, Some(200), 4_000);
            let rows = written(&mut runs, true);
            assert_eq!(rows.len(), runs_in_all, "{first:?}");
            let began = if runs_in_all == 2 { 4_000 } else { 10 };
            assert_eq!(rows.last().unwrap()["began"], began, "{first:?}");
        }
        // Who says which run it is may also try again after a time-out.
        let (mut runs, anna) = (Runs::default(), client(1, "01-sync/1 (run=1)"));
        album(&mut runs, &anna, None, 10);
        album(&mut runs, &anna, Some(200), 4_000);
        album(&mut runs, &client(1, "01-sync/1 (run=2)"), Some(200), 4_000);
        assert_eq!(written(&mut runs, true).len(), 2);
    }

    #[test]
    fn an_image_alone_is_no_run_and_prolongs_none_of_another_hour() {
        let (mut runs, curl) = (Runs::default(), client(1, "curl/8"));
        assert!(runs.begin(&curl, Asked::Image, 0).is_none());
        album(&mut runs, &curl, Some(200), 10);
        let first = runs.begin(&curl, Asked::Image, 60_000);
        let second = runs.begin(&curl, Asked::Image, 3_600_000);
        assert!(first.is_some() && second.is_some(), "the first is not done yet");
        for image in [first, second] {
            runs.end(image, 200, true, 3_600_000);
        }
        assert!(runs.begin(&curl, Asked::Image, 7_200_000).is_none());
        assert_eq!(written(&mut runs, true)[0]["last"], 3_600_000);
    }

    #[test]
    fn a_frame_holds_what_has_changed_since_the_last_one() {
        let (mut runs, anna, ben) = (Runs::default(), client(1, "a"), client(2, "b"));
        run(&mut runs, &anna, 2);
        run(&mut runs, &ben, 1);
        assert_eq!(written(&mut runs, true).len(), 2);
        assert_eq!(written(&mut runs, false).len(), 2, "looking at all takes nothing away");
        assert_eq!(written(&mut runs, false).len(), 0);
        let image = runs.begin(&anna, Asked::Image, 9).unwrap();
        let rows = written(&mut runs, false);
        assert_eq!((rows.len(), &rows[0]["bars"]), (1, &json!([[3, 0, 9, -1, -1, 0, 1]])));
        runs.sent(Some(image), 5);
        let rows = written(&mut runs, false);
        assert_eq!((&rows[0]["bytes"], &rows[0]["bars"]), (&json!(5), &json!([])));
    }

    #[test]
    fn what_is_kept_is_bounded_and_who_floods_pushes_out_nobody_else() {
        let mut runs = Runs::default();
        let students: Vec<Client> = (1..=30).map(|number| client(number, "01-sync/1")).collect();
        for student in &students {
            run(&mut runs, student, 40);
        }
        for number in 0..3 * RUNS {
            run(&mut runs, &client(99, &format!("flood/{number}")), 1);
        }
        run(&mut runs, &client(99, "flood/most"), 5 * BARS);
        let rows = written(&mut runs, true);
        assert_eq!(rows.len(), RUNS);
        let bars = |row: &Value| row["bars"].as_array().unwrap().len();
        assert_eq!(rows.iter().filter(|row| row["drawn"] == true).count(), DRAWN);
        assert_eq!(rows.iter().map(bars).max(), Some(BARS));
        assert_eq!(
            rows.iter().filter(|row| row["program"] == "01-sync").map(bars).sum::<usize>(),
            30 * 41
        );
        assert_eq!(runs.kept().map(|kept| kept.len()), Some(RUNS));
        assert_eq!(runs.kept(), None);
    }

    #[test]
    fn what_belongs_to_a_forgotten_run_does_no_harm() {
        let mut runs = Runs::default();
        let open = runs.begin(&client(1, "open"), Asked::Album, 0).unwrap();
        for number in 0..=RUNS {
            run(&mut runs, &client(1, &format!("{number}")), 0);
        }
        runs.answered(open, 200, 1);
        runs.sent(Some(open), 1);
        runs.end(Some(open), 200, true, 1);
        assert_eq!(written(&mut runs, true).len(), RUNS);
    }
}
