import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { renderExports } from "../../../emulator/cli/render-exports.js";
import type { Emulator } from "../../../emulator/index.js";
import { removeFolder, temporaryFolder } from "../../secrets/temporary-folder.js";
import { upload } from "../control-plane/start-api.js";
import { startTestEmulator } from "../start-test-emulator.js";

const code = "export default { fetch: () => new Response('ok'), scheduled() {} };";
let emulator: Emulator;
beforeAll(async () => {
  emulator = await startTestEmulator();
});
afterAll(() => emulator.close());

test("what is printed lets a missing variable be an error: nobody waits for an answer", async () => {
  const folder = temporaryFolder("exports-");
  writeFileSync(join(folder, "main.tf"), 'variable "forgotten" {}\n');
  const exports =
    renderExports(emulator, "embedded")
      .match(/^(un|ex).*$/gm)
      ?.join("\n") ?? "";

  // Its input stays open, as a terminal's does.
  const planned = promisify(execFile)(
    "sh",
    ["-c", `${exports}\nterraform init >init.txt && terraform plan -no-color`],
    { cwd: folder, timeout: 30_000 },
  );

  await expect(planned).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining('variable "forgotten" is not set'),
  });
  await removeFolder(folder);
}, 60_000);

const put = (path: string, body: FormData | string) =>
  fetch(`${emulator.apiUrl}/accounts/${emulator.accountId}/workers/scripts/chat${path}`, {
    method: "PUT",
    headers: { authorization: `Bearer ${emulator.apiToken}` },
    body,
  });

test("what is printed has a line that fires a Worker's cron as it is pasted", async () => {
  // GIVEN an account without a Worker, and later one with two crons
  const before = renderExports(emulator, "embedded");
  expect((await put("", upload({ main_module: "main.js" }, { "main.js": code }))).status).toBe(200);
  const crons = [{ cron: "0 9 * * *" }, { cron: "*/5 * * * *" }];
  expect((await put("/schedules", JSON.stringify(crons))).status).toBe(200);

  // WHEN the line is pasted into a shell
  const line = /^curl .*$/m.exec(renderExports(emulator, "embedded"))?.[0] ?? "";
  const { stdout } = await promisify(execFile)("sh", ["-c", line]);

  // THEN the handler was called; without a Worker the line leaves its name open
  expect(JSON.parse(stdout).result).toMatchObject({ cron: "0 9 * * *", outcome: "ok" });
  expect(before).toMatch(/^curl -X POST \S+\/emulator\/workers\/NAME\/scheduled -H 'Auth/m);
}, 60_000);
