import { afterEach } from "@jest/globals";

interface Closable {
  close(): Promise<unknown>;
}

/** What a test puts in is closed after it. */
export function closedAfterEach(): Closable[] {
  const open: Closable[] = [];
  afterEach(async () => {
    await Promise.all(open.splice(0).map((one) => one.close()));
  });
  return open;
}
