"use strict";

// What is wider than its place: the page, or a part of it, scrolls sideways.

/** The start of a text, on one line. */
function excerpt(text) {
    const line = text.trim().replace(/\s+/g, " ");
    return line.length > 60 ? `${line.slice(0, 60)}…` : line;
}

/** Whether a reader could push what is in the element to the side. */
function scrolls(element) {
    const isRoot = element === element.ownerDocument.scrollingElement;
    const overflow = styleOf(element).overflowX;
    return (
        element.scrollWidth > element.clientWidth &&
        (isRoot || overflow === "auto" || overflow === "scroll")
    );
}

/** What of the element reaches farthest to the right, and is no scroller. */
function farthest(element, inner) {
    const main = element.ownerDocument.querySelector("main");
    const right = (it) => it.getBoundingClientRect().right;
    const free = [...main.querySelectorAll("*")].filter(
        (it) =>
            element.contains(it) &&
            // A figure cuts off what is drawn outside of it.
            !it.matches("svg *") &&
            !inner.some((scroller) => scroller.contains(it)),
    );
    const edge = Math.max(...free.map(right));
    return free.findLast((it) => right(it) === edge);
}

/** A name for a scroller, and the index of its figure, if it holds one. */
function subject(scroller, inner, figures) {
    const block = scroller.closest("pre");
    if (block !== null) {
        const lines = block.textContent.split("\n");
        const longest = lines.reduce((a, b) => (b.length > a.length ? b : a));
        return { what: `the code block with \`${excerpt(longest)}\`` };
    }
    const far = farthest(scroller, inner) ?? scroller;
    const index = figures.findIndex((figure) => figure.contains(far));
    if (index !== -1) {
        return { what: "the figure", figure: index };
    }
    const table = far.closest("table");
    if (table !== null) {
        const cells = [...table.querySelectorAll("th")];
        const head = cells.map((cell) => cell.textContent).join(" | ");
        return { what: `the table \`${excerpt(head)}\`` };
    }
    const text = excerpt(far.textContent);
    return { what: `the page, because of <${far.localName}> \`${text}\`,` };
}

/** The scrollers of the text and of all that it stands in. */
function sideways(page, figures) {
    const main = page.querySelector("main");
    const all = [...chainOf(main), ...main.querySelectorAll("*")];
    const scrollers = all.filter(scrolls);
    return scrollers.map((scroller) => {
        const inner = scrollers.filter(
            (it) => it !== scroller && scroller.contains(it),
        );
        const { what, figure } = subject(scroller, inner, figures);
        const { scrollWidth, clientWidth } = scroller;
        return {
            figure,
            marks: [],
            what: `${what} scrolls sideways`,
            detail: `${scrollWidth} px wide where ${clientWidth} px are free`,
            badness: scrollWidth / clientWidth,
        };
    });
}
