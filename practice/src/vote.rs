//! The vote: a question to the class, and the answers from its phones.
//!
//! The answers are anonymous: an id that each phone draws tells them apart, and nothing about the
//! client is stored. The live view gets how many there are, and the answers themselves only once the
//! teacher shows them.

use crate::limits::{
    MAX_OPTION_CHARACTERS, MAX_OPTIONS, MAX_QUESTION_CHARACTERS, MAX_UNIT_CHARACTERS, MAX_VOTERS,
};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::HashMap;

/// A vote takes place before and after a discussion.
const MAX_ROUNDS: usize = 2;
/// Max number as an answer.
const MAX_NUMBER: f64 = 1e9;

/// A question: for a number if it has no options, else for one of them.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    text: String,
    #[serde(default)]
    options: Vec<String>,
    /// The unit of the numbers.
    #[serde(default)]
    unit: String,
    /// What the page compares the numbers with, such as `seconds 02-threads`. Only the page reads it.
    #[serde(default)]
    result: String,
}

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
    /// A number, or the index of an option.
    value: f64,
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
    rounds: Vec<HashMap<u128, f64>>,
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
        vote.question.check_answer(answer.value).map_err(|it| (StatusCode::BAD_REQUEST, it))?;
        let is_id = answer.voter.len() == 32 && !answer.voter.starts_with('+');
        let voter = u128::from_str_radix(&answer.voter, 16).ok().filter(|_| is_id);
        let voter = voter.ok_or((StatusCode::BAD_REQUEST, "voter: 32 hex digits"))?;
        let round = vote.rounds.last_mut().expect("there is always one");
        if round.len() >= MAX_VOTERS && !round.contains_key(&voter) {
            return Err((StatusCode::SERVICE_UNAVAILABLE, "There are too many answers."));
        }
        round.insert(voter, answer.value);
        Ok(())
    }

    /// The question and what may be known of the answers, in ascending order; `null` if there is no
    /// question.
    pub fn to_json(&self) -> Value {
        let Some(Vote { question, asked_at, rounds, is_open, is_shown }) = &self.current else {
            return Value::Null;
        };
        let rounds = rounds.iter().map(|round| {
            let mut answers: Vec<f64> = round.values().copied().collect();
            answers.sort_by(f64::total_cmp);
            json!({"answered": round.len(), "answers": is_shown.then_some(answers)})
        });
        let rounds: Vec<Value> = rounds.collect();
        json!({
            "id": self.asked,
            "question": question,
            "asked_at": asked_at,
            "open": is_open,
            "shown": is_shown,
            "rounds": rounds,
        })
    }
}

impl Question {
    fn check(&self) -> Result<(), &'static str> {
        let has = |text: &str, max| (1..=max).contains(&text.trim().chars().count());
        if !has(&self.text, MAX_QUESTION_CHARACTERS) {
            return Err("text: 1 to 200 characters");
        }
        let are_options = self.options.iter().all(|option| has(option, MAX_OPTION_CHARACTERS));
        if !matches!(self.options.len(), 0 | 2..=MAX_OPTIONS) || !are_options {
            return Err("choices: 2 to 5, each of 1 to 80 characters");
        }
        let is_short = |text: &str| text.chars().count() <= MAX_UNIT_CHARACTERS;
        if !is_short(&self.unit) || !is_short(&self.result) {
            return Err("unit: at most 30 characters");
        }
        Ok(())
    }

    fn check_answer(&self, answer: f64) -> Result<(), &'static str> {
        if self.options.is_empty() {
            let is_number = (0.0..=MAX_NUMBER).contains(&answer);
            return is_number.then_some(()).ok_or("A number from 0 to 1,000,000,000 is needed.");
        }
        let is_index = answer.fract() == 0.0 && (0.0..self.options.len() as f64).contains(&answer);
        is_index.then_some(()).ok_or("There is no such choice.")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(votes: &mut Votes, question: Value) -> Result<&'static str, &'static str> {
        votes.apply(Command::Ask(serde_json::from_value(question).unwrap()), 7)
    }

    fn answer(votes: &mut Votes, round: usize, voter: u128, value: f64) -> u16 {
        let (id, voter) = (votes.asked, format!("{voter:032x}"));
        let answer = votes.answer(&Answer { id, round, voter, value });
        answer.map_or_else(|(status, _)| status.as_u16(), |()| 200)
    }

    #[test]
    fn answers_are_hidden_until_they_are_shown() {
        let mut votes = Votes::default();
        assert_eq!(votes.to_json(), Value::Null);
        ask(&mut votes, json!({"text": "How long?", "unit": "s"})).unwrap();
        for (voter, number) in [(1, 3.0), (2, 1.5), (1, 2.5)] {
            assert_eq!(answer(&mut votes, 1, voter, number), 200);
        }
        assert_eq!(votes.to_json()["rounds"], json!([{"answered": 2, "answers": null}]));
        votes.apply(Command::Close, 8).unwrap();
        assert_eq!(votes.to_json()["rounds"][0]["answers"], Value::Null);
        assert_eq!(answer(&mut votes, 1, 3, 1.0), 409, "it is closed");
        votes.apply(Command::Show, 8).unwrap();
        assert_eq!(votes.to_json()["rounds"], json!([{"answered": 2, "answers": [1.5, 2.5]}]));

        votes.apply(Command::Again, 9).unwrap();
        assert_eq!(answer(&mut votes, 1, 1, 1.0), 409, "the first round is over");
        assert_eq!(answer(&mut votes, 2, 1, 1.0), 200);
        let hidden = json!([{"answered": 2, "answers": null}, {"answered": 1, "answers": null}]);
        assert_eq!(votes.to_json()["rounds"], hidden);
        votes.apply(Command::Show, 8).unwrap();
        assert_eq!(votes.to_json()["rounds"][1]["answers"], json!([1.0]));
        assert_eq!(votes.to_json()["asked_at"], 7);
        assert!(votes.apply(Command::Again, 9).is_err(), "there are two rounds");

        votes.apply(Command::Remove, 9).unwrap();
        assert_eq!(votes.to_json(), Value::Null);
        assert!(votes.apply(Command::Show, 8).is_err());
        assert_eq!(answer(&mut votes, 1, 1, 1.0), 409, "there is no question");
        ask(&mut votes, json!({"text": "Another one"})).unwrap();
        assert_eq!(votes.to_json()["id"], 2);
    }

    #[test]
    fn only_valid_answers_count() {
        let mut votes = Votes::default();
        ask(&mut votes, json!({"text": "How many?"})).unwrap();
        for (number, status) in [(0.0, 200), (1e9, 200), (-0.5, 400), (1.1e9, 400), (f64::NAN, 400)]
        {
            assert_eq!(answer(&mut votes, 1, 1, number), status, "{number}");
        }
        ask(&mut votes, json!({"text": "Which?", "options": ["a", "b"]})).unwrap();
        for (index, status) in [(0.0, 200), (1.0, 200), (2.0, 400), (0.5, 400), (-1.0, 400)] {
            assert_eq!(answer(&mut votes, 1, 1, index), status, "{index}");
        }
        for voter in ["", "1", &"x".repeat(32), &format!("+{}", "1".repeat(31)), &"1".repeat(33)] {
            let answer = Answer { id: 2, round: 1, voter: voter.into(), value: 0.0 };
            assert_eq!(votes.answer(&answer).unwrap_err().0, 400, "{voter}");
        }
        let late = Answer { id: 1, round: 1, voter: "1".repeat(32), value: 0.0 };
        assert_eq!(votes.answer(&late).unwrap_err().0, 409, "it is for the first question");
    }

    #[test]
    fn the_number_of_voters_is_bounded() {
        let mut votes = Votes::default();
        ask(&mut votes, json!({"text": "How many?"})).unwrap();
        for voter in 0..MAX_VOTERS {
            assert_eq!(answer(&mut votes, 1, voter as u128, 1.0), 200);
        }
        assert_eq!(answer(&mut votes, 1, MAX_VOTERS as u128, 1.0), 503);
        assert_eq!(answer(&mut votes, 1, 0, 2.0), 200, "it replaces an answer");
        assert_eq!(votes.to_json()["rounds"][0]["answered"], MAX_VOTERS);
    }

    #[test]
    fn texts_are_bounded() {
        let mut votes = Votes::default();
        let long = |length| "ä".repeat(length);
        for (question, is_valid) in [
            (json!({"text": long(200), "unit": long(30), "result": long(30)}), true),
            (json!({"text": "?", "options": [long(80), "b", "c", "d", "e"]}), true),
            (json!({"text": " "}), false),
            (json!({"text": long(201)}), false),
            (json!({"text": "?", "unit": long(31)}), false),
            (json!({"text": "?", "result": long(31)}), false),
            (json!({"text": "?", "options": ["a"]}), false),
            (json!({"text": "?", "options": ["a", " "]}), false),
            (json!({"text": "?", "options": ["a", long(81)]}), false),
            (json!({"text": "?", "options": ["a", "b", "c", "d", "e", "f"]}), false),
        ] {
            assert_eq!(ask(&mut votes, question.clone()).is_ok(), is_valid, "{question:.80}");
        }
        assert_eq!(votes.to_json()["id"], 2, "an invalid question replaces none");
    }
}
