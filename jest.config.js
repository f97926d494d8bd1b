/** @type {import("jest").Config} */
module.exports = {
  testEnvironment: "node",
  // Real processes on a busy machine: a second more is no failure.
  testTimeout: 30_000,
  // Many tests wait for something outside of Node: a worker for each core, none kept free.
  maxWorkers: "100%",
  testMatch: ["<rootDir>/test/**/*.test.ts"],
  // Looks for the secrets of all tests in what they leave and print.
  globalSetup: "<rootDir>/test/secrets/start-scans.ts",
  globalTeardown: "<rootDir>/test/secrets/sum-scans.ts",
  modulePathIgnorePatterns: ["<rootDir>/dist/", "<rootDir>/cdktf.out/"],
  transform: {
    // The page's modules are what the browser loads: plain JavaScript, ES modules.
    "^.+\\.ts$|/app/assets/.+\\.js$": [
      "@swc/jest",
      { jsc: { target: "es2023", parser: { syntax: "typescript" } }, module: { type: "commonjs" } },
    ],
  },
  // Sources import "./x.js", the name the compiled file has.
  moduleNameMapper: { "^(\\.{1,2}/.*)\\.js$": "$1" },
};
