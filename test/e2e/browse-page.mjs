/**
 * Opens the app's page in a real browser as a person would, and prints what was seen as JSON.
 * A program of its own: the browser's packages are ES modules, which jest's require cannot load.
 *
 *     node test/e2e/browse-page.mjs <url>
 */
import chromium from "@sparticuz/chromium";
import { chromium as browser } from "playwright-core";

const [url] = process.argv.slice(2);
const own = process.env.CHROMIUM_PATH;
const window = await browser.launch({
  executablePath: own ?? (await chromium.executablePath()),
  args: own ? ["--no-sandbox"] : chromium.args,
});
try {
  const page = await window.newPage({ viewport: { width: 360, height: 640 } });
  const complaints = [];
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.goto(url);

  const answers = [];
  for (const _ of [1, 2]) {
    await page.getByLabel("Prompt").fill("What does the page show?");
    await page.getByRole("button", { name: "Ask" }).click();
    await page.getByText(/^(Answered in|Refused|No answer)/).waitFor();
    answers.push({
      status: await page.getByRole("status").textContent(),
      text: await page.locator("#answer").textContent(),
    });
    await page.evaluate(() => {
      document.querySelector("#status").textContent = "";
    });
  }
  const rows = await page.locator("#calls tr").count();
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  console.log(JSON.stringify({ answers, rows, overflow, complaints }));
} finally {
  await window.close();
}
