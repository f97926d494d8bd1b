/** Run by a test that kills it: a host with one Worker that counts, which tells what to look for. */
import { counting, openHost, put } from "./host-fixture.js";
import { hostProcesses } from "./processes.js";

async function main(): Promise<void> {
  const { host, directory } = await openHost();
  const url = await put(host, counting);
  const processes = hostProcesses();
  const pids = processes.map(({ pid }) => pid);
  const runtime = processes.find(({ command }) => command.includes("runtime-process"))?.pid;
  console.log(JSON.stringify({ url, directory, pids, runtime }));
}

void main();
