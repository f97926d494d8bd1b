import { describe, expect, test } from "@jest/globals";
import { TerraformOutput, type TerraformStack, Testing } from "cdktf";
import { Worker } from "../../../lib/index.js";
import { newStack, only, synth } from "../new-stack.js";
import { bundle, newWorker } from "./new-worker.js";

describe("a Worker's url", () => {
  const output = (stack: TerraformStack, worker: Worker): Record<string, { value: unknown }> => {
    new TerraformOutput(stack, "url", { value: worker.url });
    return synth(stack).output as Record<string, { value: unknown }>;
  };

  test("takes the account's name from one data source per stack, which depends on nothing", () => {
    // GIVEN
    const { stack, worker } = newWorker();
    const second = new Worker(stack, "second", { bundle });

    // WHEN
    const { url } = output(stack, worker);
    new TerraformOutput(stack, "second-url", { value: second.url });

    // THEN
    const { data, resource } = synth(stack);
    const [subdomain] = Object.keys(data?.restful_resource ?? {});
    const [name] = Object.keys(resource?.cloudflare_workers_script ?? {}).filter((key) =>
      key.startsWith("worker_"),
    );
    expect(only(data?.restful_resource)).toEqual({
      id: "/accounts/account/workers/subdomain",
      selector: "result",
      output_attrs: ["subdomain"],
    });
    expect(url?.value).toBe(
      `https://\${cloudflare_workers_script.${name}.script_name}.\${data.restful_resource.${subdomain}.output.subdomain}.workers.dev`,
    );
  });

  test("asks nobody for an account's name that is given", () => {
    const { stack, worker } = newWorker({}, newStack({ workersDevSubdomain: "acme" }));

    expect(output(stack, worker).url?.value).toMatch(/\.acme\.workers\.dev$/);
    expect(synth(stack).data).toBeUndefined();
  });

  test("is read from the emulator where the API is on this machine", () => {
    // GIVEN
    const { stack, worker } = newWorker(
      {},
      newStack({ baseUrl: "http://127.0.0.1:8787/client/v4" }),
    );

    // WHEN
    const { url } = output(stack, worker);

    // THEN
    const { data } = synth(stack);
    expect(only(data?.restful_resource)).toEqual({
      id: expect.stringMatching(
        /^\/accounts\/account\/emulator\/workers\/\$\{cloudflare_workers_script\..*\.script_name\}$/,
      ),
      selector: "result",
      output_attrs: ["url"],
    });
    expect(url?.value).toMatch(/^\$\{data\.restful_resource\..*\.output\.url\}$/);
  });

  test("leaves nothing of the emulator in a stack for Cloudflare", () => {
    const { stack, worker } = newWorker();
    output(stack, worker);

    expect(Testing.synth(stack)).not.toMatch(/emulat/i);
  });
});
