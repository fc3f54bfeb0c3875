"use strict";

// Plays with the ladder from which a segment can be dropped, and writes what
// is wrong into this document, as JSON.

/** Opens the page in a frame; `sandbox` is what its scripts may do. */
async function open(sandbox) {
    const frame = document.createElement("iframe");
    frame.sandbox = sandbox;
    frame.style.width = "360px";
    await new Promise((loaded) => {
        frame.onload = loaded;
        frame.src = config.page;
        document.body.append(frame);
    });
    return frame.contentDocument.querySelector("figure.drop");
}

/** What the ladder says of its segments: their words and their times. */
function shown(figure) {
    const texts = [...figure.querySelectorAll("svg text")];
    const isOfSegment = (text) => / seq |^\d+\.\d{3} s/.test(text);
    return texts.map((it) => it.textContent).filter(isOfSegment);
}

/** What is wrong with the ladder, which should show this run. */
function compare(figure, run, when) {
    const [seen, due] = [shown(figure), run].map((it) => it.join("\n"));
    return seen === due ? [] : [`${when} shows\n${seen}\nand not\n${due}`];
}

/** What is wrong with one of the choices. */
function choose(figure, control, variant) {
    const wrong = [];
    const when = `choice ${variant}`;
    // A native control that can have the focus is one for the keyboard.
    control.focus();
    if (figure.ownerDocument.activeElement !== control) {
        wrong.push(`${when} cannot have the focus`);
    }
    if (control.labels.length !== 1 || !control.labels[0].innerText.trim()) {
        wrong.push(`${when} has no label`);
    }
    const turnsPage = new KeyboardEvent("keydown", {
        key: "ArrowRight",
        bubbles: true,
    });
    figure.ownerDocument.onkeydown = () =>
        wrong.push(`${when} lets mdBook have its arrow keys`);
    control.dispatchEvent(turnsPage);
    control.click();
    wrong.push(...compare(figure, config.runs[variant], when));
    const told = figure.querySelector("[role=status]").textContent;
    if (variant > 0 && !told.includes(`--lose ${variant}`)) {
        wrong.push(`${when} does not say how to run it: ${told}`);
    }
    const words = figure.querySelector("svg desc").textContent;
    const isTold = (text) => / seq /.test(text) && !words.includes(text);
    const untold = config.runs[variant].filter(isTold);
    return wrong.concat(untold.map((it) => `${when} does not tell: ${it}`));
}

async function play() {
    const plain = await open("allow-same-origin");
    const wrong = compare(plain, config.runs[0], "without scripts the ladder");
    if (plain.querySelector("input") !== null) {
        wrong.push("without scripts there are choices that do nothing");
    }
    const figure = await open("allow-same-origin allow-scripts");
    const controls = [...figure.querySelectorAll("input[type=radio]")];
    if (controls.length !== config.runs.length) {
        const count = `${controls.length} choices for ${config.runs.length}`;
        return [...wrong, `there are ${count} runs`];
    }
    // Twice, since the way back must work too.
    const turns = [...controls.keys(), ...controls.keys()];
    const each = turns.map((i) => choose(figure, controls[i], i));
    return wrong.concat(...each);
}

// The browser prints this document when it is loaded, and it is not loaded
// before this frame is.
const unfinished = document.createElement("iframe");
document.body.append(unfinished);
unfinished.contentDocument.open();

play()
    .then((wrong) => ({ wrong }), (error) => ({ wrong: [String(error)] }))
    .then((outcome) => {
        const text = JSON.stringify(outcome.wrong);
        document.getElementById("outcome").textContent = text;
        unfinished.contentDocument.close();
    });
