import { createRequire } from "node:module";
import { gzipSync } from "node:zlib";

const axe = createRequire(import.meta.url)("axe-core").source;

/** What axe finds wrong, best practices included. Not a script tag: the page's policy forbids those. */
export async function violations(page) {
  await page.evaluate(axe);
  const found = await page.evaluate(() =>
    globalThis.axe.run(document, { resultTypes: ["violations", "incomplete"] }),
  );
  return found.violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(" | ")}`,
  );
}

/** How far anything is wider than its place, in pixels. */
export const overflow = (page) =>
  page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    const log = document.querySelector("#log");
    return scrollWidth - clientWidth + (log ? log.scrollWidth - log.clientWidth : 0);
  });

/** Whether a person sees all of it without scrolling the page. */
export const inSight = (locator) =>
  locator.evaluate((node) => {
    const { top, bottom, left, right } = node.getBoundingClientRect();
    return top >= 0 && left >= 0 && bottom <= innerHeight && right <= innerWidth && bottom > top;
  });

/** Where Tab leads from the top of the page, as the words of each stop. */
export async function tabStops(page, most) {
  await page.evaluate(() => {
    document.body.tabIndex = -1;
    document.body.focus();
    document.body.removeAttribute("tabindex");
  });
  const stops = [];
  for (let index = 0; index < most; index += 1) {
    await page.keyboard.press("Tab");
    stops.push(
      await page.evaluate(() => {
        const at = document.activeElement;
        return at?.ariaLabel ?? at?.labels?.[0]?.textContent ?? at?.textContent?.trim() ?? "";
      }),
    );
  }
  return stops;
}

/** Requests and bytes of a first visit, its files gzipped as Cloudflare sends them. */
export async function weigh(page, url) {
  const responses = [];
  const listen = (response) => responses.push(response);
  page.on("response", listen);
  await page.goto(url, { waitUntil: "networkidle" });
  page.off("response", listen);
  const bodies = await Promise.all(responses.map((response) => response.body()));
  return {
    requests: bodies.length,
    bytes: bodies.reduce((sum, body) => sum + gzipSync(body, { level: 9 }).length, 0),
  };
}
