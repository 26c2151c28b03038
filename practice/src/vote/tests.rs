use super::*;

fn ask(votes: &mut Votes, question: Value) -> Result<&'static str, &'static str> {
    votes.apply(Command::Ask(serde_json::from_value(question).unwrap()), 7)
}

fn answer(votes: &mut Votes, round: usize, voter: u128, number: f64) -> u16 {
    send(votes, round, voter, Guess::Number(number))
}

fn send(votes: &mut Votes, round: usize, voter: u128, value: Guess) -> u16 {
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
    for (number, status) in [(0.0, 200), (1e9, 200), (-0.5, 400), (1.1e9, 400), (f64::NAN, 400)] {
        assert_eq!(answer(&mut votes, 1, 1, number), status, "{number}");
    }
    ask(&mut votes, json!({"text": "Which?", "options": ["a", "b"]})).unwrap();
    for (index, status) in [(0.0, 200), (1.0, 200), (2.0, 400), (0.5, 400), (-1.0, 400)] {
        assert_eq!(answer(&mut votes, 1, 1, index), status, "{index}");
    }
    for voter in ["", "1", &"x".repeat(32), &format!("+{}", "1".repeat(31)), &"1".repeat(33)] {
        let answer = Answer { id: 2, round: 1, voter: voter.into(), value: Guess::Number(0.0) };
        assert_eq!(votes.answer(&answer).unwrap_err().0, 400, "{voter}");
    }
    let late = Answer { id: 1, round: 1, voter: "1".repeat(32), value: Guess::Number(0.0) };
    assert_eq!(votes.answer(&late).unwrap_err().0, 409, "it is for the first question");
}

#[test]
fn an_order_has_each_event_once_and_the_right_one_is_hidden_until_it_is_shown() {
    let mut votes = Votes::default();
    ask(&mut votes, json!({"text": "Order?", "events": ["a", "b", "c"], "right": [2, 0, 1]}))
        .unwrap();
    for (order, status) in [
        (&[0, 1, 2][..], 200),
        (&[2, 0, 1], 200),
        (&[], 400),
        (&[0, 1], 400),
        (&[0, 1, 1], 400),
        (&[0, 1, 3], 400),
        (&[0, 1, 2, 2], 400),
    ] {
        assert_eq!(send(&mut votes, 1, 1, Guess::Order(order.into())), status, "{order:?}");
    }
    assert_eq!(answer(&mut votes, 1, 1, 0.0), 400);
    assert_eq!(send(&mut votes, 1, 2, Guess::Order(vec![0, 2, 1])), 200);
    let hidden = votes.to_json();
    assert_eq!((&hidden["right"], &hidden["question"]["right"]), (&Value::Null, &Value::Null));
    assert_eq!(hidden["question"]["events"], json!(["a", "b", "c"]));
    votes.apply(Command::Show, 8).unwrap();
    let shown = votes.to_json();
    assert_eq!(shown["right"], json!([2, 0, 1]));
    assert_eq!(shown["rounds"], json!([{"answered": 2, "answers": [[0, 2, 1], [2, 0, 1]]}]));

    votes.apply(Command::Again, 9).unwrap();
    assert_eq!(votes.to_json()["right"], Value::Null, "nor is it shown in the second round");
    ask(&mut votes, json!({"text": "Which?", "options": ["a", "b"]})).unwrap();
    assert_eq!(send(&mut votes, 1, 1, Guess::Order(vec![0, 1])), 400);
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
        (json!({"text": "?", "events": [long(80), "b", "c", "d", "e", "f", "g", "h"]}), true),
        (json!({"text": "?", "events": ["a", "b"], "right": [1, 0]}), true),
        (json!({"text": "?", "events": ["a"]}), false),
        (json!({"text": "?", "events": ["a", long(81)]}), false),
        (json!({"text": "?", "events": ["a", "b", "a"]}), false),
        (json!({"text": "?", "events": ["a", "b", "c", "d", "e", "f", "g", "h", "i"]}), false),
        (json!({"text": "?", "events": ["a", "b"], "options": ["a", "b"]}), false),
        (json!({"text": "?", "events": ["a", "b"], "right": [1, 1]}), false),
        (json!({"text": "?", "right": [0, 1]}), false),
    ] {
        assert_eq!(ask(&mut votes, question.clone()).is_ok(), is_valid, "{question:.80}");
    }
    assert_eq!(votes.to_json()["id"], 4, "an invalid question replaces none");
}
