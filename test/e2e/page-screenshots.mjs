/**
 * Makes the pictures in the docs from the running app.
 *
 *     node test/e2e/page-screenshots.mjs <url> [folder]
 */
import { join } from "node:path";
import { desk, openBrowser, Person, phone } from "./page-browser.mjs";

const [url = "", folder = "docs/images"] = process.argv.slice(2);
const room = "kitchen";
const address = url.replace(/\/$/, "");

const window = await openBrowser();
try {
  const ada = await Person.open(window, "Ada", {
    ...desk,
    viewport: { width: 1000, height: 640 },
    colorScheme: "light",
  });
  const bo = await Person.open(window, "Bo", { ...phone, colorScheme: "dark" });
  await ada.join(address, room);
  await bo.join(address, room);
  await ada.write("The demo is in ten minutes. Did anybody write down what the gateway does?");
  await bo.message("ten minutes").waitFor();
  await bo.write("No. Let's ask.");
  await bo.write("What does an AI gateway do?", "Ask");
  const answers = ada.page.locator("#messages .answer");
  await answers.nth(0).locator(".ms").waitFor();
  await ada.write("What does an AI gateway do?", "Ask");
  await answers.nth(1).locator(".ms").waitFor();
  await ada.write("What does an AI gateway do?", "Ask");
  await answers.nth(2).locator(".hit").waitFor();
  await bo.write("Faster than I can read.");
  await ada.message("Faster").waitFor();
  await ada.page.screenshot({ path: join(folder, "room-desk.png") });
  await bo.page.screenshot({ path: join(folder, "room-phone.png") });
} finally {
  await window.close();
}
