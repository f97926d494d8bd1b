/**
 * The load generator of the data plane's benchmark, in a process of its own. It writes bytes to
 * sockets and reads no more of an answer than its length: an HTTP client would cost more than the
 * servers that are measured, and hide what they cost.
 */
import * as net from "node:net";

export interface LoadOrder {
  readonly port: number;
  readonly path: string;
  readonly body: string;
  readonly connections: number;
  readonly milliseconds: number;
}

export interface LoadResult {
  readonly requestsPerSecond: number;
  /** From the request's last byte written to the first byte of the body read, in ms, sorted. */
  readonly firstByte: readonly number[];
}

function load(order: LoadOrder): Promise<LoadResult> {
  const request = Buffer.from(
    `POST ${order.path} HTTP/1.1\r\nhost: 127.0.0.1:${order.port}\r\ncontent-type: application/json\r\nauthorization: Bearer key\r\nuser-agent: bench\r\naccept: */*\r\ncontent-length: ${Buffer.byteLength(order.body)}\r\n\r\n${order.body}`,
  );
  const firstByte: number[] = [];
  let done = 0;
  let open = order.connections;
  const begin = performance.now();
  return new Promise((resolve, reject) => {
    const connect = () => {
      const socket = net.connect(order.port, "127.0.0.1");
      let sentAt = 0;
      let first = true;
      let length = -1;
      let received = 0;
      const send = () => {
        first = true;
        length = -1;
        received = 0;
        sentAt = performance.now();
        socket.write(request);
      };
      const finish = () => {
        done++;
        if (performance.now() - begin < order.milliseconds) return send();
        socket.destroy();
        if (--open > 0) return;
        firstByte.sort((a, b) => a - b);
        const seconds = (performance.now() - begin) / 1000;
        resolve({ requestsPerSecond: done / seconds, firstByte });
      };
      socket.setNoDelay(true);
      socket.on("connect", send);
      socket.on("error", reject);
      socket.on("close", () => {
        if (performance.now() - begin < order.milliseconds) reject(new Error("connection lost"));
      });
      socket.on("data", (bytes) => {
        let rest = bytes;
        if (length === -1) {
          const end = bytes.indexOf("\r\n\r\n");
          if (end < 0) return;
          const head = bytes.toString("latin1", 0, end);
          if (!head.startsWith("HTTP/1.1 200")) return reject(new Error(head));
          const stated = /content-length: (\d+)/i.exec(head)?.[1];
          length = stated === undefined ? Number.POSITIVE_INFINITY : Number(stated);
          rest = bytes.subarray(end + 4);
        }
        if (first && rest.length > 0) {
          first = false;
          firstByte.push(performance.now() - sentAt);
        }
        received += rest.length;
        const chunkedEnd =
          length === Number.POSITIVE_INFINITY &&
          bytes.subarray(-5).toString("latin1") === "0\r\n\r\n";
        if (received >= length || chunkedEnd) finish();
      });
    };
    // Spread over a tenth of a second: all streams at once would queue behind each other for ever.
    for (let index = 0; index < order.connections; index++) {
      setTimeout(connect, (100 * index) / order.connections);
    }
  });
}

process.on("message", async (order: LoadOrder) => {
  try {
    process.send?.(await load(order));
  } catch (error) {
    console.error(error);
    process.exit(1);
  }
});
process.on("disconnect", () => process.exit(0));
