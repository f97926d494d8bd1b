import { afterEach, beforeEach } from "@jest/globals";
import { ManualClock } from "../../../emulator/clock.js";
import { openState, type State } from "../../../emulator/state/state.js";
import type { StoredScript } from "../../../emulator/state/state-document.js";
import { temporaryDirectory } from "./temporary-directory.js";

/** A new folder for each test, and the states that the test opens in it. */
export interface OpenedStates {
  readonly path: string;
  open(): Promise<State>;
  close(state: State): Promise<void>;
}

/** All that a test leaves open is closed after it, and the folder is removed. */
export function openedStates(): OpenedStates {
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
  let opened: State[];
  beforeEach(async () => {
    directory = await temporaryDirectory();
    opened = [];
  });
  afterEach(async () => {
    for (const state of opened) await state.close();
    await directory.remove();
  });
  return {
    get path() {
      return directory.path;
    },
    open: async () => {
      const state = await openState(directory.path, { clock: new ManualClock() });
      opened.push(state);
      return state;
    },
    close: async (state) => {
      opened = opened.filter((other) => other !== state);
      await state.close();
    },
  };
}

/** Stores a script whose only module holds `code`. */
export async function storeScript(state: State, code: string, secret?: string): Promise<void> {
  const module = { name: "main.js", type: "ESModule", content: Buffer.from(code) } as const;
  const { modules, etag, held } = await state.workers.putModules([module]);
  const script: StoredScript = {
    name: "chat",
    tag: "t",
    etag,
    created_on: "",
    modified_on: "",
    startup_time_ms: 1,
    main_module: "main.js",
    modules,
    compatibility_flags: [],
    bindings: secret
      ? [state.workers.sealBinding("chat", { type: "secret_text", name: "KEY", text: secret })]
      : [],
    classes: [],
    declares_exports: false,
    schedules: [],
    subdomain: { enabled: true, previews_enabled: false },
    echoed: {},
  };
  await state.workers.put(script);
  for (const { release } of held) release();
}
