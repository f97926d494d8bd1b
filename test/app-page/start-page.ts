import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer, request as forward } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startChat } from "../worker/chat/start-chat.js";
import { type GatewayStub, startGatewayStub } from "../worker/gateway-stub.js";

export interface RunningPage {
  readonly url: string;
  readonly gateway: GatewayStub;
  close(): Promise<void>;
}

const assets = resolve(__dirname, "../../app/assets");
const types: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  svg: "image/svg+xml",
};

/** What the stand-in for the model says, token by token. */
const WORDS =
  "A gateway stands between your Worker and the model. It remembers answers, counts tokens, " +
  "and keeps a log, so the second person to ask does not pay for the first one's question again.";

/** The page and the real Worker behind one address, without a deploy; the model is a stand-in. */
export async function startPage(options: { readonly tokenMs?: number } = {}): Promise<RunningPage> {
  const gateway = await startGatewayStub();
  const asked = new Set<string>();
  gateway.answer(async ({ body }, response) => {
    if (!JSON.parse(body)[0]?.query?.stream) {
      const status = asked.has(body) ? "HIT" : "MISS";
      asked.add(body);
      const headers = { "cf-aig-cache-status": status, "content-type": "application/json" };
      response.writeHead(200, headers);
      response.end(JSON.stringify({ result: { response: WORDS } }));
      return;
    }
    // As the gateway does, which keeps whole answers only.
    response.writeHead(200, { "cf-aig-cache-status": "MISS", "content-type": "text/event-stream" });
    for (const word of WORDS.split(/(?<= )/)) {
      response.write(`data: ${JSON.stringify({ response: word })}\n\n`);
      await sleep(options.tokenMs ?? 30);
    }
    response.end("data: [DONE]\n\n");
  });
  // Enough of a PDF for the page, which only hands it on.
  const pdf = createServer((_, response) => response.end("%PDF-1.7"));
  await once(pdf.listen(0, "127.0.0.1"), "listening");
  const { port } = pdf.address() as AddressInfo;
  const chat = await startChat({ gateway: gateway.address, pdf: `127.0.0.1:${port}` });
  const policy =
    (await readFile(join(assets, "_headers"), "utf8")).match(/Policy: (.*)/)?.[1] ?? "";

  const front = createServer(async (incoming, response) => {
    const path = new URL(incoming.url ?? "/", chat.url).pathname;
    const file = await readFile(join(assets, path === "/" ? "index.html" : path)).catch(() => null);
    if (file && !path.startsWith("/_")) {
      const type = types[path === "/" ? "html" : (path.split(".").at(-1) ?? "")] ?? "";
      response.writeHead(200, { "content-type": type, "content-security-policy": policy });
      response.end(file);
      return;
    }
    const { method, headers } = incoming;
    const onwards = forward(new URL(incoming.url ?? "/", chat.url), {
      ...(method && { method }),
      headers,
    });
    onwards.on("response", (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onwards.on("error", () => response.writeHead(502).end());
    incoming.pipe(onwards);
  });
  front.on("upgrade", (incoming, socket) => {
    const onwards = connect(Number(chat.url.port), chat.url.hostname, () => {
      const lines = [`GET ${incoming.url} HTTP/1.1`];
      for (let index = 0; index < incoming.rawHeaders.length; index += 2)
        lines.push(`${incoming.rawHeaders[index]}: ${incoming.rawHeaders[index + 1]}`);
      onwards.write(`${lines.join("\r\n")}\r\n\r\n`);
      onwards.pipe(socket).pipe(onwards);
    });
    for (const end of [socket, onwards]) {
      end.on("error", () => {});
      end.on("close", () => {
        socket.destroy();
        onwards.destroy();
      });
    }
  });
  await once(front.listen(0, "127.0.0.1"), "listening");
  return {
    url: `http://127.0.0.1:${(front.address() as AddressInfo).port}`,
    gateway,
    async close() {
      front.closeAllConnections();
      front.close();
      await chat.close();
      await gateway.close();
      pdf.closeAllConnections();
      pdf.close();
    },
  };
}
