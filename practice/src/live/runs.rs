//! The runs of a class, and the bars of their lane charts.
//!
//! A *run* is what follows a client's request for an album. Each of its requests takes the lowest
//! free lane and gives it back at the end, as in the programs' own timelines. What is kept is
//! bounded, however long the lesson and whoever asks; so that one who floods pushes out nobody
//! else, the oldest run of the address that has the most goes first.

use super::who::Who;
use crate::observe::Client;
use serde_json::json;
use std::collections::{BTreeSet, HashMap, VecDeque};
use std::fmt::Write;
use std::net::IpAddr;

/// So many runs have a row.
const RUNS: usize = 200;
/// So many of them have bars, too.
const DRAWN: usize = 40;
/// So many bars has each, the last ones.
const BARS: usize = 1_000;

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// The list of an album's images.
    Album,
    Image,
    Other,
}

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

struct Run {
    number: u64,
    client: Client,
    who: Who,
    began: u64,
    /// When its last answer was complete.
    last: u64,
    /// Whether it has its album, so that another request for one begins another run.
    listed: bool,
    in_flight: usize,
    peak: usize,
    requests: u64,
    failures: usize,
    bytes: u64,
    free: BTreeSet<usize>,
    /// None: the run is too old.
    bars: Option<VecDeque<Bar>>,
    changed: bool,
}

/// A request: its place in the run, and its times.
struct Bar {
    number: u64,
    lane: usize,
    came: u64,
    answered: Option<u64>,
    done: Option<u64>,
    /// 0 until there is one.
    status: u16,
    whole: bool,
    changed: bool,
}

/// Where a request is noted down.
#[derive(Clone, Copy)]
pub struct Ticket {
    run: u64,
    bar: u64,
    lane: usize,
    asked: Asked,
}

impl Runs {
    /// A request has come. None if it belongs to no run.
    pub fn begin(&mut self, client: &Client, asked: Asked, now: u64) -> Option<Ticket> {
        let newest = self.list.iter().rposition(|run| run.client == *client);
        let place = match (newest, asked) {
            (Some(place), Asked::Image | Asked::Other) => place,
            (Some(place), Asked::Album) if !self.list[place].listed => place,
            (None, Asked::Other) => return None,
            _ => self.start(client, now),
        };
        Some(self.list[place].begin(asked, now))
    }

    /// The head of the answer is there.
    pub fn answered(&mut self, ticket: Ticket, status: u16, now: u64) {
        let Some(run) = self.run(ticket.run) else { return };
        // Who asks for an image has found out somewhere what there is.
        run.listed |= ticket.asked == Asked::Image || status < 400;
        if let Some(bar) = run.bar(ticket.bar) {
            (bar.answered, bar.status, bar.changed) = (Some(now), status, true);
        }
    }

    /// A part of a body is on its way.
    pub fn sent(&mut self, ticket: Option<Ticket>, bytes: usize) {
        self.bytes += bytes as u64;
        if let Some(run) = ticket.and_then(|ticket| self.run(ticket.run)) {
            run.bytes += bytes as u64;
            run.changed = true;
        }
    }

    /// An answer is complete, or given up if it is not `whole`.
    pub fn end(&mut self, ticket: Option<Ticket>, status: u16, whole: bool, now: u64) {
        let failed = !whole || !(1..400).contains(&status);
        self.failures += usize::from(failed);
        let Some((ticket, run)) = ticket.and_then(|it| Some((it, self.run(it.run)?))) else {
            return;
        };
        run.failures += usize::from(failed);
        run.in_flight -= 1;
        run.last = now;
        run.changed = true;
        let _new = run.free.insert(ticket.lane);
        if let Some(bar) = run.bar(ticket.bar) {
            (bar.done, bar.whole, bar.changed) = (Some(now), whole, true);
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
        if self.list.iter().filter(|run| run.bars.is_some()).count() >= DRAWN {
            let oldest = self.oldest(|run| run.bars.is_some());
            self.list[oldest].bars = None;
            self.list[oldest].changed = true;
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

impl Run {
    fn new(number: u64, client: &Client, now: u64) -> Self {
        Self {
            number,
            client: client.clone(),
            who: Who::read(&client.1),
            began: now,
            last: now,
            listed: false,
            in_flight: 0,
            peak: 0,
            requests: 0,
            failures: 0,
            bytes: 0,
            free: BTreeSet::new(),
            bars: Some(VecDeque::new()),
            changed: true,
        }
    }

    fn begin(&mut self, asked: Asked, now: u64) -> Ticket {
        let lane = self.free.pop_first().unwrap_or(self.in_flight);
        let number = self.requests;
        self.in_flight += 1;
        self.peak = self.peak.max(self.in_flight);
        self.requests += 1;
        self.changed = true;
        if let Some(bars) = &mut self.bars {
            if bars.len() >= BARS {
                let _oldest = bars.pop_front();
            }
            bars.push_back(Bar {
                number,
                lane,
                came: now,
                answered: None,
                done: None,
                status: 0,
                whole: true,
                changed: true,
            });
        }
        Ticket { run: self.number, bar: number, lane, asked }
    }

    fn bar(&mut self, number: u64) -> Option<&mut Bar> {
        self.changed = true;
        let bars = self.bars.as_mut()?;
        let behind = number.checked_sub(bars.front()?.number)?;
        bars.get_mut(behind as usize)
    }

    fn write(&mut self, json: &mut String, all: bool) {
        let row = json!({
            "id": self.number,
            "program": self.who.program,
            "workers": self.who.workers,
            "name": self.who.name,
            "address": self.client.0.to_string(),
            "began": self.began,
            "last": self.last,
            "in_flight": self.in_flight,
            "peak": self.peak,
            "requests": self.requests,
            "failures": self.failures,
            "bytes": self.bytes,
            "drawn": self.bars.is_some(),
        });
        let row = row.to_string();
        json.push_str(row.trim_end_matches('}'));
        json.push_str(",\"bars\":[");
        let mut comma = "";
        for bar in self.bars.iter_mut().flatten().filter(|bar| all || bar.changed) {
            let time = |time: Option<u64>| time.map_or(-1, u64::cast_signed);
            let (answered, done) = (time(bar.answered), time(bar.done));
            let Bar { number, lane, came, status, whole, .. } = *bar;
            let whole = u8::from(whole);
            // Writing into a string does not fail.
            let _ =
                write!(json, "{comma}[{number},{lane},{came},{answered},{done},{status},{whole}]");
            comma = ",";
            bar.changed &= all;
        }
        json.push_str("]}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

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
