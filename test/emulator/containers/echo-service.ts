import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** A tiny service that says who it is; `/exit` ends it, `/environment` shows what it was given. */
export const serviceSource = (version: string): string => `
import { createHash } from "node:crypto";
import { createServer } from "node:http";
import { readFileSync } from "node:fs";
const server = createServer((request, response) => {
  if (request.url === "/exit") process.exit(3);
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify({
    version: ${JSON.stringify(version)},
    pid: process.pid,
    url: request.url,
    file: readFileSync("data/greeting.txt", "utf8"),
    environment: process.env,
  }));
});
// A WebSocket server in a few lines: one short text frame in, one out.
server.on("upgrade", (request, socket) => {
  const key = request.headers["sec-websocket-key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  const accept = createHash("sha1").update(key).digest("base64");
  socket.write("HTTP/1.1 101 Switching Protocols\\r\\nupgrade: websocket\\r\\nconnection: upgrade\\r\\nsec-websocket-accept: " + accept + "\\r\\n\\r\\n");
  socket.once("data", (frame) => {
    const length = frame[1] & 127;
    const text = frame.subarray(6, 6 + length).map((byte, index) => byte ^ frame[2 + (index % 4)]);
    const answer = Buffer.from("echo: " + Buffer.from(text).toString());
    socket.write(Buffer.concat([Buffer.from([0x81, answer.length]), answer]));
  });
  socket.on("error", () => {});
});
server.listen(process.env.PORT, () => console.log("service", ${JSON.stringify(version)}, "listens"));
process.on("SIGTERM", () => { console.log("service ends"); process.exit(0); });
`;

export const dockerfile = `FROM node:22-slim
WORKDIR /app
COPY server.mjs ./
COPY data data
ENV GREETING=hello MODE="two words"
EXPOSE 8080
CMD ["node", "server.mjs"]
`;

/** Writes the service with its Dockerfile into a folder. */
export async function writeService(
  directory: string,
  { version = "1", file = dockerfile }: { version?: string; file?: string } = {},
): Promise<string> {
  await mkdir(join(directory, "data"), { recursive: true });
  await writeFile(join(directory, "server.mjs"), serviceSource(version));
  await writeFile(join(directory, "data/greeting.txt"), "good day");
  await writeFile(join(directory, "Dockerfile"), file);
  return directory;
}

/** Whether a process is there. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Polls until something holds. */
export async function until(holds: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const deadline = Date.now() + 15_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`Not within 15 s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
