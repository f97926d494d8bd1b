import { describe, expect, test } from "@jest/globals";
import { closedAfterEach } from "./closed-after-each.js";
import { answers, openHost, put, script, writeAssets } from "./host-fixture.js";

const open = closedAfterEach();

const html = (content: string) => ({ content, contentType: "text/html" });

describe("a Worker's assets", () => {
  test("files, headers and redirects are served as configured, everything else by the Worker", async () => {
    // GIVEN
    const opened = await openHost();
    open.push(opened);
    const assets = await writeAssets(
      opened.directory,
      {
        "/index.html": html("<h1>home</h1>"),
        "/data.weird": { content: "[]", contentType: "application/vnd.own+json" },
        // Uploaded beside the others by Terraform; it holds settings, and is not to be read here.
        "/_redirects": { content: "/wrong /elsewhere 302", contentType: "text/plain" },
      },
      { headers: "/index.html\n  X-Own: yes\n/\n  X-Own: yes\n", redirects: "/old /new 301\n" },
    );

    // WHEN
    const url = await put(opened.host, script("site", answers("from the Worker"), { assets }));

    // THEN
    const home = await fetch(`${url}/`);
    expect([home.status, await home.text(), home.headers.get("x-own")]).toEqual([
      200,
      "<h1>home</h1>",
      "yes",
    ]);
    expect((await fetch(`${url}/data.weird`)).headers.get("content-type")).toBe(
      "application/vnd.own+json",
    );
    const old = await fetch(`${url}/old`, { redirect: "manual" });
    expect([old.status, old.headers.get("location")]).toEqual([301, "/new"]);
    expect(await (await fetch(`${url}/ai`)).text()).toBe("from the Worker");
    expect(await (await fetch(`${url}/wrong`)).text()).toBe("from the Worker");
  });

  test("two Workers serve their own files, also after one of them was deployed again", async () => {
    // GIVEN
    const opened = await openHost();
    open.push(opened);
    const assetsOf = async (text: string) =>
      await writeAssets(opened.directory, { "/index.html": html(text) });

    // WHEN
    const one = await put(
      opened.host,
      script("one", answers("-"), { assets: await assetsOf("one") }),
    );
    const two = await put(
      opened.host,
      script("two", answers("-"), { assets: await assetsOf("two") }),
    );
    await put(opened.host, script("one", answers("-"), { assets: await assetsOf("one again") }));

    // THEN
    expect(await (await fetch(one)).text()).toBe("one again");
    expect(await (await fetch(two)).text()).toBe("two");
  });

  test.each([
    { run_worker_first: true, worker: ["/index.html", "/api/x"], asset: [] },
    {
      run_worker_first: ["/api/*", "!/api/docs/*"],
      worker: ["/api/x"],
      asset: ["/index", "/api/docs/a"],
    },
    { run_worker_first: false, worker: ["/api/y"], asset: ["/index", "/api/x", "/api/docs/a"] },
  ])("run_worker_first $run_worker_first decides who answers", async (row) => {
    // GIVEN
    const opened = await openHost();
    open.push(opened);
    const assets = await writeAssets(
      opened.directory,
      {
        "/index.html": html("asset"),
        "/api/x.html": html("asset"),
        "/api/docs/a.html": html("asset"),
      },
      { run_worker_first: row.run_worker_first, html_handling: "auto-trailing-slash" },
    );

    // WHEN
    const url = await put(opened.host, script("site", answers("worker"), { assets }));

    // THEN
    for (const path of row.worker) {
      expect(`${path} ${await (await fetch(url + path)).text()}`).toBe(`${path} worker`);
    }
    for (const path of row.asset) {
      expect(`${path} ${await (await fetch(url + path)).text()}`).toBe(`${path} asset`);
    }
  });

  test("an unknown path is answered by the single page of an application that says so", async () => {
    // GIVEN
    const opened = await openHost();
    open.push(opened);
    const assets = await writeAssets(
      opened.directory,
      { "/index.html": html("the page") },
      { not_found_handling: "single-page-application" },
    );

    // WHEN
    const url = await put(
      opened.host,
      script("app", "export default { fetch: (r, env) => env.ASSETS.fetch(r) }", {
        assets,
        bindings: [{ type: "assets", name: "ASSETS" }],
      }),
    );

    // THEN
    const deep = await fetch(`${url}/deep/link`, { headers: { "sec-fetch-mode": "navigate" } });
    expect([deep.status, await deep.text()]).toEqual([200, "the page"]);
  });

  test("a path that leaves the assets is refused", async () => {
    // GIVEN
    const opened = await openHost();
    open.push(opened);
    const assets = await writeAssets(opened.directory, { "/../../outside": html("x") });

    // WHEN
    const deployed = opened.host.deploy(script("bad", answers("-"), { assets }));

    // THEN
    await expect(deployed).rejects.toThrow(/Asset path "\/\.\.\/\.\.\/outside" is not allowed/);
  });
});
