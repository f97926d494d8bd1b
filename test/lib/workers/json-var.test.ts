import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { Fn, TerraformLocal, TerraformOutput, TerraformStack, Testing, Token } from "cdktf";
import { Miniflare } from "miniflare";
import { escapeTemplate } from "../../../lib/terraform-text.js";
import {
  JsonVarError,
  renderJsonVar,
  renderJsonVarsPrelude,
} from "../../../lib/workers/json-var.js";
import { newFolder } from "../new-stack.js";

/** What the real Terraform makes of a stack's outputs. */
function evaluate(stack: TerraformStack): Record<string, unknown> {
  const folder = newFolder({});
  writeFileSync(join(folder, "main.tf.json"), Testing.synth(stack));
  const { TF_CLI_CONFIG_FILE: _, ...env } = process.env;
  const terraform = (...args: string[]): string =>
    execFileSync("terraform", args, {
      cwd: folder,
      env: { ...env, CHECKPOINT_DISABLE: "1", TF_INPUT: "0" },
      timeout: 30_000,
      encoding: "utf8",
    });
  terraform("apply", "-auto-approve", "-no-color");
  const outputs: Record<string, { value: unknown }> = JSON.parse(terraform("output", "-json"));
  return Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value]));
}

describe("a JSON var's text", () => {
  test("reaches its destination through the real Terraform as the value that was written", () => {
    // GIVEN values that templates, quotes and encodings could spoil, and such that only Terraform knows
    const stack = new TerraformStack(Testing.app(), "stack");
    const text = new TerraformLocal(stack, "text", 'say "hi" \\ \n');
    const list = new TerraformLocal(stack, "list", ["a", 1]);
    const five = new TerraformLocal(stack, "five", 5);
    const value = {
      plain: `a \${b} %{if} $\${c} "q" \\ \n ü </script>`,
      "k-e y ${z}": [1, -0.5, true, null, [], {}],
      known: text.asString,
      mixed: `<${text.asString}> \${open "q" ${five.asString}`,
      list: list.asList,
      object: Token.asAny({ nested: text.asString }),
      number: five.asNumber,
      call: Fn.upper(text.asString),
    };

    // WHEN
    new TerraformOutput(stack, "json", { value: renderJsonVar(value) });

    // THEN
    expect(JSON.parse(evaluate(stack).json as string)).toEqual({
      ...value,
      known: 'say "hi" \\ \n',
      mixed: `<say "hi" \\ \n> \${open "q" 5`,
      list: ["a", 1],
      object: { nested: 'say "hi" \\ \n' },
      number: 5,
      call: 'SAY "HI" \\ \n',
    });
  });

  test.each<[unknown, string]>([
    [{ when: new Date(0) }, "value.when is a Date"],
    [[1, [Number.NaN]], "value[1][0] is NaN"],
    [10n, "value is a value of type bigint"],
    [{ f() {} }, "value.f is a value of type function"],
    [new Map(), "value is a Map"],
    [undefined, "value is a value of type undefined"],
  ])("fails for %p, which JSON cannot say", (value, message) => {
    expect(() => renderJsonVar(value)).toThrow(new JsonVarError(message));
  });
});

describe("a text var", () => {
  test("reaches its destination through the real Terraform as it was written", () => {
    // GIVEN
    const stack = new TerraformStack(Testing.app(), "stack");
    const five = new TerraformLocal(stack, "five", 5);
    const texts = {
      literal: `a \${b} %{if} $\${c} 100% $5`,
      mixed: `\${open ${five.asString} } %{ $\${x} ${Fn.upper(five.asString)}`,
    };

    // WHEN
    for (const [name, text] of Object.entries(texts)) {
      new TerraformOutput(stack, name, { value: escapeTemplate(text) });
    }

    // THEN
    expect(evaluate(stack)).toEqual({ literal: texts.literal, mixed: `\${open 5 } %{ $\${x} 5` });
  });
});

describe("the code before a bundle", () => {
  const worker = `import { env as imported } from "cloudflare:workers";
const atStart = typeof imported.CONFIG;
export default {
  fetch(request, env) {
    return Response.json({ atStart, config: env.CONFIG, list: env.LIST, text: env.TEXT });
  },
};`;

  async function answer(bindings: Record<string, never>, compatibilityDate: string) {
    const miniflare = new Miniflare({
      cf: false,
      modules: true,
      script: renderJsonVarsPrelude(["CONFIG", "LIST"]) + worker,
      compatibilityDate,
      bindings,
    });
    try {
      return await (await miniflare.dispatchFetch("http://worker/")).json();
    } finally {
      await miniflare.dispose();
    }
  }

  const config = { a: [1, { b: "c" }] };

  test.each(["2024-01-01", "2026-04-26"])(
    "makes objects of the strings the provider sends, before any code of the bundle runs (%s)",
    async (date) => {
      const bindings = { CONFIG: JSON.stringify(config), LIST: "[1]", TEXT: "[1]" };

      expect(await answer(bindings as never, date)).toEqual({
        atStart: "object",
        config,
        list: [1],
        text: "[1]",
      });
    },
  );

  test("leaves alone what arrives as an object, as newer providers send it", async () => {
    const bindings = { CONFIG: config, LIST: [1], TEXT: "x" };

    expect(await answer(bindings as never, "2026-04-26")).toMatchObject({ config, list: [1] });
  });

  test("keeps the bundle's line numbers", () => {
    expect(renderJsonVarsPrelude(["A"])).not.toContain("\n");
  });

  test("is not there without JSON vars", () => {
    expect(renderJsonVarsPrelude([])).toBe("");
  });
});
