import { describe, expect, test } from "@jest/globals";
import { readDockerfile } from "../../../emulator/containers/dockerfile.js";

const read = (...lines: string[]) =>
  readDockerfile(["FROM node:22", ...lines].join("\n"), "Dockerfile");
const run = 'CMD ["node", "server.mjs"]';

describe("a Dockerfile without Docker", () => {
  test("gives working directory, copies, environment, ports and command", () => {
    // WHEN
    const image = read(
      "# a comment",
      "WORKDIR /srv",
      "WORKDIR app",
      "COPY --chown=node:node package*.json \\",
      "  server.mjs ./",
      'COPY ["with space.txt", "/data/"]',
      "COPY one.txt two.txt",
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is Docker's template.
      "ENV A=1 B=\"two words\" C=$A-${B} D=${NONE:-none} E=\\$A F='$A'",
      "ENV OLD style of writing",
      "EXPOSE 8080/tcp 9090 8080",
      "LABEL maintainer=me",
      "USER node",
      run,
    );
    // THEN
    expect(image).toEqual({
      workingDirectory: "/srv/app",
      copies: [
        { from: ["package*.json", "server.mjs"], to: "/srv/app", intoFolder: true },
        { from: ["with space.txt"], to: "/data", intoFolder: true },
        { from: ["one.txt"], to: "/srv/app/two.txt", intoFolder: false },
      ],
      env: new Map([
        ["A", "1"],
        ["B", "two words"],
        ["C", "1-two words"],
        ["D", "none"],
        ["E", "$A"],
        ["F", "$A"],
        ["OLD", "style of writing"],
      ]),
      ports: [8080, 9090],
      entrypoint: [],
      command: ["node", "server.mjs"],
    });
  });

  test("runs the shell form in a shell, and takes the last CMD", () => {
    // WHEN
    const { entrypoint, command } = read(
      "CMD old",
      'ENTRYPOINT ["/bin/launch"]',
      'CMD node server.mjs && echo "done"',
    );
    // THEN
    expect(entrypoint).toEqual(["/bin/launch"]);
    expect(command).toEqual(["/bin/sh", "-c", 'node server.mjs && echo "done"']);
  });

  test("cannot leave the image with its paths", () => {
    const { workingDirectory, copies } = read("WORKDIR ../../etc", "COPY a ../../../x", run);
    expect([workingDirectory, copies[0]?.to]).toEqual(["/etc", "/x"]);
  });

  test.each([
    ["RUN npm ci", /^Dockerfile:2: RUN needs an image builder; .*or start a Docker engine\.$/],
    ["ARG VERSION", /^Dockerfile:2: ARG .*use ENV/],
    ["ADD a.tar /", /^Dockerfile:2: ADD .*Use COPY/],
    ["VOLUME /data", /^Dockerfile:2: VOLUME needs an image builder/],
    ["FROM node:22", /^Dockerfile:2: a second FROM/],
    ["COPY --from=build /a /b", /^Dockerfile:2: COPY --from/],
    ["COPY a", /^Dockerfile:2: COPY takes/],
    ["EXPOSE 53/udp", /^Dockerfile:2: EXPOSE 53\/udp: allowed is one TCP port/],
    ["EXPOSE 70000", /^Dockerfile:2: EXPOSE 70000: allowed is one TCP port/],
  ])("fails when it says %s, naming the line and what to do", (line, message) => {
    expect(() => read(line, run)).toThrow(message);
  });

  test("fails when there is nothing to run, or no image", () => {
    expect(() => read("WORKDIR /")).toThrow("has neither CMD nor ENTRYPOINT");
    expect(() => readDockerfile(run, "Dockerfile")).toThrow("has no FROM");
  });
});
