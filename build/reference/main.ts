import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { extractApi } from "./extract-api.js";
import { renderReference } from "./render-reference.js";

/** Writes the reference of the public API into docs/reference/, a page for each entry of the package. */
function main(): void {
  const folder = resolve(__dirname, "../../docs/reference");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [{ module }, items] of extractApi()) {
    const name = `${module.split("/").slice(1).join("-") || "constructs"}.md`;
    writeFileSync(join(folder, name), renderReference(module, items));
    console.log(`docs/reference/${name}: ${items.length} names`);
  }
}

main();
