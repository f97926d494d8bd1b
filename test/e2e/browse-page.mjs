/**
 * Plays two people in the app's page in a real browser and prints as JSON what they saw. It needs
 * nothing but the page's address, so it plays before any deploy of the app.
 *
 *     node test/e2e/browse-page.mjs <url>
 */
import { readFile } from "node:fs/promises";
import { desk, openBrowser, Person, phone } from "./page-browser.mjs";
import { inSight, overflow, tabStops, violations, weigh } from "./page-checks.mjs";

const url = process.argv[2]?.replace(/\/$/, "");
const room = `test-${Date.now().toString(36)}`;
const question = `What does a gateway do for ${room}?`;
const hostile = '<img src=x onerror="document.title=1"><b>&amp; שלום 😀';
const seen = {};

const window = await openBrowser();
try {
  const visitor = await Person.open(window, "Visitor", phone);
  seen.weight = await weigh(visitor.page, `${url}/`);
  seen.violations = { join: await violations(visitor.page) };
  await visitor.context.close();

  const ada = await Person.open(window, "Ada", { ...desk, colorScheme: "light" });
  const bo = await Person.open(window, "Bo", { ...phone, colorScheme: "dark" });
  await ada.join(url, room);
  await bo.join(url, room);
  const here = ada.page.getByRole("list", { name: "Here now" }).getByRole("listitem");
  await here.nth(1).waitFor();
  seen.people = (await here.allTextContents()).sort();

  // Talking: what looks like HTML stays text.
  await ada.write(hostile);
  await bo.message("שלום").waitFor();
  await bo.write(`Fine.${"long".repeat(80)}`);
  await ada.message("Fine.").waitFor();
  seen.talk = {
    hostile: (await bo.texts())[0] === hostile && (await bo.page.title()) === room,
    overflow: await overflow(bo.page),
  };

  // Asking the same question three times, once with the command. The first answer streams; the
  // second is whole, which the gateway keeps, so that the third comes out of its cache.
  const announced = await countAnnouncements(bo.page);
  await ada.write(question, "Ask");
  const answers = bo.page.locator("#messages .answer");
  await answers.nth(0).locator(".ms").waitFor();
  await ada.write(`/ai ${question}`);
  await answers.nth(1).locator(".ms").waitFor();
  await ada.write(question, "Ask");
  await answers.nth(2).locator(".ms").waitFor();
  const tokens = bo.received.filter(({ type }) => type === "token").length;
  const spoken = bo.page.locator("#announcer").filter({ hasText: /AI: |new messages/ });
  await spoken.waitFor({ state: "attached" });
  seen.ask = {
    facts: await answers.locator(".facts").allTextContents(),
    answers: await answers.locator(".text").allTextContents(),
    streamed: tokens > 1,
    // Three questions, three answers: at most one each.
    quiet: (await announced()) <= 6,
  };

  // A reload: the same conversation, nothing twice, and the draft is still there.
  const before = await bo.texts();
  await bo.page.getByLabel("Message").fill("A draft");
  await bo.page.reload();
  await bo.connected();
  seen.reload = {
    same: same(await bo.texts(), before),
    draft: await bo.page.getByLabel("Message").inputValue(),
  };

  // A cut: both write meanwhile.
  await bo.cut();
  const lost = bo.page.getByRole("status").filter({ hasText: "Reconnecting…" });
  await lost.waitFor();
  await bo.write("Written without a connection, 1");
  await bo.write("Written without a connection, 2");
  await bo.page.getByText("Sending…").nth(1).waitFor();
  seen.cut = { waiting: await bo.page.getByText("Sending…").count() };
  await ada.write("Bo missed this, 1");
  await ada.write("Bo missed this, 2");
  await ada.message("this, 2").waitFor();
  bo.mend();
  await ada.message("connection, 2").waitFor();
  await bo.page.getByText("Sending…").first().waitFor({ state: "detached" });
  await bo.message("Bo missed this, 2").waitFor();
  seen.cut.texts = (await ada.texts()).slice(-4);
  seen.cut.same = same(await ada.texts(), await bo.texts());

  // A receipt that never came, and a reload before the next attempt: sent again under one id.
  bo.loseAnswers();
  await bo.write("Sent once, confirmed late");
  await ada.message("confirmed late").waitFor();
  await bo.cut();
  await bo.page.reload();
  await lost.waitFor();
  bo.mend();
  await bo.connected();
  await bo.page.getByText("Sending…").waitFor({ state: "detached" });
  seen.again = {
    ids: new Set(bo.sent.filter(({ text }) => text.endsWith("late")).map(({ id }) => id)).size,
    shown: [
      await ada.message("confirmed late").count(),
      await bo.message("confirmed late").count(),
    ],
  };

  // Errors: one the room finds, one the page finds. The words stay with who wrote them.
  const field = bo.page.getByLabel("Message");
  const alert = bo.page.getByRole("alert").filter({ hasText: /./ });
  bo.breakNext();
  await bo.write("Broken on the way");
  await alert.waitFor();
  seen.broken = { alert: await alert.textContent(), text: await field.inputValue() };
  await bo.page.getByRole("button", { name: "Send", exact: true }).click();
  await ada.message("Broken on the way").waitFor();
  await bo.write("w".repeat(10_000));
  await alert.waitFor();
  const kept = (await field.inputValue()).length;
  seen.long = { alert: await alert.textContent(), kept, inSight: await inSight(field) };
  seen.violations.phoneDark = await violations(bo.page);
  await bo.page.getByRole("button", { name: /here$/ }).click();
  seen.violations.phonePanel = await violations(bo.page);
  await bo.page.keyboard.press("Escape");
  seen.panelClosed = await bo.page.getByRole("link", { name: "Download PDF" }).isHidden();
  await field.fill("");

  // A summary, its progress visible, ends as a message.
  await ada.page.getByRole("button", { name: "Summarise" }).click();
  const notice = ada.page.locator("#notice");
  await notice.filter({ hasText: /\.$/ }).waitFor({ timeout: 60_000 });
  seen.summary = {
    notice: await notice.textContent(),
    shown: await bo.page.locator("#messages .summary").count(),
  };

  // The PDF: made while the page says so, then a download with the room's name.
  const [download] = await Promise.all([
    ada.page.waitForEvent("download", { timeout: 60_000 }),
    ada.page.getByRole("link", { name: "Download PDF" }).click(),
  ]);
  const pdf = await readFile(await download.path());
  seen.pdf = {
    named: download.suggestedFilename() === `${room}.pdf`,
    starts: pdf.subarray(0, 5).toString(),
    notice: await notice.textContent(),
  };

  // Keyboard, zoom and both colours.
  seen.tabs = await tabStops(ada.page, 6);
  seen.violations.deskLight = await violations(ada.page);
  await ada.page.emulateMedia({ colorScheme: "dark" });
  seen.violations.deskDark = await violations(ada.page);
  await bo.page.emulateMedia({ colorScheme: "light" });
  seen.violations.phoneLight = await violations(bo.page);
  await ada.page.setViewportSize({ width: desk.viewport.width / 2, height: 360 });
  seen.zoomed = {
    overflow: await overflow(ada.page),
    inSight: await inSight(ada.page.getByLabel("Message")),
  };
  seen.complaints = [...ada.complaints, ...bo.complaints];
  console.log(JSON.stringify(seen));
} finally {
  await window.close();
}

function same(left, right) {
  return JSON.stringify(left) === JSON.stringify(right);
}

/** How often a screen reader is given something to say. */
async function countAnnouncements(page) {
  await page.evaluate(() => {
    globalThis.announcements = 0;
    new MutationObserver(() => {
      globalThis.announcements += 1;
    }).observe(document.querySelector("#announcer"), { childList: true });
  });
  return () => page.evaluate(() => globalThis.announcements);
}
