import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect } from "@jest/globals";

/** The npm package has a browser for this platform alone; CHROMIUM_PATH names one elsewhere. */
export const hasBrowser =
  Boolean(process.env.CHROMIUM_PATH) || (process.platform === "linux" && process.arch === "x64");

/** Plays two people at the app's page; see browse-page.mjs for what they do. */
export const browsePage = (url: string): Promise<unknown> => play("browse-page.mjs", url);

/** Plays one person in a room where much was said already; see page-history.mjs. */
export const browseHistory = (url: string, room: string): Promise<unknown> =>
  play("page-history.mjs", url, room);

async function play(story: string, ...values: string[]): Promise<unknown> {
  // The browser's package unpacks it once, for all runs.
  const env = { ...process.env, TMPDIR: process.env.SHARED_TMPDIR };
  const program = [join(__dirname, story), ...values];
  const { stdout } = await promisify(execFile)(process.execPath, program, { env });
  return JSON.parse(stdout);
}

const answer = (cache: "hit" | "miss") =>
  expect.stringMatching(new RegExp(`^@cf/meta/\\S+ · \\d+(\\.\\d)? m?s · cache ${cache}$`));

/** What they must have seen, wherever the page runs. */
export const pageSeen = {
  // GIVEN two people who joined one room
  people: ["Ada (you)", "Bo"],
  // THEN what one writes stands at the other's, as text and inside the window
  talk: { hostile: true, overflow: 0 },
  // AND answers stream in, marked, without a word to a screen reader for every token
  ask: {
    facts: [answer("miss"), answer("miss"), answer("hit")],
    answers: Array(3).fill(expect.stringMatching(/\w/)),
    streamed: true,
    quiet: true,
  },
  // AND a reload changes nothing
  reload: { same: true, draft: "A draft" },
  // AND a broken connection loses, doubles and disorders nothing
  cut: {
    waiting: 2,
    texts: [
      "Bo missed this, 1",
      "Bo missed this, 2",
      "Written without a connection, 1",
      "Written without a connection, 2",
    ],
    same: true,
  },
  again: { ids: 1, shown: [1, 1] },
  // AND errors stand beside the field, with the words still in it
  broken: { alert: expect.stringMatching(/not JSON/), text: "Broken on the way" },
  long: {
    alert: "The message has 10,000 characters; 4,000 are allowed. Shorten it or send it in parts.",
    kept: 10_000,
    inSight: true,
  },
  panelClosed: true,
  // AND the summary arrives in the conversation
  summary: { notice: "Summary: it is in the conversation.", shown: 1 },
  // AND the PDF arrives as a file
  pdf: { named: true, starts: "%PDF-", notice: "The PDF is downloaded." },
  // AND all of it is reachable by keyboard, readable at 200 %, and without a finding of axe
  tabs: ["Summarise", "Download PDF", "Other room or name", "Conversation", "Message", "Send"],
  zoomed: { overflow: 0, inSight: true },
  violations: {
    join: [],
    phoneDark: [],
    phonePanel: [],
    phoneLight: [],
    deskLight: [],
    deskDark: [],
  },
  weight: { requests: expect.any(Number), bytes: expect.any(Number) },
  complaints: [],
};
