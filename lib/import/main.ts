#!/usr/bin/env node
import { runImport } from "./run-import.js";

void runImport(process.argv.slice(2), process.env).then((code) => {
  process.exitCode = code;
});
