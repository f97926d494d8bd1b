import { expect, test } from "@jest/globals";
import { deploys, InterruptedDeploy } from "./interrupted-deploy.js";
import { killAt, type Moment } from "./killed-apply.js";
import { pointsToTry, tell } from "./points-to-try.js";

type Point = readonly [nth: number, moment: Moment];

/** A read changes nothing: after it is as before it. */
const momentsOf = (nth: number, isWrite: boolean): readonly Point[] =>
  isWrite
    ? [
        [nth, "before"],
        [nth, "after"],
      ]
    : [[nth, "before"]];

test.each(Object.entries(deploys))(
  "%s that is killed at any of its calls is completed by the next one",
  async (name, deploy) => {
    // GIVEN the calls of a deploy of everything
    const prepared = await InterruptedDeploy.prepare(deploy);
    const failures: string[] = [];
    try {
      const points = pointsToTry(await prepared.calls(), momentsOf);
      for (const [nth, moment] of points) {
        let at: string | undefined;
        try {
          // WHEN it is killed, and run again
          await prepared.begin();
          at = await killAt(prepared.bench, deploy.command, nth, moment);
          expect(at).toBeDefined();
          await prepared.finish();

          // THEN everything is there once, or gone, and nothing is left to do
          expect(await prepared.problems()).toEqual([]);
          tell(`${name}: converged when killed ${moment} call ${nth}, ${at}`);
        } catch (error) {
          failures.push(`${moment} call ${nth}, ${at}: ${(error as Error).message}`);
          tell(`${name}: ${failures.at(-1)}`);
        }
      }
      console.info(
        `${name}: ${points.length - failures.length} of ${points.length} kills converge.`,
      );
    } finally {
      await prepared.bench.close();
    }
    expect(failures).toEqual([]);
  },
  7_200_000,
);
