//! A run in which images fail.

use crate::judge::{Ended, Expectation, Guided, Submission, drawn, images};
use crate::{blocking, files::name};
use practice::{Held, Release};
use std::collections::BTreeMap;

/// Statuses with which images fail. The reason on stderr must contain it.
const STATUSES: [u16; 6] = [403, 404, 410, 451, 500, 503];

/// A run in which some images fail, one can't be saved, and one is slow.
pub struct Trouble {
    pub images: usize,
    /// The status of each link that failed. `None` if its image came and could not be saved.
    pub failed: BTreeMap<String, Option<u16>>,
    /// All links of the album.
    links: Vec<String>,
    /// Requests that came before the first response.
    at_the_gate: usize,
    pub ended: Ended,
}

impl Trouble {
    pub fn run(submission: &Submission) -> Result<Self, String> {
        let settings = drawn(submission, 10..=20);
        let mut run = Guided::start(submission, &settings)?;
        let mut random = submission.random();
        let mut names = run.server.names();
        random.shuffle(&mut names);
        let slow = names.pop().unwrap_or_default();
        let unsaved = names.pop().unwrap_or_default();
        run.keep_from_saving(&unsaved)?;
        let mut statuses = STATUSES;
        random.shuffle(&mut statuses);
        names.truncate(random.usize(3..=5));
        // Each fails in another way.
        let failing: BTreeMap<_, _> = names.into_iter().zip(statuses).collect();
        let respond = |held: &Held| {
            failing.get(&held.name).map_or(Release::Image, |status| Release::Status(*status))
        };

        run.comes(|run| run.downloads().len() >= settings.images);
        let at_the_gate = run.downloads().len();
        respond_to_all_but(&slow, &mut run, &failing, respond);
        // The slow image comes when nothing else has come for a while.
        let ended = run.end_with(respond)?;
        let list = format!("{}/album/{}/images", ended.server.api_url(), practice::ALBUM);
        let links = blocking::list(&list, "Client-ID check").map_err(|error| error.to_string())?;
        let status = |link: &String| {
            let status = failing.get(name(link)).copied();
            (status.is_some() || name(link) == unsaved).then(|| (link.clone(), status))
        };
        let failed = links.iter().filter_map(status).collect();
        Ok(Self { images: settings.images, failed, links, at_the_gate, ended })
    }

    pub fn tries_all(&self) -> Expectation {
        let tried: Vec<_> = images(&self.ended.observed).collect();
        let is_tried = |link: &&String| tried.iter().any(|seen| link.ends_with(&seen.target));
        let untried = self.links.iter().find(|link| !is_tried(link));
        let message = format!(
            "Your program gave up before it had tried all images: {} was never requested, although \
             the server would have sent it. One failure must not stop the other downloads. Does the \
             code that sees the error first know what else there is to do?",
            untried.map_or("none", |link| name(link)),
        );
        (untried.is_none(), message)
    }

    /// An image has failed if `download` returns an error.
    pub fn tries_once(&self) -> Expectation {
        let requests = images(&self.ended.observed).count();
        let message = format!(
            "Your program sent {requests} requests for {} images. If `download` returns an error, the \
             image has failed, and a line must say so. A second request hides the error, and it only helps \
             if you're lucky. (Task 11 is about when and how to retry.)",
            self.images
        );
        (requests <= self.images, message)
    }

    pub fn names_all(&self) -> Expectation {
        let unnamed = self.unnamed(Option::is_some);
        let message = format!(
            "{unnamed} failed, and no line on stderr has both its full link and the reason. A reader \
             needs the link to try again by hand, and the reason to know whether that can help. \
             `fetch` returns the error: print it with `eprintln!` where the link is known.",
        );
        (unnamed.is_empty(), message)
    }

    pub fn names_the_unsaved(&self) -> Expectation {
        let unnamed = self.unnamed(Option::is_none);
        let message = format!(
            "{unnamed} arrived, but could not be saved, because a folder had the same name. No line on \
             stderr contains its link. `save` returns an error, too. What does your program do with it?",
        );
        (unnamed.is_empty(), message)
    }

    /// The name of the first image that failed in this way and is on no line of stderr, or "".
    fn unnamed(&self, failed: impl Fn(&Option<u16>) -> bool) -> &str {
        let failed = self.failed.iter().filter(|(_, status)| failed(status));
        let mut links = failed.map(|(link, _)| link);
        links.find(|link| self.lines(link).is_empty()).map_or("", |link| name(link))
    }

    pub fn has_a_line_for_each(&self) -> Expectation {
        let message = "Several links share a line on stderr. Print a line for each link that failed, \
                       so that a reader, or a program such as `grep`, can find any one of them.";
        let has_line = |link: &String| !self.own_lines(link).is_empty();
        (self.failed.keys().all(has_line), message.into())
    }

    pub fn says_why(&self) -> Expectation {
        // The status must be outside the link, whose port may contain the same digits.
        let says = |link: &String, status: u16| {
            let status = status.to_string();
            self.own_lines(link).iter().any(|line| line.replace(link, "").contains(&status))
        };
        let mut failed = self.failed.iter().filter_map(|(link, status)| Some((link, (*status)?)));
        let silent = failed.find(|(link, status)| !says(link, *status));
        let (link, status) = silent.map_or(("none", 0), |(link, status)| (name(link), status));
        let message = format!(
            "The server responded to the request for {link} with status {status}, and the line with \
             its link doesn't say so. Images can fail for different reasons, and a reader needs the \
             reason to know whether another attempt can help. It is in the error that `fetch` \
             returns: print that."
        );
        (silent.is_none(), message)
    }

    pub fn is_concurrent(&self) -> Expectation {
        let message = "Your program requests one image after another. The starter has a thread for \
                       each of them: keep the threads, and find out what becomes of their results.";
        (self.at_the_gate > 1, message.into())
    }

    /// The lines on stderr with this link, as it is or as `{link:?}` prints it.
    fn lines(&self, link: &str) -> Vec<&str> {
        let escaped = link.escape_debug().to_string();
        let lines = self.ended.run.stderr.lines();
        lines.filter(|line| line.contains(link) || line.contains(&escaped)).collect()
    }

    /// Those without any other link.
    fn own_lines(&self, link: &str) -> Vec<&str> {
        let mut lines = self.lines(link);
        lines.retain(|line| !self.links.iter().any(|it| it != link && line.contains(it.as_str())));
        lines
    }
}

/// Responds to each request but that for the slow image. The failures come one after another, and not in
/// the order of the album.
fn respond_to_all_but(
    slow: &str,
    run: &mut Guided,
    failing: &BTreeMap<String, u16>,
    respond: impl Fn(&Held) -> Release,
) {
    let others = |run: &Guided| {
        let held = run.downloads().into_iter();
        held.filter(|held| held.name != slow).collect::<Vec<_>>()
    };
    for name in run.server.names().iter().rev().filter(|name| failing.contains_key(*name)) {
        for held in others(run).into_iter().filter(|held| held.name == *name) {
            run.server.release(held.id, respond(&held));
            run.react();
        }
    }
    while !run.is_endless() && run.comes(|run| !others(run).is_empty()) {
        for held in others(run) {
            run.server.release(held.id, respond(&held));
        }
    }
}
