"use strict";

// Opens the pages one after another in a frame, shows each in every theme,
// and writes what is wrong into this document, as JSON.

/** A frame of this width. */
function frameOf(width) {
    const frame = document.createElement("iframe");
    frame.style.width = `${width}px`;
    frame.style.height = "800px";
    frame.style.border = "none";
    document.body.append(frame);
    return frame;
}

/** Opens a page, with its fonts and without movement. */
async function load(frame, address) {
    await new Promise((loaded) => {
        frame.onload = loaded;
        frame.src = address;
    });
    const page = frame.contentDocument;
    const still = page.createElement("style");
    still.textContent =
        "*, ::before, ::after { transition: none !important; " +
        "animation: none !important; }";
    page.head.append(still);
    // Fonts begin to load when a layout wants them.
    page.documentElement.getBoundingClientRect();
    await page.fonts.ready;
    return page;
}

/** Chooses a theme as the reader does, in mdBook's own menu. */
async function choose(page, theme) {
    page.getElementById(`mdbook-theme-${theme}`).click();
    if (!page.documentElement.classList.contains(theme)) {
        throw new Error(`mdBook has no theme ${theme}`);
    }
    // mdBook has enabled the theme's stylesheet for code: it loads again.
    const links = page.querySelectorAll("link[rel=stylesheet]:not([disabled])");
    const missing = [...links].filter((link) => link.sheet === null);
    await Promise.all(missing.map(isLoaded));
}

/** Resolves when the element, which is not loaded yet, is. */
function isLoaded(element) {
    return new Promise((loaded, failed) => {
        element.addEventListener("load", loaded);
        element.addEventListener("error", () =>
            failed(new Error(`cannot load ${element.href}`)),
        );
    });
}

/** How to bring the page into each of the states that a reader can choose. */
function statesOf(page) {
    const controls = [...page.querySelectorAll("main input[type=radio]")];
    return [() => {}, ...controls.map((it) => () => it.click())];
}

/** What is wrong with the page as it is now, each with its theme. */
async function lookAt(page) {
    const findings = [];
    const figures = [...page.querySelectorAll(config.drawings)];
    const plans = figures.map(planOf);
    for (const theme of config.themes) {
        await choose(page, theme);
        const wrong = [...sideways(page, figures), ...plans.flatMap(illegible)];
        findings.push(...wrong.map((it) => ({ ...it, theme })));
    }
    return findings;
}

/** What is wrong, each with its page, width and theme. */
async function look() {
    const findings = [];
    for (const width of config.widths) {
        const frame = frameOf(width);
        for (const [index, address] of config.pages.entries()) {
            try {
                const page = await load(frame, address);
                for (const enter of statesOf(page)) {
                    enter();
                    const wrong = await lookAt(page);
                    const view = { page: index, width };
                    findings.push(...wrong.map((it) => ({ ...it, ...view })));
                }
            } catch (error) {
                throw new Error(`${address} at ${width} px: ${error}`);
            }
        }
        frame.remove();
    }
    return findings;
}

// The browser prints this document when it is loaded, and it is not loaded
// before this frame is.
const unfinished = document.createElement("iframe");
document.body.append(unfinished);
unfinished.contentDocument.open();

look()
    .then((findings) => ({ findings }), (error) => ({ error: error.message }))
    .then((outcome) => {
        const text = JSON.stringify(outcome);
        document.getElementById("outcome").textContent = text;
        unfinished.contentDocument.close();
    });
