import { expect, test } from "@jest/globals";
import { ManualClock } from "../../emulator/clock.js";
import { randomApiToken, randomHex, uuidV7 } from "../../emulator/ids.js";

test("log ids are UUIDs of version 7, sort by time and never repeat", () => {
  const clock = new ManualClock(Date.UTC(2026, 0, 1));

  const ids = Array.from({ length: 2_000 }, () => uuidV7(clock));
  clock.advance(1);
  const later = uuidV7(clock);

  for (const id of ids) {
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(id < later).toBe(true);
  }
  expect(new Set(ids).size).toBe(ids.length);
  expect(Number.parseInt(later.replace("-", "").slice(0, 12), 16)).toBe(clock.now());
});

test("account ids and tokens have the form Cloudflare's provider asks for", () => {
  expect(randomHex(16)).toMatch(/^[0-9a-f]{32}$/);
  expect(randomApiToken()).toMatch(/^[A-Za-z0-9_-]{40}$/);
});
