/**
 * Makes the docs' pictures without a deploy, the model a stand-in.
 *
 *     npx tsx test/app-page/make-screenshots.ts
 */
import { execFile } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { startPage } from "./start-page.js";

async function makeScreenshots(): Promise<void> {
  const root = resolve(__dirname, "../..");
  const folder = join(root, "docs/images");
  await mkdir(folder, { recursive: true });
  const page = await startPage();
  try {
    const script = join(root, "test/e2e/page-screenshots.mjs");
    await promisify(execFile)(process.execPath, [script, page.url, folder]);
  } finally {
    await page.close();
  }
}

void makeScreenshots();
