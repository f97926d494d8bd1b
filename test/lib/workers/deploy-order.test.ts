import { describe, expect, test } from "@jest/globals";
import type { TerraformStack } from "cdktf";
import { DurableObjectNamespace, Worker } from "../../../lib/index.js";
import { newBundle, newStack, problemsOf, synth } from "../new-stack.js";

const bundle = newBundle("export class Room {}\nexport default { fetch() {} };\n");
const newWorker = (stack: TerraformStack, id: string) => new Worker(stack, id, { bundle });

const circle = (...names: string[]) =>
  `[chat/${names[0]}] deploy order: ${names.map((name) => `chat/${name}`).join(" needs ")}; each would have to be deployed before the other. Give one of them the other's name written out, such as { type: "service", service: "its-name" }, and add that in a second deploy.`;
const itself =
  "[chat/api] this Worker is given something that is known only after its own deploy, such as its url or scriptName. Write the name out, or take the address from the request.";

describe("The order Workers are deployed in", () => {
  test.each<[string, (stack: TerraformStack) => void, string]>([
    [
      "two services of each other",
      (stack) => {
        const [api, web] = [newWorker(stack, "api"), newWorker(stack, "web")];
        api.addBinding("WEB", web);
        web.addBinding("API", api);
      },
      circle("api", "web", "api"),
    ],
    [
      "a longer circle, of several kinds of bindings",
      (stack) => {
        const [api, rooms, web] = ["api", "rooms", "web"].map((id) => newWorker(stack, id)) as [
          Worker,
          Worker,
          Worker,
        ];
        rooms.addMigration({ newSqliteClasses: ["Room"] });
        api.addBinding("WEB", web);
        web.addBinding(
          "ROOMS",
          new DurableObjectNamespace(stack, "ns", { worker: rooms, className: "Room" }),
        );
        rooms.addVar("API_NAME", api.scriptName);
      },
      circle("api", "web", "rooms", "api"),
    ],
    [
      "a Worker that is given its own address",
      (stack) => {
        const api = newWorker(stack, "api");
        api.addVar("URL", api.url);
      },
      itself,
    ],
  ])("is none, which fails at synth and not as a cycle in Terraform: %s", (_, build, problem) => {
    const stack = newStack({ workersDevSubdomain: "acme" } as never);
    build(stack);

    expect(problemsOf(stack)).toEqual([problem]);
  });

  test("may go from one to several, and from several to one", () => {
    const stack = newStack();
    const [api, first, second, store] = ["api", "first", "second", "store"].map((id) =>
      newWorker(stack, id),
    ) as [Worker, Worker, Worker, Worker];
    api.addBinding("FIRST", first);
    api.addBinding("SECOND", second);
    first.addBinding("STORE", store);
    second.addBinding("STORE", store);

    expect(problemsOf(stack)).toEqual([]);
  });

  test("has room for a Worker that is a service of its own", () => {
    const stack = newStack();
    const api = newWorker(stack, "api");
    api.addBinding("SELF", api);

    expect(problemsOf(stack)).toEqual([]);
    expect(synth(stack).resource?.cloudflare_workers_script).toHaveProperty(
      "api_C8550315.bindings",
      [{ name: "SELF", service: "chat-api", type: "service" }],
    );
  });
});
