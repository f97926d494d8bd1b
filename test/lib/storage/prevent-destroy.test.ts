import { expect, test } from "@jest/globals";
import { TerraformVariable, Token } from "cdktf";
import { D1Database, KvNamespace, Queue, R2Bucket } from "../../../lib/index.js";
import { newStack, problemsOf } from "../new-stack.js";

test.each([KvNamespace, R2Bucket, D1Database, Queue])(
  "a value that only Terraform knows is refused as preventDestroy",
  (Storage) => {
    const stack = newStack();
    const variable = new TerraformVariable(stack, "keep", { type: "bool" });
    const preventDestroy = Token.asAny(variable.value) as unknown as boolean;
    new Storage(stack, "data", { preventDestroy });

    expect(problemsOf(stack)).toEqual([
      "[chat/data] preventDestroy: got a token; allowed is true or false, written out: what only Terraform knows protects nothing.",
    ]);
  },
);
