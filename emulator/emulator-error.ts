/** The emulator cannot do what was asked; the message says why and what to do. */
export class EmulatorError extends Error {
  override readonly name: string = "EmulatorError";
}

/** The port of the API and the gateways is somebody else's. */
export class PortTakenError extends EmulatorError {
  override readonly name = "PortTakenError";
}

/** Another emulator owns the state directory. */
export class StateInUseError extends EmulatorError {
  override readonly name = "StateInUseError";
}
