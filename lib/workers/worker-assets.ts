/** @see https://developers.cloudflare.com/workers/static-assets/ */
export interface WorkerAssets {
  /**
   * Folder of the files. `_headers`, `_redirects` and `.assetsignore` in it are honoured; other files that
   * start with a dot are left out, `.well-known/` is not. At most 20,000 files of 25 MiB.
   */
  readonly directory: string;

  /**
   * Name under which the Worker's code finds the files.
   * @default none
   */
  readonly binding?: string;

  /** @default "auto-trailing-slash" */
  readonly htmlHandling?:
    | "auto-trailing-slash"
    | "force-trailing-slash"
    | "drop-trailing-slash"
    | "none";

  /** What is answered where there is no file and no Worker to ask. @default "none" */
  readonly notFoundHandling?: "none" | "404-page" | "single-page-application";

  /**
   * Whether the Worker is asked first: always, or for paths that match one of these patterns (`/api/*`,
   * `!/api/docs/*`).
   * @default false
   */
  readonly runWorkerFirst?: boolean | readonly string[];
}
