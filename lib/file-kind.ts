import { statSync } from "node:fs";

/** Whether there is a file; what no path can be is none. */
export const isFile = (path: unknown): path is string => kindOf(path) === "file";

/** Whether there is a folder; what no path can be is none. */
export const isFolder = (path: unknown): path is string => kindOf(path) === "folder";

function kindOf(path: unknown): "file" | "folder" | undefined {
  if (typeof path !== "string") return undefined;
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    return stats?.isFile() ? "file" : stats?.isDirectory() ? "folder" : undefined;
  } catch {
    // Too long, or with a character that no name of a file has.
    return undefined;
  }
}
