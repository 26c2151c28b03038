//! The vote: a question to the class, and the answers from its phones.
//!
//! The answers are anonymous: an id that each phone draws tells them apart, and nothing about the
//! client is stored. The live view gets how many there are, and the answers themselves only once the
//! teacher shows them.

mod question;

use crate::limits::MAX_VOTERS;
use http::StatusCode;
use question::{Guess, Question};
use serde::Deserialize;
use serde_json::{Value, json};
use std::cmp::Ordering;
use std::collections::HashMap;

/// A vote takes place before and after a discussion.
const MAX_ROUNDS: usize = 2;

/// What the teacher can do.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// Replaces the question.
    Ask(Question),
    /// Ends the round.
    Close,
    /// Ends the round, and shows the answers.
    Show,
    /// Begins the second round.
    Again,
    /// Removes the question.
    Remove,
}

/// A phone's answer.
#[derive(Deserialize)]
pub struct Answer {
    /// The question's id.
    id: usize,
    /// The round, counted from 1.
    round: usize,
    /// 32 hex digits, which the phone has drawn.
    voter: String,
    value: Guess,
}

/// The current question, and how many there have been.
#[derive(Default)]
pub struct Votes {
    asked: usize,
    current: Option<Vote>,
}

struct Vote {
    question: Question,
    /// When it was asked, in milliseconds since the server's start.
    asked_at: u64,
    /// The answers of each round, by the voter's id.
    rounds: Vec<HashMap<u128, Guess>>,
    is_open: bool,
    is_shown: bool,
}

impl Votes {
    /// Does what the teacher wants `now`, in milliseconds since the server's start, and says what has
    /// been done.
    ///
    /// # Errors
    ///
    /// Returns a message for the page if it isn't possible.
    pub fn apply(&mut self, command: Command, now: u64) -> Result<&'static str, &'static str> {
        match (command, self.current.as_mut()) {
            (Command::Ask(question), _) => {
                question.check()?;
                self.asked += 1;
                let rounds = vec![HashMap::new()];
                self.current =
                    Some(Vote { question, asked_at: now, rounds, is_open: true, is_shown: false });
                Ok("the vote is open")
            }
            (_, None) => Err("there is no question"),
            (Command::Close, Some(vote)) => {
                vote.is_open = false;
                Ok("the vote is closed")
            }
            (Command::Show, Some(vote)) => {
                (vote.is_open, vote.is_shown) = (false, true);
                Ok("the answers are shown")
            }
            (Command::Again, Some(vote)) if vote.rounds.len() < MAX_ROUNDS => {
                vote.rounds.push(HashMap::new());
                (vote.is_open, vote.is_shown) = (true, false);
                Ok("the second vote is open")
            }
            (Command::Again, Some(_)) => Err("there have been two votes"),
            (Command::Remove, Some(_)) => {
                self.current = None;
                Ok("the question is removed")
            }
        }
    }

    /// Stores an answer, or replaces the voter's earlier one.
    ///
    /// # Errors
    ///
    /// Returns a status and a message for the phone if the answer doesn't count.
    pub fn answer(&mut self, answer: &Answer) -> Result<(), (StatusCode, &'static str)> {
        let vote = self.current.as_mut().filter(|_| self.asked == answer.id);
        let vote = vote.filter(|vote| vote.rounds.len() == answer.round);
        let vote = vote.ok_or((StatusCode::CONFLICT, "There is another question now."))?;
        if !vote.is_open {
            return Err((StatusCode::CONFLICT, "The vote is closed."));
        }
        vote.question.check_answer(&answer.value).map_err(|it| (StatusCode::BAD_REQUEST, it))?;
        let is_id = answer.voter.len() == 32 && !answer.voter.starts_with('+');
        let voter = u128::from_str_radix(&answer.voter, 16).ok().filter(|_| is_id);
        let voter = voter.ok_or((StatusCode::BAD_REQUEST, "voter: 32 hex digits"))?;
        let round = vote.rounds.last_mut().expect("there is always one");
        if round.len() >= MAX_VOTERS && !round.contains_key(&voter) {
            return Err((StatusCode::SERVICE_UNAVAILABLE, "There are too many answers."));
        }
        round.insert(voter, answer.value.clone());
        Ok(())
    }

    /// The question and what may be known of the answers, in ascending order; `null` if there is no
    /// question.
    pub fn to_json(&self) -> Value {
        let Some(Vote { question, asked_at, rounds, is_open, is_shown }) = &self.current else {
            return Value::Null;
        };
        let rounds = rounds.iter().map(|round| {
            let mut answers: Vec<&Guess> = round.values().collect();
            // All are of one kind, and none is NaN.
            answers.sort_by(|one, other| one.partial_cmp(other).unwrap_or(Ordering::Equal));
            json!({"answered": round.len(), "answers": is_shown.then_some(answers)})
        });
        let rounds: Vec<Value> = rounds.collect();
        json!({
            "id": self.asked,
            "question": question,
            "right": is_shown.then_some(&question.right),
            "asked_at": asked_at,
            "open": is_open,
            "shown": is_shown,
            "rounds": rounds,
        })
    }
}

#[cfg(test)]
mod tests;
