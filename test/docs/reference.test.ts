import { describe, expect, test } from "@jest/globals";
import { entries, extractApi } from "../../build/reference/extract-api.js";
import { missingDocs, renderReference } from "../../build/reference/render-reference.js";

describe("the generated reference", () => {
  const api = extractApi();

  test.each(entries.map((entry) => [entry.module, entry] as const))(
    "%s says what every class and prop is, and what an optional prop defaults to",
    (_, entry) => {
      expect(missingDocs(api.get(entry) ?? [])).toEqual([]);
    },
  );

  test("shows a prop with its type, text, default and source", () => {
    const [constructs] = entries;
    const page = renderReference(constructs.module, api.get(constructs) ?? []);

    expect(page).toMatch(
      /^\| `cacheTtl\?` \| `number` \| Seconds .*<br>\*default:\* 0<br>\*see:\* https:/m,
    );
  });
});
