let sending: (() => void)[] = [];
let following: (() => void)[] = [];

/**
 * Runs `send` when the event loop has read what there was to read, and `follow` when everybody's
 * `send` is done.
 *
 * What was read together goes out together. Under load each write between two reads wakes the
 * other end for one message, and waking it costs more than the message; one after another they
 * cost one waking. A lone request waits for nobody.
 *
 * Neither function may throw.
 */
export function atEndOfTurn(send: () => void, follow?: () => void): void {
  if (sending.length === 0) setImmediate(runTurn);
  sending.push(send);
  if (follow) following.push(follow);
}

function runTurn(): void {
  const sends = sending;
  const follows = following;
  sending = [];
  following = [];
  for (const send of sends) send();
  for (const follow of follows) follow();
}
