import { expect, test } from "@jest/globals";
import { deploys, InterruptedDeploy } from "./interrupted-deploy.js";
import { pointsToTry, tell } from "./points-to-try.js";

const said = (text: string): string => text.replace(/[\s│]+/g, " ");

/** What a deploy says is to be deleted by hand: what the API takes twice under one name. */
const toDelete = (text: string): readonly string[] =>
  /Delete it by its id, ([\w-]+(?:, [\w-]+)*), or/.exec(said(text))?.[1]?.split(", ") ?? [];

test.each(Object.entries(deploys))(
  "%s of which any answer is lost is complete, or fails and is completed by the next one",
  async (name, deploy) => {
    // GIVEN the calls of a deploy of everything
    const prepared = await InterruptedDeploy.prepare(deploy);
    const failures: string[] = [];
    let byHand = 0;
    try {
      // A read is asked again, and changes nothing.
      const points = pointsToTry(await prepared.calls(), (nth, isWrite) => (isWrite ? [nth] : []));
      for (const nth of points) {
        let at: string | undefined;
        try {
          // WHEN an answer of it is lost
          await prepared.begin();
          const { faults } = prepared.bench.emulator;
          faults.add({ nth, answer: "lost" });
          const { code, stderr } = await prepared.run();
          at = faults.calls
            .filter(({ struck }) => struck)
            .map(({ method, path }) => `${method} ${path}`)[0];
          expect(at).toBeDefined();
          faults.clear();

          // THEN it fails aloud, or everything is there once, or gone
          const ids = toDelete(stderr);
          if (ids.length > 0) byHand += 1;
          for (const id of ids) {
            const kind = at?.replace(/^POST \/accounts\/\w+/, "");
            expect((await prepared.bench.api("DELETE", `${kind}/${id}`)).status).toBe(200);
          }
          if (code !== 0) await prepared.finish();
          expect(await prepared.problems()).toEqual([]);
          tell(
            `${name}: converged, exit code ${code}, when the answer to call ${nth} was lost, ${at}`,
          );
        } catch (error) {
          failures.push(`call ${nth}, ${at}: ${(error as Error).message}`);
          tell(`${name}: ${failures.at(-1)}`);
        }
      }
      console.info(
        `${name}: ${points.length - failures.length} of ${points.length} lost answers converge, ` +
          `${byHand} of them after something was deleted by its id.`,
      );
    } finally {
      await prepared.bench.close();
    }
    expect(failures).toEqual([]);
  },
  7_200_000,
);
