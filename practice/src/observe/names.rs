//! What is shown in place of students' own names.

use crate::limits::MAX_REPLACED_NAMES;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::net::IpAddr;

/// The names that the teacher has hidden or replaced. A student without a name is called by the
/// address.
#[derive(Clone, Default, Serialize, Deserialize)]
pub struct Names {
    /// What is shown, by the own name in lower case: `ada` and `Ada` are the same student.
    shown: HashMap<String, String>,
    /// How many have been hidden so far.
    hidden: usize,
    /// Whether they changed since they were saved.
    #[serde(skip)]
    pub unsaved: bool,
}

impl Names {
    /// What is shown for a student's own name.
    pub fn shown<'a>(&'a self, own: &'a str) -> &'a str {
        self.shown.get(&own.to_lowercase()).map_or(own, String::as_str)
    }

    /// Shows a number in place of a name, from now on. Returns what is shown.
    ///
    /// # Errors
    /// If there are too many names already.
    pub fn hide(&mut self, name: &str) -> Result<String, String> {
        let hidden = self.hidden.saturating_add(1);
        let number = format!("student {hidden}");
        self.replace(name, &number)?;
        self.hidden = hidden;
        Ok(number)
    }

    /// Shows another text in place of a name, which may be a replacement itself.
    ///
    /// # Errors
    /// If there are too many names already.
    pub fn replace(&mut self, name: &str, to: &str) -> Result<(), String> {
        let mut is_replacement = false;
        for shown in self.shown.values_mut().filter(|shown| *shown == name) {
            to.clone_into(shown);
            is_replacement = true;
        }
        if !is_replacement {
            if self.shown.len() >= MAX_REPLACED_NAMES {
                return Err(format!("{MAX_REPLACED_NAMES} names are replaced already"));
            }
            self.shown.insert(name.to_lowercase(), to.to_owned());
        }
        Ok(())
    }

    /// Shows the own name again. Returns false if it was not replaced.
    pub fn restore(&mut self, name: &str) -> bool {
        let before = self.shown.len();
        self.shown.retain(|_, shown| shown != name);
        self.shown.len() < before
    }

    /// The names that hold in later lessons, too. An address may then belong to another student.
    pub fn lasting(&self) -> Self {
        let mut names = self.clone();
        names.shown.retain(|own, _| own.parse::<IpAddr>().is_err());
        names
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_stays_hidden_until_it_is_restored() {
        let mut names = Names::default();
        assert_eq!(names.hide("Rude").unwrap(), "student 1");
        assert_eq!(names.hide("Ben").unwrap(), "student 2");
        for (own, shown) in
            [("Rude", "student 1"), ("rUDE", "student 1"), ("ben", "student 2"), ("Ada", "Ada")]
        {
            assert_eq!(names.shown(own), shown);
        }
        names.replace("student 1", "Zoë").unwrap();
        assert_eq!(names.shown("rude"), "Zoë");
        assert!(!names.restore("student 1") && names.restore("Zoë"));
        assert_eq!((names.shown("rude"), names.shown("Ben")), ("rude", "student 2"));
        assert_eq!(names.hide("Rude").unwrap(), "student 3", "a number has one student");
    }

    #[test]
    fn the_number_of_replaced_names_is_bounded() {
        let mut names = Names::default();
        for number in 0..MAX_REPLACED_NAMES {
            names.hide(&format!("name {number}")).unwrap();
        }
        assert!(names.hide("another").unwrap_err().contains("already"));
        names.replace("student 1", "Ada").unwrap();
        assert_eq!(names.shown("name 0"), "Ada");
    }
}
