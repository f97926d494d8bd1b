import { describe, expect, test } from "@jest/globals";
import { canary } from "../../secrets/canary.js";
import { subjects } from "./constructs.js";
import { refusalOf } from "./refusal.js";

/** Props whose values are secrets, or hold some. */
const secretProps = ["secret", "secrets", "headers", "environment", "otel", "stripe"];

const places = Object.entries(subjects).flatMap(([name, subject]) =>
  subject.props
    .filter((prop) => secretProps.includes(prop))
    .map((prop) => ({ name, prop, subject })),
);

describe("a secret that plain JavaScript puts one place too high", () => {
  const secret = canary("a secret in place of an object");

  test.each(places)("is refused as $prop of $name, and not shown", ({ prop, subject }) => {
    for (const value of [secret, [secret], { odd: [secret] }, [{ headers: secret }]]) {
      const problems = refusalOf((stack) => {
        const props = { ...subject.good(stack), [prop]: value };
        new subject.type(stack, "subject", props as never);
      });

      expect(problems.length).toBeGreaterThan(0);
      expect(problems.join("\n")).not.toContain(secret);
    }
  });

  test.each(Object.entries(subjects))("is not shown as the props of %s", (_, subject) => {
    const problems = refusalOf((stack) => new subject.type(stack, "subject", secret as never));

    expect(problems).toEqual([
      expect.stringContaining("[chat/subject] props: got a text; allowed is an object."),
    ]);
  });
});
