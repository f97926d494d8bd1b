import { expect, test } from "@jest/globals";
import { closedAfterEach } from "./closed-after-each.js";
import { openHost, put, script } from "./host-fixture.js";

const open = closedAfterEach();

test("a bucket has objects from the first put to the last delete, while its Worker runs", async () => {
  // GIVEN
  const opened = await openHost();
  open.push(opened);
  const url = await put(
    opened.host,
    script(
      "files",
      `export default { async fetch(request, env) {
        if (request.method === "PUT") await env.FILES.put("one", "content");
        if (request.method === "DELETE") await env.FILES.delete("one");
        return new Response(String((await env.FILES.list()).objects.length));
      } }`,
      { bindings: [{ type: "r2_bucket", name: "FILES", bucket_name: "files" }] },
    ),
  );
  const count = async (method: string) => (await fetch(url, { method })).text();
  const empty = await opened.host.hasObjects("files");
  // WHEN
  const filled = [await count("PUT"), await opened.host.hasObjects("files")];
  const emptied = await count("DELETE");
  // THEN the content's file goes a moment after the object, so this waits for it, within the test's limit
  expect(empty).toBe(false);
  expect(filled).toEqual(["1", true]);
  expect(emptied).toBe("0");
  while (await opened.host.hasObjects("files")) await new Promise(setImmediate);
});
