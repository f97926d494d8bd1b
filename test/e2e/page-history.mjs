/**
 * Plays Bo in the app's page, in a room with 130 messages numbered by a namesake of his, and prints
 * as JSON what he saw: earlier messages, and whose is whose.
 *
 *     node test/e2e/page-history.mjs <url> <room>
 */
import { openBrowser, Person } from "./page-browser.mjs";
import { violations } from "./page-checks.mjs";

const [url = "", room = ""] = process.argv.slice(2);
const seen = {};

const window = await openBrowser();
try {
  const bo = await Person.open(window, "Bo");
  await bo.join(url, room);
  const { page } = bo;
  const items = page.locator("#messages li");
  const button = page.getByRole("button", { name: "Show earlier messages" });
  await items.nth(49).waitFor();
  await page.waitForFunction(() => document.querySelector("#log").scrollTop > 500);
  seen.first = { count: await items.count(), mine: await page.locator("#messages .mine").count() };

  // Scrolling up reads more, and what is read stays where it is.
  await place(page, "81");
  const before = await scrollTo(page, 200, "83");
  await items.nth(99).waitFor();
  seen.scrolled = {
    count: await items.count(),
    moved: Math.round(Math.abs((await place(page, "83")) - before)),
  };
  seen.violations = { earlier: await violations(page) };

  // A failure is told, and does not try again by itself.
  let asked = 0;
  await page.route("**/messages?*", (route) => {
    asked += 1;
    return route.fulfill({ status: 503, json: { error: "Not now." } });
  });
  await scrollTo(page, 100, "33");
  const note = page.locator("#earlier-note");
  await note.filter({ hasText: "did not come" }).waitFor();
  const announced = (text) => page.locator("#announcer").filter({ hasText: text });
  await announced("did not come").waitFor({ state: "attached" });
  await scrollTo(page, 150, "33");
  await scrollTo(page, 50, "33");
  seen.failed = { asked, note: await note.textContent(), count: await items.count() };
  await page.unroute("**/messages?*");

  // By keyboard, down to the beginning; the focus goes where one reads.
  await button.focus();
  const there = await place(page, "33");
  await page.keyboard.press("Enter");
  await page.getByText("The conversation begins here.", { exact: true }).waitFor();
  await announced("begins here").waitFor({ state: "attached" });
  seen.keyboard = {
    moved: Math.round(Math.abs((await place(page, "33")) - there)),
    focused: await page.evaluate(() => document.activeElement?.id),
    button: await button.isVisible(),
    announced: await announced("begins here").textContent(),
    inOrder: (await bo.texts()).every((text, index) => text.split("\n")[0] === `${index + 1}`),
    count: await items.count(),
  };
  seen.violations.start = await violations(page);

  // A second tab of the same person: what is said in one is theirs in the other.
  const tab = await bo.context.newPage();
  await tab.goto(`${url}/?room=${room}`);
  await write(tab, "From the second tab");
  const fromTab = bo.message("From the second tab");
  await fromTab.waitFor();
  const here = page.getByRole("list", { name: "Here now" }).getByRole("listitem");
  seen.tabs = {
    mine: await fromTab.evaluate((item) => item.classList.contains("mine")),
    // The namesake, and Bo once.
    here: (await here.allTextContents()).sort(),
    namesake: await page.locator("#messages .mine").count(),
  };

  // Another name, given in the second tab, is the first one's too, even when it comes back.
  await tab.goto(`${url}/`);
  await tab.getByLabel("Your name").fill("Boris");
  await tab.getByRole("button", { name: "Join" }).click();
  await here.filter({ hasText: "Boris (you)" }).waitFor();
  await tab.close();
  await bo.cut();
  await page.getByRole("status").filter({ hasText: "Reconnecting…" }).waitFor();
  bo.mend();
  await bo.connected();
  await bo.write("Under a new name");
  const renamed = page.locator("#messages .mine:not([data-state=pending])");
  await renamed.filter({ hasText: "Under a new name" }).waitFor();
  seen.renamed = {
    here: (await here.allTextContents()).sort(),
    authors: await page.locator("#messages .mine .author").allTextContents(),
  };
  seen.complaints = bo.complaints.filter((complaint) => !complaint.includes("503"));
  console.log(JSON.stringify(seen));
} finally {
  await window.close();
}

async function write(page, text) {
  await page.getByLabel("Message").fill(text);
  await page.getByRole("button", { name: "Send", exact: true }).click();
}

/** Scrolls as a person would, from below, and tells where a message stands then. */
async function scrollTo(page, top, number) {
  return page.evaluate(
    ([top, number]) => {
      const log = document.querySelector("#log");
      log.scrollTop = top;
      return [...log.querySelectorAll("li")]
        .find((item) => item.querySelector(".text").textContent.split("\n")[0] === number)
        .getBoundingClientRect().top;
    },
    [top, number],
  );
}

/** Where a message stands after the browser has painted twice. */
async function place(page, number) {
  return page.evaluate(async (number) => {
    for (let frame = 0; frame < 3; frame += 1)
      await new Promise((resolve) => requestAnimationFrame(resolve));
    return [...document.querySelectorAll("#messages li")]
      .find((item) => item.querySelector(".text").textContent.split("\n")[0] === number)
      .getBoundingClientRect().top;
  }, number);
}
