import { describe, expect, test } from "@jest/globals";
import { TerraformStack, Testing } from "cdktf";
import { Construct } from "constructs";
import { siblingName } from "../../../lib/rest-api/sibling-name.js";
import { TerraformData } from "../../../lib/terraform-data.js";

describe("the name of a construct's sibling", () => {
  const namesIn = (path: readonly string[], ownId: string) => {
    const stack = new TerraformStack(Testing.app(), "names");
    const scope = path.reduce<Construct>((outer, id) => new Construct(outer, id), stack);
    return ["", "Declared"].map(
      (suffix) => new TerraformData(scope, `${ownId}${suffix}`).friendlyUniqueId,
    );
  };

  test.each([
    [["baseline"], "Resource"],
    [["chat", "baseline"], "Resource"],
    [["chat_eu", "slow-requests_2"], "Resource"],
    [["chat", "key"], "Config-openai-default"],
  ])("is found by the construct's own: %j", (path, ownId) => {
    const [own = "", sibling] = namesIn(path, ownId);

    expect(siblingName(own, ownId, `${ownId}Declared`)).toBe(sibling);
  });

  test.each(["given-by-hand", "baseline_0F7A3C55", Array(40).fill("a").join("_")])(
    "is not guessed: %s",
    (name) => {
      expect(siblingName(name, "Resource", "ResourceDeclared")).toBeUndefined();
    },
  );

  test("is not guessed of a path whose ids are not all of the name", () => {
    const [own = ""] = namesIn(["the baseline"], "Resource");

    expect(siblingName(own, "Resource", "ResourceDeclared")).toBeUndefined();
  });
});
