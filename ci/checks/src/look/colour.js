"use strict";

// Colours: red, green, blue and opacity, each from 0 to 1.

const pen = (() => {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 1;
    return canvas.getContext("2d", { willReadFrequently: true });
})();
const known = new Map();

/** The colour that a computed value means. */
function colourOf(value) {
    if (!known.has(value)) {
        pen.clearRect(0, 0, 1, 1);
        pen.fillStyle = value;
        pen.fillRect(0, 0, 1, 1);
        const pixel = pen.getImageData(0, 0, 1, 1).data;
        known.set(value, [...pixel].map((part) => part / 255));
    }
    return known.get(value);
}

/** What is seen of a colour before an opaque ground. */
function over([red, green, blue, opacity], ground) {
    const mixed = [red, green, blue].map(
        (part, i) => part * opacity + ground[i] * (1 - opacity),
    );
    return [...mixed, 1];
}

/** The same colour, fainter. */
function fainter([red, green, blue, opacity], factor) {
    return [red, green, blue, opacity * factor];
}

/** The contrast ratio of WCAG 2, from 1 to 21, of two opaque colours. */
function contrast(colour, other) {
    const luminance = ([red, green, blue]) => {
        const [r, g, b] = [red, green, blue].map((part) =>
            part <= 0.04045
                ? part / 12.92
                : ((part + 0.055) / 1.055) ** 2.4,
        );
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const [dark, light] = [luminance(colour), luminance(other)].sort(
        (a, b) => a - b,
    );
    return (light + 0.05) / (dark + 0.05);
}

/** The element and all that it stands in. */
function chainOf(element) {
    const chain = [];
    for (let it = element; it !== null; it = it.parentElement) {
        chain.push(it);
    }
    return chain;
}

function styleOf(element) {
    return element.ownerDocument.defaultView.getComputedStyle(element);
}

/** The colour of the page behind an element. */
function groundOf(element) {
    const layers = chainOf(element).map((it) =>
        colourOf(styleOf(it).backgroundColor),
    );
    return layers.reduceRight((ground, it) => over(it, ground), [1, 1, 1, 1]);
}

/** How much of an element its own and its parents' opacity lets through. */
function opacityOf(element) {
    const factors = chainOf(element).map((it) => Number(styleOf(it).opacity));
    return factors.reduce((product, factor) => product * factor, 1);
}
