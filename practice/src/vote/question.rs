//! A question to the class, and what counts as an answer to it.

use crate::limits::{
    MAX_EVENTS, MAX_OPTION_CHARACTERS, MAX_OPTIONS, MAX_QUESTION_CHARACTERS, MAX_UNIT_CHARACTERS,
};
use serde::{Deserialize, Serialize};

/// Max number as an answer.
const MAX_NUMBER: f64 = 1e9;

/// A question: for one of its options, for the order of its events, or else for a number.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    text: String,
    #[serde(default)]
    options: Vec<String>,
    #[serde(default)]
    events: Vec<String>,
    /// The events' indices in the right order; empty if there is none. Phones must not see it early.
    #[serde(default, skip_serializing)]
    pub right: Vec<usize>,
    /// The unit of the numbers.
    #[serde(default)]
    unit: String,
    /// What the page compares the numbers with, such as `seconds 02-threads`. Only the page reads it.
    #[serde(default)]
    result: String,
}

/// What a phone answers.
#[derive(Clone, Deserialize, PartialEq, PartialOrd, Serialize)]
#[serde(untagged)]
pub enum Guess {
    /// A number, or the index of an option.
    Number(f64),
    /// The events' indices in an order.
    Order(Vec<usize>),
}

impl Question {
    /// Returns a message for the teacher if something is missing or too long.
    pub fn check(&self) -> Result<(), &'static str> {
        let has = |text: &str, max| (1..=max).contains(&text.trim().chars().count());
        let are_short = |all: &[String]| all.iter().all(|it| has(it, MAX_OPTION_CHARACTERS));
        if !has(&self.text, MAX_QUESTION_CHARACTERS) {
            return Err("text: 1 to 200 characters");
        }
        if !matches!(self.options.len(), 0 | 2..=MAX_OPTIONS) || !are_short(&self.options) {
            return Err("choices: 2 to 5, each of 1 to 80 characters");
        }
        let mut numbered = self.events.iter().enumerate();
        let are_different = numbered.all(|(index, event)| !self.events[..index].contains(event));
        let are_few = matches!(self.events.len(), 0 | 2..=MAX_EVENTS);
        if !are_few || !are_short(&self.events) || !are_different {
            return Err("events: 2 to 8 different ones, each of 1 to 80 characters");
        }
        if !self.events.is_empty() && !self.options.is_empty() {
            return Err("choices or events are needed, not both");
        }
        if !self.right.is_empty() && !self.has_each_event(&self.right) {
            return Err("right: each event is needed once");
        }
        let is_short = |text: &str| text.chars().count() <= MAX_UNIT_CHARACTERS;
        if !is_short(&self.unit) || !is_short(&self.result) {
            return Err("unit: at most 30 characters");
        }
        Ok(())
    }

    /// Returns a message for the phone if this doesn't answer the question.
    pub fn check_answer(&self, guess: &Guess) -> Result<(), &'static str> {
        if !self.events.is_empty() {
            let is_order = matches!(guess, Guess::Order(order) if self.has_each_event(order));
            return is_order.then_some(()).ok_or("Each event is needed once.");
        }
        let Guess::Number(number) = *guess else { return Err("A number is needed.") };
        if self.options.is_empty() {
            let is_number = (0.0..=MAX_NUMBER).contains(&number);
            return is_number.then_some(()).ok_or("A number from 0 to 1,000,000,000 is needed.");
        }
        let is_index = number.fract() == 0.0 && (0.0..self.options.len() as f64).contains(&number);
        is_index.then_some(()).ok_or("There is no such choice.")
    }

    fn has_each_event(&self, order: &[usize]) -> bool {
        order.len() == self.events.len() && (0..order.len()).all(|index| order.contains(&index))
    }
}
