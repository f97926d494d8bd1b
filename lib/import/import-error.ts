/** A failure whose message is all that its reader needs. */
export class ImportError extends Error {
  override readonly name = "ImportError";
}

/** A command line that makes no sense. */
export class ArgumentError extends ImportError {}
