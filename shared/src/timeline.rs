//! Which lane held which image when: recorded once, for all models alike, and drawn in three ways.

mod picture;
mod target;
mod text;
mod trace;

pub(crate) use target::Target;

use crate::progress::Event;
use std::time::Duration;

/// A run, from the moment before the album was asked for. All times count from there.
pub(crate) struct Timeline {
    pub model: String,
    pub images: usize,
    pub saved: usize,
    pub peak_in_flight: usize,
    /// When the list of the album's images was there, if it came.
    pub listed: Option<Duration>,
    pub total: Duration,
    pub downloads: Vec<Download>,
}

/// One image's download, with all its tries.
pub(crate) struct Download {
    /// The lane that it held, from 0.
    pub lane: usize,
    /// Where the image stands in the album, from 1.
    pub number: usize,
    /// The name of the image's file.
    pub name: String,
    pub begin: Duration,
    pub events: Vec<(Duration, Event)>,
    pub end: Duration,
    /// The image's size in bytes, or what went wrong.
    pub result: Result<u64, String>,
}

/// What a download is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Phase {
    /// The request is on its way, or the server is thinking.
    Waiting,
    /// The bytes of the answer are coming.
    Receiving,
    /// The thumbnail is being made.
    Computing,
    /// It pauses before the next try, or waits for a core.
    Paused,
}

/// A try that failed.
pub(crate) struct Mark<'a> {
    pub at: Duration,
    pub reason: &'a str,
    /// Whether there was another try after it.
    pub again: bool,
}

impl Download {
    /// What it did from when to when, without gaps.
    pub fn phases(&self) -> impl Iterator<Item = (Phase, Duration, Duration)> {
        let begins = self.events.iter().map(|(at, event)| {
            let phase = match event {
                Event::Requested => Phase::Waiting,
                Event::Responded(_) | Event::Received(_) => Phase::Receiving,
                Event::Computing => Phase::Computing,
                Event::Failed(_) | Event::Saved => Phase::Paused,
            };
            (*at, phase)
        });
        let mut begins: Vec<_> = begins.collect();
        // The first request goes out as soon as the lane is taken.
        match begins.first_mut() {
            Some((at, _)) => *at = self.begin,
            None => begins.push((self.begin, Phase::Waiting)),
        }
        let mut ends = begins.iter().skip(1).map(|(at, _)| *at).collect::<Vec<_>>();
        ends.push(self.end);
        let phases = begins.into_iter().zip(ends);
        phases.filter(|((from, _), to)| to > from).map(|((from, phase), to)| (phase, from, to))
    }

    /// The tries that failed.
    pub fn marks(&self) -> impl Iterator<Item = Mark<'_>> {
        let again = self.events.iter().filter_map(|(at, event)| match event {
            Event::Failed(reason) => Some(Mark { at: *at, reason, again: true }),
            _ => None,
        });
        let last = self.result.as_ref().err();
        again.chain(last.map(|reason| Mark { at: self.end, reason, again: false }))
    }
}

impl Timeline {
    /// How many lanes there were.
    fn lanes(&self) -> usize {
        self.downloads.iter().map(|download| download.lane + 1).max().unwrap_or(0)
    }

    /// The run in one line.
    fn title(&self) -> String {
        let Self { model, images, saved, peak_in_flight, total, .. } = self;
        format!(
            "{model}: {saved} of {images} images in {:.2} s, downloads at once: {peak_in_flight}",
            total.as_secs_f64()
        )
    }

    /// The part of the run that had passed by then, from 0 to 1.
    fn share(&self, at: Duration) -> f64 {
        if self.total.is_zero() { 0.0 } else { at.as_secs_f64() / self.total.as_secs_f64() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    /// Two lanes in 1.5 s: each column of the text stands for 20 ms.
    fn timeline() -> Timeline {
        let first = Download {
            lane: 0,
            number: 1,
            name: "one<&>.png".into(),
            begin: at(100),
            events: vec![
                (at(100), Event::Requested),
                (at(400), Event::Responded(Some(9))),
                (at(700), Event::Saved),
                (at(800), Event::Computing),
            ],
            end: at(1000),
            result: Ok(9),
        };
        let second = Download {
            lane: 1,
            number: 2,
            name: "two.png".into(),
            begin: at(100),
            events: vec![
                (at(100), Event::Requested),
                (at(310), Event::Failed("503".into())),
                (at(900), Event::Requested),
                (at(1100), Event::Responded(None)),
            ],
            end: at(1410),
            result: Err("cut short".into()),
        };
        Timeline {
            model: "02-threads".into(),
            images: 2,
            saved: 1,
            peak_in_flight: 2,
            listed: Some(at(100)),
            total: at(1500),
            downloads: vec![first, second],
        }
    }

    #[test]
    fn text_shows_waiting_receiving_computing_and_failures() {
        let text = text::draw(&timeline());
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[0], "02-threads: 1 of 2 images in 1.50 s, downloads at once: 2");
        assert_eq!(lines[1].len(), 80);
        assert_eq!(lines[2], "   1      ·1·············███████████████-----▒▒▒▒▒▒▒▒▒▒");
        assert_eq!(
            lines[3],
            "   2      ·2········!-----------------------------··········███████████████x"
        );
        assert!(lines[4].contains("waiting"));
        assert_eq!(lines.len(), 5);
    }

    #[test]
    fn text_fits_eighty_columns_however_many_lanes_there_are() {
        let mut timeline = timeline();
        let lane = |lane| Download {
            lane,
            number: lane + 1,
            name: "x".into(),
            begin: at(0),
            events: vec![],
            end: timeline.total,
            result: Ok(1),
        };
        timeline.downloads = (0..100).map(lane).collect();
        let text = text::draw(&timeline);
        assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
        assert!(text.contains("and 60 lanes more"), "{text}");
    }

    #[test]
    fn a_run_without_downloads_can_be_drawn() {
        let empty = Timeline { total: Duration::ZERO, downloads: vec![], ..timeline() };
        for drawing in [text::draw(&empty), picture::draw(&empty), trace::draw(&empty)] {
            assert!(!drawing.contains("NaN") && !drawing.contains("inf"), "{drawing}");
        }
    }

    #[test]
    fn the_picture_escapes_names_and_marks_failures() {
        let svg = picture::draw(&timeline());
        assert!(svg.contains("one&lt;&amp;&gt;.png") && !svg.contains("one<"), "{svg}");
        // One of each stands in the legend.
        assert_eq!(svg.matches(r#"class="again""#).count(), 2);
        assert_eq!(svg.matches(r#"class="gave-up""#).count(), 2);
        assert!(svg.contains("two.png: cut short") && svg.contains("two.png: 503"));
    }

    #[test]
    fn the_phases_of_a_download_have_no_gaps() {
        let download = &timeline().downloads[0];
        let phases: Vec<_> = download.phases().collect();
        assert_eq!(
            phases,
            [
                (Phase::Waiting, at(100), at(400)),
                (Phase::Receiving, at(400), at(700)),
                (Phase::Paused, at(700), at(800)),
                (Phase::Computing, at(800), at(1000)),
            ]
        );
    }
}
