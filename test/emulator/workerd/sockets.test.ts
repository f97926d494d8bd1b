import { once } from "node:events";
import { connect } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, test } from "@jest/globals";
import WebSocket from "ws";
import { closedAfterEach } from "./closed-after-each.js";
import { eventually, openHost, put, script } from "./host-fixture.js";

const open = closedAfterEach();

const room = `
import { DurableObject } from "cloudflare:workers";
let constructed = 0;
export class Room extends DurableObject {
  constructor(ctx, env) {
    super(ctx, env);
    constructed += 1;
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair("ping", "pong"));
  }
  fetch(request) {
    if (request.headers.get("upgrade") !== "websocket") return new Response(String(constructed));
    const [client, server] = Object.values(new WebSocketPair());
    this.ctx.acceptWebSocket(server, ["tagged"]);
    server.serializeAttachment({ name: "ada" });
    return new Response(null, { status: 101, webSocket: client });
  }
  webSocketMessage(socket, message) {
    if (message === "who") {
      const { name } = socket.deserializeAttachment();
      return socket.send(JSON.stringify([constructed, name, this.ctx.getWebSockets("tagged").length]));
    }
    socket.send(message);
  }
}
export default { fetch: (request, env) => env.ROOM.get(env.ROOM.idFromName("a")).fetch(request) }`;

const deployed = script("room", room, {
  bindings: [{ type: "durable_object_namespace", name: "ROOM", class_name: "Room" }],
  durableObjects: [{ className: "Room", storageKey: "room", sqlite: true }],
});

describe("a WebSocket of a Durable Object", () => {
  test("stays open while the object is evicted, which wakes with its attachment and tags", async () => {
    // GIVEN
    const { host, ...opened } = await openHost();
    open.push(opened);
    const socket = new WebSocket(await put(host, deployed));
    const received: string[] = [];
    socket.on("message", (data) => received.push(String(data)));
    await once(socket, "open");
    socket.send("who");
    await eventually(() => received.length === 1);

    // WHEN nothing but pings comes for as long as workerd keeps an idle object
    for (let second = 0; second < 13; second += 1) {
      await delay(1_000);
      socket.send("ping");
    }
    await eventually(() => received.length === 14);
    socket.send("who");
    await eventually(() => received.length === 15);

    // THEN its constructor has run again, and nothing else has changed
    expect(received).toEqual([
      JSON.stringify([1, "ada", 1]),
      ...Array.from({ length: 13 }, () => "pong"),
      JSON.stringify([2, "ada", 1]),
    ]);
    socket.terminate();
  });

  test("takes large frames both ways, as they are", async () => {
    // GIVEN
    const { host, ...opened } = await openHost();
    open.push(opened);
    const socket = new WebSocket(await put(host, deployed), { maxPayload: 4 << 20 });
    await once(socket, "open");
    const sent = Array.from({ length: 8 }, (_, index) =>
      Buffer.alloc((1 << 20) - index, String(index)),
    );
    const received: Buffer[] = [];
    socket.on("message", (data) => received.push(data as Buffer));

    // WHEN
    for (const frame of sent) socket.send(frame);

    // THEN
    await eventually(() => received.length === sent.length, 20_000);
    expect(received.every((frame, index) => frame.equals(sent[index] as Buffer))).toBe(true);
    socket.terminate();
  });

  test("holds its sender back while the client does not read, and loses nothing", async () => {
    // GIVEN an object that sends 64 MB at once, and then closes
    const { host, ...opened } = await openHost();
    open.push(opened);
    const flood = room.replace("socket.send(message);", () => {
      return "for (let i = 0; i < 64; i++) socket.send(new Uint8Array(1 << 20)); socket.close(1000, 'done');";
    });
    const url = await put(host, {
      ...deployed,
      modules: [{ name: "index.js", type: "ESModule", content: new TextEncoder().encode(flood) }],
    });
    const socket = new WebSocket(url, { maxPayload: 4 << 20 });
    await once(socket, "open");
    let received = 0;
    socket.on("message", (data) => {
      received += (data as Buffer).length;
    });
    const before = process.memoryUsage().arrayBuffers;

    // WHEN
    socket.pause();
    socket.send("flood");
    await delay(1_500);

    // THEN
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(16 << 20);
    const closed = once(socket, "close");
    socket.resume();
    const [code] = (await closed) as [number];
    expect([code, received]).toEqual([1000, 64 << 20]);
  });

  test("is told of a restart between two frames, however they were cut on the way", async () => {
    // GIVEN a client with frames of 1 MB under way
    const { host, ...opened } = await openHost();
    open.push(opened);
    const socket = new WebSocket(await put(host, deployed), { maxPayload: 4 << 20 });
    await once(socket, "open");
    const sizes = new Set<number>();
    socket.on("message", (data) => {
      sizes.add((data as Buffer).length);
      socket.send(data);
    });
    const closed = once(socket, "close");
    for (let copies = 0; copies < 4; copies += 1) socket.send(Buffer.alloc(1 << 20));
    await eventually(() => sizes.size === 1);

    // WHEN
    await host.deploy({ ...deployed, compatibilityDate: "2026-04-02" });

    // THEN
    const [code] = (await closed) as [number];
    expect(code).toBe(1012);
    expect([...sizes]).toEqual([1 << 20]);
  });

  test("is told that nobody answers any more when the host closes", async () => {
    const { host, ...opened } = await openHost();
    const socket = new WebSocket(await put(host, deployed));
    await once(socket, "open");
    const closed = once(socket, "close");

    await opened.close();

    const [code, reason] = (await closed) as [number, Buffer];
    expect([code, String(reason)]).toEqual([1001, "going away"]);
  });

  test("is told so when its Worker is removed, and a client that does not listen is cut off", async () => {
    const { host, ...opened } = await openHost();
    open.push(opened);
    const echo = script(
      "echo",
      `export default { fetch() {
        const [client, server] = Object.values(new WebSocketPair());
        server.accept();
        return new Response(null, { status: 101, webSocket: client });
      } }`,
    );
    const url = await put(host, echo);
    const socket = new WebSocket(url);
    await once(socket, "open");
    const deaf = connect(Number(new URL(url).port), "127.0.0.1");
    deaf.write(
      "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n",
    );
    await once(deaf, "readable");
    const ends = [once(socket, "close"), once(deaf, "close")] as const;
    deaf.resume();

    await host.remove(echo.accountId, echo.name);

    const [[code]] = (await Promise.all(ends)) as [[number], unknown];
    expect(code).toBe(1001);
  });
});
