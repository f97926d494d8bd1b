import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { browsePage, hasBrowser, pageSeen } from "../e2e/page-seen.js";
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
});
