// Turns the section "Questions" of a chapter into a quiz. Its Markdown is readable without this
// script, and a section in any other form is left as it is. The choices are kept in the browser.

{
    const STORED_AS = `questions:${location.pathname}`;

    // On the page for printing, all questions and answers are shown as they are.
    const heading = location.pathname.endsWith("/print.html") ? null : document.querySelector("h2#questions");
    const questions = heading ? read(heading) : [];
    /** The letter chosen for each question, by the question's number. */
    const choices = load();
    const score = make("span", { role: "status" });
    const reset = make("button", { type: "button", textContent: "Start over" });

    if (questions.length > 0) {
        questions.forEach(replaceByForm);
        const footer = make("p", { className: "score" });
        footer.append(score, " ", reset);
        questions.at(-1).form.after(footer);
        reset.addEventListener("click", startOver);
        questions.forEach(show);
        showScore();
    }

    /** The questions below a heading; none if any of them has another form. */
    function read(heading) {
        const questions = [];
        let element = heading.nextElementSibling;
        while (element && !/^H[12]$/.test(element.tagName)) {
            const text = element;
            const between = [];
            for (element = text.nextElementSibling; element && element.tagName !== "UL"; ) {
                between.push(element);
                element = element.nextElementSibling;
            }
            const list = element;
            const details = list?.nextElementSibling;
            const question = details?.tagName === "DETAILS" && asQuestion(text, between, list, details);
            if (!question) return [];
            questions.push(question);
            element = details.nextElementSibling;
        }
        return questions;
    }

    function asQuestion(text, between, list, details) {
        const number = /^(\d+)\. /.exec(text.textContent)?.[1];
        const options = [...list.children].map((item) => ({ item, letter: letter(item) }));
        const explanation = [...details.children].filter((it) => it.tagName !== "SUMMARY");
        const answer = explanation.length > 0 ? letter(explanation[0]) : undefined;
        const hasLetters = options.every((option) => option.letter);
        if (!number || !hasLetters || !options.some((option) => option.letter === answer)) return null;
        return { number, text, between, list, options, details, explanation, answer };
    }

    /** The letter in bold that an element begins with. */
    function letter(element) {
        const first = element.firstElementChild;
        return first?.tagName === "STRONG" ? /^([A-Z])\.$/.exec(first.textContent)?.[1] : undefined;
    }

    function replaceByForm(question) {
        const legend = make("legend");
        legend.append(...question.text.childNodes);
        const fieldset = make("fieldset");
        fieldset.append(legend, ...question.between, ...question.options.map((it) => label(question, it)));
        question.check = make("button", { textContent: "Check" });
        // It is empty until there is a result: screen readers announce only what changes.
        question.result = make("div", { className: "result", role: "status" });
        question.form = make("form", { className: "question" });
        question.form.append(fieldset, question.check, question.result);
        question.form.addEventListener("submit", (event) => {
            event.preventDefault();
            const chosen = question.options.find((option) => option.input.checked);
            if (choices[question.number] || !chosen) return;
            choices[question.number] = chosen.letter;
            save();
            show(question);
            showScore();
        });
        question.text.replaceWith(question.form);
        question.list.remove();
        question.details.remove();
    }

    function label(question, option) {
        const name = `question-${question.number}`;
        option.input = make("input", { type: "radio", name, value: option.letter, required: true });
        option.note = make("em");
        const words = make("span");
        words.append(...option.item.childNodes, " ", option.note);
        option.label = make("label");
        option.label.append(option.input, words);
        return option.label;
    }

    /** Shows a question as answered, or as not answered yet. */
    function show(question) {
        const choice = choices[question.number];
        for (const option of question.options) {
            const isRight = Boolean(choice) && option.letter === question.answer;
            option.input.disabled = Boolean(choice);
            option.input.checked = option.letter === choice;
            option.label.classList.toggle("is-right", isRight);
            option.note.textContent =
                [option.input.checked && "your choice", isRight && "right"].filter(Boolean).join(", ");
        }
        // Not `disabled`: that would take the focus away.
        question.check.setAttribute("aria-disabled", Boolean(choice));
        question.result.replaceChildren();
        if (!choice) return;
        const explanation = question.explanation.map((it) => it.cloneNode(true));
        explanation[0].firstElementChild.textContent =
            choice === question.answer ? "Right." : `No, it's ${question.answer}.`;
        question.result.append(...explanation);
    }

    function showScore() {
        const answered = questions.filter((it) => choices[it.number]);
        const right = answered.filter((it) => choices[it.number] === it.answer);
        score.textContent = `${right.length} right, ${answered.length} of ${questions.length} answered.`;
        reset.hidden = answered.length === 0;
    }

    function startOver() {
        for (const question of questions) {
            delete choices[question.number];
            show(question);
        }
        save();
        showScore();
        questions[0].options[0].input.focus();
    }

    // A browser may refuse to store anything. Then the choices last as long as the page.

    function load() {
        const loaded = {};
        try {
            const stored = JSON.parse(localStorage.getItem(STORED_AS)) ?? {};
            for (const { number, options } of questions) {
                if (options.some((it) => it.letter === stored[number])) loaded[number] = stored[number];
            }
        } catch {
            // See above.
        }
        return loaded;
    }

    function save() {
        try {
            localStorage.setItem(STORED_AS, JSON.stringify(choices));
        } catch {
            // See above.
        }
    }

    function make(tag, properties = {}) {
        return Object.assign(document.createElement(tag), properties);
    }
}
