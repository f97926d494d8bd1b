import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { browseHistory, browsePage, hasBrowser, pageSeen } from "../e2e/page-seen.js";
import { RoomClient } from "../worker/chat/room-client.js";
import { type RunningPage, startPage } from "./start-page.js";

if (!hasBrowser) console.warn("Skipped: the page in a browser. CHROMIUM_PATH names none.");
const browserTest = hasBrowser ? test : test.skip;

/** The page before the real Worker in workerd; `test/e2e` plays the same story after a deploy. */
describe("the page", () => {
  let page: RunningPage;
  beforeAll(async () => {
    page = await startPage();
  });
  afterAll(() => page.close());

  browserTest(
    "carries two people through talk, answers, cuts, errors and a summary",
    async () => {
      expect(await browsePage(page.url)).toEqual(pageSeen);
    },
    120_000,
  );

  browserTest(
    "shows who scrolls up what was said before, and everybody what is theirs",
    async () => {
      // GIVEN a room in which somebody called Bo has written 130 messages of different heights
      const tabs = await Promise.all(
        [1, 2, 3].map(() =>
          RoomClient.join(new URL(page.url), "long", { name: "Bo", person: "namesake" }),
        ),
      );
      // In turns: each may send sixty at once.
      for (let n = 1; n <= 130; n++)
        await tabs[n % 3]?.say(`m${n}`, `${n}${"\nanother line".repeat(n % 4)}`);

      // WHEN another Bo reads back to the beginning, fails once, opens a second tab, and changes
      // the name there
      const seen = await browseHistory(page.url, "long");
      for (const tab of tabs) await tab.close();

      // THEN
      expect(seen).toEqual({
        first: { count: 50, mine: 0 },
        scrolled: { count: 100, moved: 0 },
        failed: {
          asked: 1,
          note: "The earlier messages did not come. Try again.",
          count: 100,
        },
        keyboard: {
          moved: 0,
          focused: "log",
          button: false,
          announced: "30 earlier messages. The conversation begins here.",
          inOrder: true,
          count: 130,
        },
        tabs: { mine: true, here: ["Bo", "Bo (you)"], namesake: 1 },
        renamed: { here: ["Bo", "Boris (you)"], authors: ["Bo", "Boris"] },
        violations: { earlier: [], start: [] },
        complaints: [],
      });
    },
    120_000,
  );
});
