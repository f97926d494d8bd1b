/** Milliseconds between two signs of life. */
const INTERVAL_MS = 5_000;

/** Waits for what may take long, and says so every few seconds, so that nobody takes it for dead. */
export async function tellWhileWaiting<Value>(
  forWhat: string,
  work: Promise<Value>,
  say: (line: string) => void,
): Promise<Value> {
  const startedAt = performance.now();
  const timer = setInterval(() => {
    const seconds = Math.round((performance.now() - startedAt) / 1_000);
    say(`still waiting for ${forWhat}, ${seconds} s …`);
  }, INTERVAL_MS);
  try {
    return await work;
  } finally {
    clearInterval(timer);
  }
}
