/** Run by a test that kills it: a host with one Worker, which tells what to look for. */
import { openHost, put, script } from "./host-fixture.js";
import { hostProcesses } from "./processes.js";

async function main(): Promise<void> {
  const { host, directory } = await openHost();
  const url = await put(host, script("one", "export default { fetch: () => new Response('up') }"));
  const pids = hostProcesses().map(({ pid }) => pid);
  console.log(JSON.stringify({ url, directory, pids }));
}

void main();
