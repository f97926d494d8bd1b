// Runs in workerd: a class on the bare `ctx.container`, and one on the declared settings.
import { DurableObject } from "cloudflare:workers";
import { DeclaredContainer } from "../../../worker/container/declared-container.js";

export class Raw extends DurableObject {
  override async fetch(request: Request): Promise<Response> {
    const { container } = this.ctx;
    if (container === undefined) throw new Error("The class has no container.");
    const url = new URL(request.url);
    const verb = url.searchParams.get("verb");
    if (verb === "start") {
      const { searchParams: query } = url;
      const entrypoint = query.getAll("entrypoint");
      container.start({
        enableInternet: true,
        env: Object.fromEntries(query.getAll("env").map((pair) => pair.split("="))),
        ...(entrypoint.length > 0 ? { entrypoint } : {}),
      });
      // Ends with the container; nobody may wait for it here.
      container.monitor().then(
        () => this.ctx.storage.put("end", "0"),
        (error) => this.ctx.storage.put("end", String(error)),
      );
      return Response.json({});
    }
    if (verb === "destroy") await container.destroy();
    if (verb === "signal") container.signal(15);
    if (verb === "state" || verb === "destroy" || verb === "signal") {
      return Response.json({ running: container.running, end: await this.ctx.storage.get("end") });
    }
    const port = Number(url.searchParams.get("port") ?? 8080);
    for (let attempt = 0; ; attempt++) {
      try {
        return await container.getTcpPort(port).fetch(`http://container${url.pathname}`);
      } catch (error) {
        if (attempt >= Number(url.searchParams.get("attempts") ?? 100))
          return new Response(String(error), { status: 502 });
        if (String(error).includes("not exposed"))
          return new Response(String(error), { status: 502 });
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  }
}

export class Declared extends DeclaredContainer {
  override onStart(): void {
    console.log("declared: started");
  }
  override onStop(): void {
    console.log("declared: stopped");
  }
  status() {
    return this.getState();
  }
}

interface Namespace {
  idFromName(name: string): unknown;
  get(id: unknown): { fetch(request: Request): Promise<Response>; status(): Promise<object> };
}

export default {
  async fetch(request: Request, env: Readonly<Record<string, Namespace>>): Promise<Response> {
    const url = new URL(request.url);
    const namespace = env[url.searchParams.get("class") ?? "RAW"];
    if (namespace === undefined) return new Response("No such class", { status: 404 });
    const stub = namespace.get(namespace.idFromName(url.searchParams.get("name") ?? "one"));
    if (url.searchParams.has("status")) return Response.json(await stub.status());
    const text = url.searchParams.get("echo");
    if (text === null) return await stub.fetch(request);
    const headers = { upgrade: "websocket" };
    const { webSocket } = await stub.fetch(new Request(request, { headers }));
    if (!webSocket) return new Response("No WebSocket", { status: 502 });
    webSocket.accept();
    return new Promise((resolve) => {
      webSocket.addEventListener("message", ({ data }) => {
        resolve(new Response(String(data)));
        webSocket.close();
      });
      webSocket.send(text);
    });
  },
};
