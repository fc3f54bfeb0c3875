"use strict";
(() => {
    const figure = document.currentScript.closest("figure");
    const svg = figure.querySelector("svg");
    const rungs = svg.querySelector("g");
    const json = figure.querySelector("script").textContent;
    const { labels, notes, pieces, ladders } = JSON.parse(json);

    const make = (name, parent, properties = {}) =>
        parent.appendChild(
            Object.assign(document.createElement(name), properties),
        );

    const show = (variant) => {
        let y = 0;
        const words = [];
        rungs.innerHTML = ladders[variant]
            .map((i) => {
                const [height, drawing, said] = pieces[i];
                const place = `<g transform="translate(0 ${y})">`;
                y += height;
                words.push(said);
                return `${place}${drawing}</g>`;
            })
            .join("");
        svg.viewBox.baseVal.height = y;
        svg.querySelector("desc").textContent = words.join(" ");
        const lose = variant === 0 ? "" : ` -- --lose ${variant}`;
        status.textContent = `${notes[variant]} In your terminal: `;
        make("code", status).textContent = `cargo run -p handshake${lose}`;
    };

    const choice = document.createElement("fieldset");
    // Arrow keys move the choice; mdBook would turn the page.
    choice.onkeydown = (event) => event.stopPropagation();
    make("legend", choice, { textContent: "Lose a segment" });
    labels.forEach((label, variant) => {
        const line = make("label", choice);
        make("input", line, {
            type: "radio",
            name: "drop",
            checked: variant === 0,
            onchange: () => show(variant),
        });
        line.append(label);
    });
    const status = document.createElement("p");
    status.setAttribute("role", "status");
    svg.before(choice, status);
    show(0);
})();
