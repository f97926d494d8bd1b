import { describe, expect, test } from "@jest/globals";
import { usage } from "../../../emulator/cli/arguments.js";
import { programName } from "../../../emulator/program-name.js";

const here = { npm_package_name: "cdktf-cloudflare-ai-gateway", npm_lifecycle_event: "emulator" };
const elsewhere = { npm_package_name: "my-app", npm_lifecycle_event: "npx" };

describe("the program's name", () => {
  test("is what its caller types: in this repository, and with the package", () => {
    expect(programName("", here)).toBe("npm run emulator");
    expect(programName("cdktf diff", here)).toBe("npm run emulator -- cdktf diff");
    expect(programName("", elsewhere)).toBe("npx ai-gateway-emulator");
    expect(programName("cdktf diff", elsewhere)).toBe("npx ai-gateway-emulator cdktf diff");
  });

  test("is the one in the help", () => {
    expect(usage(here)).toContain("npm run emulator -- cdktf deploy");
    expect(usage(elsewhere)).toContain("npx ai-gateway-emulator cdktf deploy");
    expect(usage(elsewhere)).not.toContain("npm run");
  });
});
