import { randomBytes } from "node:crypto";
import { link, mkdir, readFile, rmdir, stat, unlink, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { UnenforcedMode } from "../data-plane/steps/enforce.js";
import { StateInUseError } from "../emulator-error.js";
import { programName } from "../program-name.js";
import { TEMPORARY_SUFFIX, writeFileAtomically } from "./write-file-atomically.js";

/** Where the emulator that holds the lock answers; said once it does. */
export interface Announcement {
  /** Base URL of the REST API, `…/client/v4`. */
  readonly apiUrl: string;
  /** Base URL of the gateways, `…/v1`. */
  readonly aiGatewayUrl: string;
  /** Value of `TF_REATTACH_PROVIDERS`. */
  readonly reattach: string;
  /** What happens to requests with settings that are not emulated; unknown of one that is older. */
  readonly unenforced?: UnenforcedMode;
}

/** Who owns a state directory. */
export interface LockOwner {
  readonly pid: number;
  /** Tells a process from a later one of the same id; empty where the system does not say. */
  readonly processStart: string;
  readonly announcement?: Announcement;
}

/** A take-over is over in milliseconds; one this old was killed in the middle. */
const TAKE_OVER_STALE_MS = 5_000;

/**
 * Lets one process own a directory: a file with the owner's process id. The lock of a killed process
 * is taken over, so nobody has to clean up after a kill.
 */
export class DirectoryLock {
  readonly #file: string;
  #owner: LockOwner;

  private constructor(file: string, owner: LockOwner) {
    this.#file = file;
    this.#owner = owner;
  }

  /** @throws {StateInUseError} when a living process owns the directory. */
  static async acquire(file: string): Promise<DirectoryLock> {
    const owner = { pid: process.pid, processStart: await processStart(process.pid) };
    for (;;) {
      if (await tryCreate(file, owner)) return new DirectoryLock(file, owner);
      const other = await readLockOwner(file);
      if (other) throw alreadyOwned(file, other);
      await removeStale(file);
    }
  }

  /** Says where the owner answers, for {@link readLockOwner} of another process. */
  async announce(announcement: Announcement): Promise<void> {
    this.#owner = { ...this.#owner, announcement };
    await writeFileAtomically(this.#file, JSON.stringify(this.#owner));
  }

  async release(): Promise<void> {
    await unlink(this.#file).catch((error: NodeJS.ErrnoException) => {
      // Somebody removed the whole directory: nothing is left to release.
      if (error.code !== "ENOENT") throw error;
    });
  }
}

/** @returns the living owner; undefined when nobody owns the directory. */
export async function readLockOwner(file: string): Promise<LockOwner | undefined> {
  let owner: LockOwner;
  try {
    owner = JSON.parse(await readFile(file, "utf8")) as LockOwner;
  } catch (error) {
    // The file always appears with its content, so one that is no JSON is nobody's lock.
    if ((error as NodeJS.ErrnoException).code === "ENOENT" || error instanceof SyntaxError) return;
    throw error;
  }
  return (await isAlive(owner)) ? owner : undefined;
}

/** A link fails when the name is taken, and the name never appears without the content. */
async function tryCreate(file: string, owner: LockOwner): Promise<boolean> {
  const temporary = `${file}.${randomBytes(6).toString("hex")}${TEMPORARY_SUFFIX}`;
  await writeFile(temporary, JSON.stringify(owner), { mode: 0o600, flag: "wx" });
  try {
    await link(temporary, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    await unlink(temporary);
  }
}

/**
 * Removes the lock of a dead process. One at a time: of two processes that both saw the dead
 * owner, the slower one would else remove the new lock of the faster one.
 */
async function removeStale(file: string): Promise<void> {
  const guard = `${file}.take-over`;
  try {
    await mkdir(guard, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    const age = await stat(guard).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => 0,
    );
    if (age > TAKE_OVER_STALE_MS) await rmdir(guard).catch(() => {});
    else await sleep(10);
    return;
  }
  try {
    if (!(await readLockOwner(file))) await unlink(file).catch(() => {});
  } finally {
    await rmdir(guard).catch(() => {});
  }
}

async function isAlive({ pid, processStart: start }: LockOwner): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: there is such a process, of another user.
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return false;
  }
  const now = await processStart(pid);
  return start === "" || now === "" || start === now;
}

/** Process ids are used again, in a container nearly always; the start time tells them apart. */
async function processStart(pid: number): Promise<string> {
  try {
    const line = await readFile(`/proc/${pid}/stat`, "utf8");
    const boot = await readFile("/proc/sys/kernel/random/boot_id", "utf8");
    // The name in parentheses may hold spaces; field 22 counts from the first one.
    const fields = line.slice(line.lastIndexOf(")") + 2).split(" ");
    return `${boot.trim()}/${fields[19]}`;
  } catch {
    return "";
  }
}

function alreadyOwned(
  file: string,
  { pid, processStart, announcement }: LockOwner,
): StateInUseError {
  const where = announcement ? ` at ${announcement.apiUrl}` : "";
  // Without a start time, another program may have got the process id of an emulator long gone.
  const doubt = processStart === "" ? ` If process ${pid} is no emulator, remove ${file}.` : "";
  return new StateInUseError(
    `An emulator is already up${where} (process ${pid}) on the state in ${dirname(file)}: ` +
      `use it with ${programName("<command>")}, or stop it with Ctrl-C in its terminal.` +
      doubt,
  );
}
