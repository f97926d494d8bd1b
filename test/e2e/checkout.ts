import { cp, symlink } from "node:fs/promises";
import { join, resolve } from "node:path";
import { removeFolder, temporaryFolder } from "../secrets/temporary-folder.js";

const root = resolve(__dirname, "../..");
const parts = [
  "app",
  "emulator",
  "lib",
  "protocol",
  "worker",
  "package.json",
  "cdktf.json",
  "tsconfig.json",
  "tsconfig.base.json",
] as const;

/** A copy of the checkout with nothing deployed from it, so that runs do not meet. */
export async function copyCheckout(): Promise<{ directory: string; remove(): Promise<void> }> {
  const directory = temporaryFolder("ai-gateway-checkout-");
  for (const name of parts) {
    await cp(join(root, name), join(directory, name), { recursive: true });
  }
  await symlink(join(root, "node_modules"), join(directory, "node_modules"));
  return {
    directory,
    remove: () => removeFolder(directory),
  };
}
