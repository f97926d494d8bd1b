/** One entry of `errors` or `messages` in an answer. */
export interface ApiMessage {
  readonly code: number;
  readonly message: string;
  /** Where in the request the fault is, as Cloudflare's validator gives it. */
  readonly path?: readonly (string | number)[];
}

/**
 * The codes of the REST API. Where no source gives the number or the status, the choice is the
 * emulator's and marked so.
 */
export const apiErrorCodes = {
  authentication: 10000,
  /** A path whose account id is none. */
  noRoute: 7003,
  /** AI Gateway: a value its validator refuses, and "already exists". */
  validation: 7001,
  /** AI Gateway: no such gateway or log. */
  notFound: 7002,
  /** Workers. */
  scriptNotFound: 10007,
  serviceNotFound: 10090,
  scriptRefused: 10021,
  scriptName: 10016,
  /** The emulator's choice: the upload's metadata, or a body of the Workers API, is not usable. */
  badUpload: 10026,
  /** The emulator's choice. */
  bindingNotFound: 10056,
  bindingNameTaken: 10053,
  /** The emulator's choice: a token of an asset upload that is not one, or is used up. */
  assetToken: 10304,
  /** Not Cloudflare's: outside its ranges, so that nobody takes it for one. */
  notEmulated: 99501,
  /** Not Cloudflare's: a defect of the emulator or a disk that cannot be written. */
  emulatorFailed: 99500,
} as const;

export type ApiErrorStatus = 400 | 401 | 403 | 404 | 500 | 501;

/** A refusal, as the caller gets it. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly status: ApiErrorStatus;
  readonly errors: readonly ApiMessage[];
  /** What to do about it, beside Cloudflare's own words. */
  readonly hint: string | undefined;

  constructor(status: ApiErrorStatus, errors: readonly ApiMessage[], hint?: string) {
    super(errors.map(({ message }) => message).join(" "));
    this.status = status;
    this.errors = errors;
    this.hint = hint;
  }

  static of(
    status: ApiErrorStatus,
    code: keyof typeof apiErrorCodes,
    message: string,
    hint?: string,
  ): ApiError {
    return new ApiError(status, [{ code: apiErrorCodes[code], message }], hint);
  }
}

/** For what Cloudflare has and the emulator has not: never a plausible answer. */
export function notEmulated(what: string): ApiError {
  return ApiError.of(501, "notEmulated", `Not emulated: ${what}`);
}
