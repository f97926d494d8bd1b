/** The emulator cannot do what was asked; the message says why and what to do. */
export class EmulatorError extends Error {
  override readonly name = "EmulatorError";
}
