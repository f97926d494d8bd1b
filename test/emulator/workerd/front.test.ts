import { request } from "node:http";
import { connect } from "node:net";
import { describe, expect, test } from "@jest/globals";
import { closedAfterEach } from "./closed-after-each.js";
import { eventually, openHost, put, script } from "./host-fixture.js";

const open = closedAfterEach();

describe("what the front adds and takes away", () => {
  const shows = `export default { fetch: (r) => Response.json({ url: r.url, headers: [...r.headers], cf: r.cf ?? null }) }`;

  test("the Worker sees the client's headers, its address and a request.cf, and no header that steers miniflare", async () => {
    // GIVEN
    const opened = await openHost();
    open.push(opened);
    const url = await put(opened.host, script("shows", shows));

    // WHEN
    const response = await fetch(`${url}/path?q=1`, {
      headers: {
        "x-own": "kept",
        "cf-connecting-ip": "203.0.113.9",
        "mf-cf-blob": '{"colo":"FAKE"}',
        "MF-Route-Override": "other",
      },
    });
    const seen = (await response.json()) as {
      url: string;
      headers: [string, string][];
      cf: Record<string, unknown>;
    };

    // THEN
    const headers = Object.fromEntries(seen.headers);
    expect(seen.url).toBe(`${url}/path?q=1`);
    expect(headers.host).toBe(url.slice("http://".length));
    expect(headers["x-own"]).toBe("kept");
    expect(headers["cf-connecting-ip"]).toBe("127.0.0.1");
    expect(seen.cf).toMatchObject({ httpProtocol: "HTTP/1.1" });
    expect(seen.cf.colo).toBeUndefined();
    expect(Object.keys(headers).filter((name) => name.startsWith("mf-"))).toEqual([]);
  });

  test("duplicate headers, status text and empty bodies pass as they are", async () => {
    // GIVEN
    const opened = await openHost();
    open.push(opened);
    const url = await put(
      opened.host,
      script(
        "shapes",
        `export default { fetch(r) {
          const headers = new Headers([["set-cookie", "a=1"], ["set-cookie", "b=2"]]);
          if (r.url.endsWith("204")) return new Response(null, { status: 204, headers });
          return new Response(r.method, { status: 418, statusText: "Short and stout", headers });
        } }`,
      ),
    );

    // WHEN
    const teapot = await fetch(url);
    const head = await fetch(url, { method: "HEAD" });
    const empty = await fetch(`${url}/204`);

    // THEN
    expect([teapot.status, teapot.statusText, await teapot.text()]).toEqual([
      418,
      "Short and stout",
      "GET",
    ]);
    expect(teapot.headers.getSetCookie()).toEqual(["a=1", "b=2"]);
    expect([head.status, await head.text()]).toEqual([418, ""]);
    expect([empty.status, await empty.text()]).toEqual([204, ""]);
  });

  test("a client that offers HTTP/2 is answered in HTTP/1.1", async () => {
    // GIVEN
    const opened = await openHost();
    open.push(opened);
    const url = await put(
      opened.host,
      script("plain", `export default { fetch: () => new Response("hello") }`),
    );

    // WHEN
    const text = await new Promise<string>((resolve) => {
      const outgoing = request(url, {
        headers: {
          connection: "Upgrade, HTTP2-Settings",
          upgrade: "h2c",
          "http2-settings": "AAMAAABk",
        },
      });
      outgoing.on("response", (res) => res.once("data", (chunk) => resolve(String(chunk))));
      outgoing.end();
    });

    // THEN
    expect(text).toBe("hello");
  });
});

describe("WebSockets", () => {
  test("a WebSocket is joined to the Worker's, and ends with it", async () => {
    // GIVEN a Worker that echoes and closes on "bye"
    const opened = await openHost();
    open.push(opened);
    const url = await put(
      opened.host,
      script(
        "socket",
        `export default { fetch(r) {
          if (r.headers.get("upgrade") !== "websocket") return new Response("no socket", { status: 426 });
          if (r.url.endsWith("/refused")) return new Response("refused", { status: 403 });
          const [client, server] = Object.values(new WebSocketPair());
          server.accept();
          server.addEventListener("message", ({ data }) => data === "bye" ? server.close(1000) : server.send("echo " + data));
          return new Response(null, { status: 101, webSocket: client });
        } }`,
      ),
    );
    const port = Number(new URL(url).port);

    // WHEN
    const socket = connect(port, "127.0.0.1");
    let received = "";
    let closed = false;
    socket.on("data", (chunk) => {
      received += chunk.toString("latin1");
    });
    socket.on("close", () => {
      closed = true;
    });
    const handshake = (path: string) =>
      `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`;
    socket.write(handshake("/"));
    await eventually(() => received.includes("\r\n\r\n"));
    socket.write(textFrame("hi"));

    // THEN
    await eventually(() => received.endsWith("echo hi"));
    expect(received).toMatch(/^HTTP\/1\.1 101 /);
    expect(received).toContain("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    socket.write(textFrame("bye"));
    await eventually(() => received.includes("\x88\x02\x03\xe8"));
    socket.end();
    await eventually(() => closed);

    // AND a refusal of the Worker comes as an ordinary response
    const refused = connect(port, "127.0.0.1");
    let answer = "";
    refused.on("data", (chunk) => {
      answer += chunk.toString("latin1");
    });
    refused.write(handshake("/refused"));
    await eventually(() => answer.endsWith("refused") || answer.includes("refused\r\n"));
    expect(answer).toMatch(/^HTTP\/1\.1 403 /);
    refused.destroy();
  });
});

/** A masked text frame with the mask zero. */
function textFrame(text: string): Buffer {
  return Buffer.concat([Buffer.from([0x81, 0x80 | text.length, 0, 0, 0, 0]), Buffer.from(text)]);
}
