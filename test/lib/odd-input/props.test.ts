import { describe, expect, test } from "@jest/globals";
import { type Subject, subjects } from "./constructs.js";
import { oddValues, refusalOf, thrownBy } from "./refusal.js";

const declared = ({ type: Type, good }: Subject, change: (props: object) => unknown) =>
  refusalOf((stack) => new Type(stack, "subject", change(good(stack)) as never));

describe.each(Object.entries(subjects))("%s in plain JavaScript", (_, subject) => {
  test("is accepted with props that are right", () => {
    expect(declared(subject, (props) => props)).toEqual([]);
  });

  test("fails in one sentence where its props are no props", () => {
    const noProps = Object.entries(oddValues).filter(
      ([odd]) => odd !== "undefined" && !odd.startsWith("an object"),
    );
    for (const [odd, make] of noProps) {
      const problems = declared(subject, make);

      expect([odd, problems]).toEqual([
        odd,
        [expect.stringContaining("[chat/subject] props: got ")],
      ]);
      expect(problems[0]).toContain(`allowed is an object. The props are ${subject.props[0]}`);
    }
  });

  test("names a prop that it does not know", () => {
    expect(declared(subject, (props) => ({ ...props, odd: 1 }))).toEqual([
      expect.stringMatching(
        /^\[chat\/subject\] odd: there is no such prop; the props are [^.]+\.$/,
      ),
    ]);
  });

  test("names the prop that was meant, of any slip of the pen", () => {
    const good = declared(subject, (props) => props);
    for (const prop of subject.props) {
      const slip = prop.toUpperCase();

      expect(declared(subject, (props) => ({ ...props, [slip]: undefined }))).toEqual([
        ...good,
        expect.stringMatching(`${slip}: there is no such prop; .* Did you mean ${prop}\\?$`),
      ]);
    }
  });

  test.each(subject.props)("never fails in words of JavaScript for any %s", (prop) => {
    // All in one stack: a synth of its own for each would take minutes.
    const refused: string[] = [];
    const problems = refusalOf((stack) => {
      const props = subject.good(stack);
      for (const [index, make] of Object.values(oddValues).entries()) {
        const declare = () =>
          new subject.type(stack, `subject${index}`, { ...props, [prop]: make() } as never);
        refused.push(...thrownBy(declare));
      }
    });

    const lines = [...problems, ...refused];
    expect(lines.filter((line) => !/^\[chat\/subject\d+[/\]]/.test(line))).toEqual([]);
    expect(lines.join("\n")).not.toMatch(/x{100}|Cannot read|not iterable|is not a function/);
  });
});
