"use strict";

// What cannot be seen or read in a figure.

/** Smaller letters are not read on a phone; mdBook's own text has 16 px. */
const LEAST_HEIGHT = 9;

/**
 * The contrast ratio that WCAG 2 asks of large text and of drawings. For small
 * text it asks 4.5, which mdBook's own colour of links does not reach in its
 * themes rust, coal and navy.
 */
const LEAST_CONTRAST = 3;

/** Lines that only guide the eye must be there, and no more. */
const LEAST_FOR_FAINT_LINES = 2;

const SHAPES = "path, line, rect, circle, ellipse, polyline, polygon";

/** At how many points a shape is judged. */
const POINTS = 8;

/** These paint nothing where they stand. */
const UNPAINTED = "clipPath, mask, pattern";

/** These are painted where others refer to them. */
const ELSEWHERE = "defs, marker, symbol";

/**
 * All of a figure that does not depend on the theme: its shapes and texts,
 * and at some points of each the shapes that lie behind it.
 */
function planOf(figure) {
    const paints = (it) =>
        it.closest(UNPAINTED) === null &&
        styleOf(it).visibility === "visible" &&
        isPlain(it);
    const parts = [...figure.querySelectorAll("*")].filter(paints);
    const isPlaced = (it) => it.closest(ELSEWHERE) === null;
    const shapes = parts.filter((it) => it.matches(SHAPES));
    const placed = shapes.filter((it) => isPlaced(it) && isRendered(it));

    // Most points of a part lie on the same shapes: each set counts once.
    const behind = (part, points) => {
        const earlier = placed.filter((it) => follows(part, it));
        return points.map((point) => earlier.filter((it) => covers(it, point)));
    };
    return {
        figure,
        shapes: shapes
            .filter((it) => !isPlaced(it) || isRendered(it))
            .map((it) => ({
                shape: it,
                behind: isPlaced(it) ? behind(it, pointsOf(it)) : [[]],
            })),
        texts: parts
            .flatMap((it) => [...it.childNodes].map((node) => [it, node]))
            .filter(([it, node]) => isText(it, node))
            .map(([it, node]) => ({
                element: it,
                text: node.data,
                behind: isPlaced(it)
                    ? distinct(behind(it, lettersOf(node)))
                    : [[]],
            }))
            .filter(({ behind }) => behind.length > 0),
    };
}

/** A gradient or a pattern has more colours than one: it is not judged. */
function isPlain(element) {
    const { fill, stroke } = styleOf(element);
    return ![fill, stroke].some((paint) => paint.startsWith("url("));
}

function isText(element, node) {
    return (
        node.nodeType === Node.TEXT_NODE &&
        node.data.trim() !== "" &&
        element.closest("text") !== null
    );
}

function isRendered(shape) {
    const { width, height } = shape.getBoundingClientRect();
    return width > 0 || height > 0;
}

/** Whether a part is painted after the other one. */
function follows(part, other) {
    const position = other.compareDocumentPosition(part);
    return (position & Node.DOCUMENT_POSITION_FOLLOWING) !== 0;
}

/** Whether the inside of a shape covers a point of the screen. */
function covers(shape, point) {
    const local = point.matrixTransform(shape.getScreenCTM().inverse());
    return hasInside(shape) && shape.isPointInFill(local);
}

function hasInside(shape) {
    const { width, height } = shape.getBBox();
    return width > 0 && height > 0;
}

/** Points of the screen on the outline of a shape. */
function pointsOf(shape) {
    const length = shape.getTotalLength();
    const toScreen = shape.getScreenCTM();
    return Array.from({ length: POINTS }, (_, i) => {
        const point = shape.getPointAtLength((length * (i + 0.5)) / POINTS);
        return point.matrixTransform(toScreen);
    });
}

/** The centres on the screen of the letters of a text. */
function lettersOf(node) {
    const range = node.ownerDocument.createRange();
    const points = [];
    for (let i = 0; i < node.length; i += 1) {
        range.setStart(node, i);
        range.setEnd(node, i + 1);
        const { x, y, width, height } = range.getBoundingClientRect();
        if (range.toString().trim() !== "" && width > 0) {
            points.push(new DOMPoint(x + width / 2, y + height / 2));
        }
    }
    return points;
}

/** Each list of elements once. */
function distinct(lists) {
    const isSame = (a, b) =>
        a.length === b.length && a.every((it, i) => it === b[i]);
    return lists.filter((it, i) => lists.findIndex((b) => isSame(it, b)) === i);
}

/** The colour of a `fill` or a `stroke`, if it has one. */
function paintOf(element, property) {
    const style = styleOf(element);
    if (style[property] === "none") {
        return null;
    }
    const factor = Number(style[`${property}Opacity`]) * opacityOf(element);
    return fainter(colourOf(style[property]), factor);
}

/** The colour behind a part that lies on these shapes. */
function groundOn(shapes, page) {
    const fills = shapes.map((shape) => paintOf(shape, "fill"));
    return fills
        .filter((fill) => fill !== null)
        .reduce((ground, fill) => over(fill, ground), page);
}

/** How far a paint stands out from a ground. */
function standsOut(paint, ground) {
    return paint === null ? 1 : contrast(over(paint, ground), ground);
}

/** The contrast of a text where it is least. */
function contrastOfText({ element, behind }, page) {
    const fill = paintOf(element, "fill");
    const stroke = paintOf(element, "stroke");
    // An outline that is painted first is a halo, before which letters stand.
    const halo = styleOf(element).paintOrder.startsWith("stroke");
    const least = behind.map((shapes) => {
        const ground = groundOn(shapes, page);
        if (halo && stroke !== null) {
            return standsOut(fill, over(stroke, ground));
        }
        return standsOut(fill ?? stroke, ground);
    });
    return Math.min(...least);
}

/** The contrast of a shape, by its outline or its inside, on most points. */
function contrastOfShape({ shape, behind }, page) {
    const fill = hasInside(shape) ? paintOf(shape, "fill") : null;
    const stroke = paintOf(shape, "stroke");
    const each = behind.map((shapes) => {
        const ground = groundOn(shapes, page);
        return Math.max(standsOut(fill, ground), standsOut(stroke, ground));
    });
    each.sort((a, b) => a - b);
    return each[Math.floor(each.length / 2)];
}

/** The height of a text's letters on the screen, in CSS pixels. */
function heightOf(element) {
    const { c, d } = element.closest("text").getScreenCTM();
    return parseFloat(styleOf(element).fontSize) * Math.hypot(c, d);
}

/** How a text stands in the source, unless it begins with a new line. */
function markOf({ text }) {
    return `>${text.trim()}`;
}

/** What cannot be seen or read in this figure, in the theme that it shows. */
function illegible({ figure, shapes, texts }, index) {
    const page = groundOf(figure);
    const wrong = [];
    const find = (marks, what, detail, badness) =>
        wrong.push({ figure: index, marks, what, detail, badness });
    const faint = (marks, what, ratio, least) => {
        if (ratio < least) {
            const detail = `${ratio.toFixed(2)}:1, at least ${least}:1`;
            find(marks, `${what} hardly stands out`, detail, least / ratio);
        }
    };

    for (const text of texts) {
        const ratio = contrastOfText(text, page);
        const what = `the text \`${excerpt(text.text)}\``;
        faint([markOf(text)], what, ratio, LEAST_CONTRAST);
    }
    for (const shape of shapes) {
        const { localName, attributes } = shape.shape;
        const marks = [...attributes].map((it) => `${it.name}="${it.value}"`);
        const isFaint = shape.shape.closest(".faint") !== null;
        const least = isFaint ? LEAST_FOR_FAINT_LINES : LEAST_CONTRAST;
        const ratio = contrastOfShape(shape, page);
        faint(marks, `the shape <${localName}>`, ratio, least);
    }

    const heights = texts.map((it) => ({ it, height: heightOf(it.element) }));
    const smallest = Math.min(...heights.map(({ height }) => height));
    if (smallest < LEAST_HEIGHT) {
        const { it } = heights.find(({ height }) => height === smallest);
        find(
            [markOf(it)],
            `the text \`${excerpt(it.text)}\` is too small to be read`,
            `${smallest.toFixed(1)} px high, at least ${LEAST_HEIGHT} px`,
            LEAST_HEIGHT / smallest,
        );
    }
    return wrong;
}
