import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { Stage } from "../../../lib/index.js";
import { newFolder } from "../new-stack.js";

const nameIn = (environment: Record<string, string>): string =>
  Stage.fromEnvironment({ environment }).name;

describe("a stage from the environment", () => {
  test("is what STAGE says, whatever else is there", () => {
    expect(nameIn({ STAGE: "staging", CI: "true", GITHUB_EVENT_NAME: "push" })).toBe("staging");
  });

  test("is what another variable says", () => {
    const environment = { TARGET: "live", STAGE: "staging" };

    const stage = Stage.fromEnvironment({
      variable: "TARGET",
      productionNames: ["live"],
      environment,
    });

    expect(stage).toMatchObject({ name: "live", production: true });
  });

  test("is a preview in a workflow of a pull request", () => {
    const github = { CI: "true", GITHUB_EVENT_NAME: "pull_request" };

    expect(nameIn({ ...github, GITHUB_REF: "refs/pull/12/merge" })).toBe("pr-12");
    expect(nameIn({ ...github, STAGE: "", GITHUB_REF: "refs/pull/12/merge" })).toBe("pr-12");
  });

  test("is the same preview when the pull request was merged, whose ref is another branch", () => {
    const event = join(newFolder({ "event.json": JSON.stringify({ number: 12 }) }), "event.json");

    const name = nameIn({
      CI: "true",
      GITHUB_EVENT_NAME: "pull_request",
      GITHUB_REF: "refs/heads/main",
      GITHUB_EVENT_PATH: event,
    });

    expect(name).toBe("pr-12");
  });

  test("fails when a CI names none: nothing goes to production by accident", () => {
    const event = join(newFolder({}), "event.json");
    writeFileSync(event, "{}");

    expect(() => nameIn({ CI: "true", GITHUB_EVENT_NAME: "push" })).toThrow(
      "Stage.fromEnvironment: this is a run of a CI, and STAGE is not set. Set it in the workflow: STAGE=production, or STAGE=pr-12 for a preview.",
    );
    expect(() =>
      nameIn({ GITHUB_EVENT_NAME: "pull_request_target", GITHUB_EVENT_PATH: event }),
    ).toThrow("STAGE is not set");
  });

  test("is somebody's own on a machine that is no CI", () => {
    expect(nameIn({ USER: "ada" })).toBe("dev-ada");
    expect(nameIn({ USERNAME: "ada", CI: "false" })).toBe("dev-ada");
  });

  test("is never the same for two people", () => {
    const users = [
      "ada.l",
      "ada l",
      "ada-l",
      "Ada-l",
      "ada_l",
      `${"a".repeat(30)}1`,
      `${"a".repeat(30)}2`,
    ];

    const names = users.map((USER) => nameIn({ USER }));

    expect(new Set(names).size).toBe(users.length);
    expect(names[2]).toBe("dev-ada-l");
  });
});

describe("a stage", () => {
  test("is production where it is named so, or said to be", () => {
    expect(new Stage("production").production).toBe(true);
    expect(new Stage("production", { production: false }).production).toBe(false);
    expect(new Stage("live", { production: true }).production).toBe(true);
    expect(Stage.forPullRequest(12)).toMatchObject({ name: "pr-12", production: false });
  });

  test.each(["", "Staging", "pr_12", "-a", "a-", "a--b", "12", "a".repeat(25), 12 as never])(
    "fails when its name is %j",
    (name) => {
      expect(() => new Stage(name)).toThrow(
        `Stage: got ${JSON.stringify(name)}; allowed is 1 to 24 characters, lower-case words of letters and digits joined by single hyphens, a letter first, such as "staging" or "pr-12".`,
      );
    },
  );

  test.each([0, -1, 1.5, Number.NaN])("fails when a pull request has the number %p", (number) => {
    expect(() => Stage.forPullRequest(number)).toThrow("allowed is the number of a pull request");
  });

  test("makes names of its own, and fails when one is too long", () => {
    const stage = new Stage("staging");

    expect(stage.nameFor("chat")).toBe("chat-staging");
    expect(() => stage.nameFor("chat", 10)).toThrow(
      'Stage.nameFor: got "chat", which makes "chat-staging", 12 characters; allowed are 10. Shorten the name.',
    );
  });
});
