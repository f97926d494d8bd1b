import * as http from "node:http";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { ManualClock } from "../../../emulator/clock.js";
import { ACCOUNT, Harness, LLAMA, Provider, TOKEN, until } from "./harness.js";

/** A caller that reads as bytes come, and can leave. */
class Caller {
  readonly chunks: string[] = [];
  status = 0;
  headers: http.IncomingHttpHeaders = {};
  ended = false;
  broken = false;
  readonly request: http.ClientRequest;

  constructor(url: string, body: unknown) {
    const headers = { "content-type": "application/json", authorization: `Bearer ${TOKEN}` };
    this.request = http.request(url, { method: "POST", agent: false, headers });
    this.request.on("error", () => {
      this.broken = true;
    });
    this.request.on("response", (response) => {
      this.status = response.statusCode ?? 0;
      this.headers = response.headers;
      response.on("data", (chunk) => this.chunks.push(String(chunk)));
      response.on("end", () => {
        this.ended = true;
      });
      response.on("error", () => {
        this.broken = true;
      });
    });
    this.request.end(JSON.stringify(body));
  }

  get text(): string {
    return this.chunks.join("");
  }
}

/** The model sleeps: from now on time may pass. */
const asleep = () => until(() => harness.manual.sleepers > 0, "the model sleeps");
const settle = () => new Promise((resolve) => setTimeout(resolve, 30));

let harness: Harness;
let provider: Provider;
let current: http.ServerResponse | undefined;
let caller: Caller;

beforeEach(async () => {
  current = undefined;
  provider = await new Provider((_request, response) => {
    current = response;
  }).start();
  harness = await new Harness({ openai: { baseUrl: provider.url } }, new ManualClock()).start();
  harness.gateway("main", { cache_ttl: 60 });
});
afterEach(async () => {
  caller.request.destroy();
  await harness.close();
  await provider.close();
});

const callOpenai = () => {
  const url = `${harness.url}/v1/${ACCOUNT}/main/openai/chat/completions`;
  caller = new Caller(url, { model: "m", stream: true });
  return until(() => current !== undefined, "the provider is asked");
};
const callScripted = () => {
  const url = `${harness.url}/v1/${ACCOUNT}/main/workers-ai/${LLAMA}`;
  caller = new Caller(url, { prompt: "hello", stream: true });
};
const sse = { "content-type": "text/event-stream" };

describe("GIVEN a provider that streams", () => {
  test("WHEN an event is sent THEN the caller has it before the next one exists", async () => {
    await callOpenai();
    current?.writeHead(200, sse).write("data: one\n\n");
    await until(() => caller.text === "data: one\n\n", "the first event arrives");
    current?.write("data: two\n\n");
    await until(() => caller.text.endsWith("data: two\n\n"), "the second event arrives");
    current?.end("data: [DONE]\n\n");
    await until(() => caller.ended, "the stream ends");
    expect(caller.text).toBe("data: one\n\ndata: two\n\ndata: [DONE]\n\n");
    expect(caller.headers["content-type"]).toBe("text/event-stream");
  });

  test("WHEN only the head is there THEN the caller sees that the answer began", async () => {
    await callOpenai();
    current?.writeHead(200, sse).flushHeaders();
    await until(() => caller.status === 200, "the head arrives");
    expect(caller.headers["cf-aig-cache-status"]).toBe("MISS");
  });

  test("WHEN the bytes are no text THEN they arrive as they are", async () => {
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, index) => index));
    const url = `${harness.url}/v1/${ACCOUNT}/main/openai/audio/speech`;
    const answer = fetch(url, { method: "POST", body: "{}" });
    await until(() => current !== undefined, "the provider is asked");
    current?.writeHead(200, { "content-type": "audio/mpeg" }).write(bytes.subarray(0, 100));
    current?.end(bytes.subarray(100));
    expect(Buffer.from(await (await answer).arrayBuffer())).toEqual(bytes);
    caller = new Caller(url, {});
  });

  test("WHEN the caller leaves in the middle THEN the provider's request ends at once", async () => {
    await callOpenai();
    current?.writeHead(200, sse).write("data: one\n\n");
    await until(() => caller.text !== "", "the first event arrives");
    caller.request.destroy();
    await until(() => provider.aborted === 1, "the provider's request ends");
    await until(() => harness.rows().length === 1, "the row is written");
    expect(harness.rows()[0]).toMatchObject({ status_code: 200, success: false });
  });

  test("WHEN the caller leaves before the head THEN the provider's request ends at once", async () => {
    await callOpenai();
    caller.request.destroy();
    await until(() => provider.aborted === 1, "the provider's request ends");
    await until(() => harness.rows().length === 1, "the row is written");
    expect(harness.rows()[0]).toMatchObject({ status_code: 499, success: false });
  });

  test("WHEN the provider breaks off THEN the caller's answer breaks off, and is not stored", async () => {
    await callOpenai();
    current?.writeHead(200, { "content-type": "application/json" }).write('{"half":');
    await until(() => caller.text !== "", "the first bytes arrive");
    current?.destroy();
    await until(() => caller.broken, "the caller sees the break");
    expect(caller.ended).toBe(false);
    current = undefined;
    await callOpenai();
    expect(provider.requests).toHaveLength(2);
  });

  test("WHEN the caller reads slowly THEN the provider is slowed down", async () => {
    const url = `${harness.url}/v1/${ACCOUNT}/main/openai/files`;
    caller = new Caller(url, {});
    let reading: http.IncomingMessage | undefined;
    caller.request.prependListener("response", (response) => {
      reading = response;
      response.pause();
    });
    await until(() => current !== undefined, "the provider is asked");
    current?.writeHead(200, sse);
    const block = Buffer.alloc(1 << 20);
    let sent = 0;
    while (sent < 64 && current?.write(block) !== undefined && current.writableLength < 8 << 20) {
      sent++;
      await new Promise((resolve) => setImmediate(resolve));
    }
    await until(() => reading !== undefined, "the caller has the head");
    await settle();
    // Sockets hold a few megabytes; the rest waits at the provider.
    expect(current?.writableLength).toBeGreaterThan(1 << 20);
  });
});

describe("GIVEN the scripted model with its latency of one second", () => {
  test("WHEN a stream is asked for THEN the first token is there long before the last", async () => {
    callScripted();
    await asleep();
    expect(caller.text).toBe("");
    harness.manual.advance(100);
    await until(() => caller.text.includes("data: "), "the first token arrives");
    await settle();
    expect(caller.text.match(/data: /g)).toHaveLength(1);
    for (let ms = 100; ms < 1000; ms += 10) {
      harness.manual.advance(10);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await until(() => caller.ended, "the stream ends");
    expect(caller.text.match(/data: /g)?.length).toBeGreaterThan(10);
    expect(caller.text.endsWith("data: [DONE]\n\n")).toBe(true);
  });

  test("WHEN the caller leaves while the model sleeps THEN the row is written at once", async () => {
    callScripted();
    await asleep();
    caller.request.destroy();
    await until(() => harness.rows().length === 1, "the row is written");
    expect(harness.rows()[0]).toMatchObject({ status_code: 499, success: false });
  });

  test("WHEN the caller leaves between two tokens THEN the row is written at once", async () => {
    callScripted();
    await asleep();
    harness.manual.advance(100);
    await until(() => caller.text !== "", "the first token arrives");
    caller.request.destroy();
    await until(() => harness.rows().length === 1, "the row is written");
    expect(harness.rows()[0]).toMatchObject({ status_code: 200, success: false });
  });
});
