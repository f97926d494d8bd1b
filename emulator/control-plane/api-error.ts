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
  /** AI Gateway: custom providers have numbers of their own. */
  customProviderBaseUrl: 1002,
  customProviderTaken: 1003,
  customProviderNotFound: 1004,
  /** AI Gateway: a dynamic route "already exists" or is "not found". No source gives the status. */
  dynamicRoute: 7005,
  /** AI Gateway: credits. No source gives the status, or another number. */
  billing: 1000,
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
  /** An `inherit` binding with nothing to inherit. */
  inheritBinding: 10057,
  /** What a binding names does not exist. Codes as the live API was seen to give them. */
  classBinding: 10061,
  kvNamespaceBinding: 10041,
  r2BucketBinding: 10085,
  d1DatabaseBinding: 10181,
  queueBinding: 11000,
  serviceBindingTarget: 10144,
  secretsStoreBinding: 10182,
  tailConsumer: 10203,
  /** Durable Object classes: tag precondition, conflict with what is there, not exported. */
  migrationTag: 10079,
  classConflict: 10074,
  classNotExported: 10070,
  /** Something still depends on a class, or on a script that is to be deleted. */
  classInUse: 10064,
  scriptInUse: 10064,
  cron: 10100,
  kvTitleMissing: 10019,
  kvTitleTaken: 10014,
  kvNamespaceNotFound: 10013,
  /** @see https://developers.cloudflare.com/r2/api/error-codes/ */
  r2BucketName: 10005,
  r2BucketNotFound: 10006,
  r2BucketNotEmpty: 10008,
  r2BucketTaken: 10004,
  /** The emulator's choice: R2's code for a request whose values it does not know. */
  r2Invalid: 10001,
  d1Invalid: 7400,
  d1NotFound: 7404,
  d1NameTaken: 7502,
  queueNotFound: 11000,
  queueName: 11003,
  queueNameTaken: 11009,
  queueConsumerTaken: 11004,
  /** The emulator's choice; Cloudflare's code for a body of the Queues API that is not usable. */
  queueInvalid: 10026,
  /** The emulator's choice. */
  queueConsumerNotFound: 11005,
  workflowNotFound: 10200,
  workflowInvalid: 10002,
  routePattern: 10022,
  routeTaken: 10020,
  routeNotFound: 10009,
  domainNotFound: 100114,
  /** Secrets Store: one number for several faults, told apart by the message. */
  secretsStore: 1001,
  secretsStoreTaken: 1003,
  /** Account tokens. The emulator's choice: no source gives the numbers. */
  accountToken: 1000,
  accountTokenNotFound: 1003,
  /** The emulator's choice: a Worker that was made already. */
  workerTaken: 10040,
  /** Containers. The emulator's choice: no source gives the numbers. */
  containerInvalid: 1000,
  containerNotFound: 1001,
  containerTaken: 1002,
  /** The emulator's choice: a token of an asset upload that is not one, or is used up. */
  assetToken: 10304,
  /** Not Cloudflare's: outside its ranges, so that nobody takes it for one. */
  notEmulated: 99501,
  /** Not Cloudflare's: a Worker's handler threw, or is not there, when it was called on demand. */
  handlerFailed: 99502,
  /** Not Cloudflare's: a fault that a rule of the emulator asked for, or such a rule that is none. */
  fault: 99503,
  /** Not Cloudflare's: a defect of the emulator or a disk that cannot be written. */
  emulatorFailed: 99500,
} as const;

export type ApiErrorStatus = 400 | 401 | 403 | 404 | 409 | 412 | 500 | 501;

export function apiMessage(code: keyof typeof apiErrorCodes, message: string): ApiMessage {
  return { code: apiErrorCodes[code], message };
}

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

/** For what the account has already: the answer says also what to do when Terraform forgot it. */
export class TakenError extends ApiError {
  /** Whether the next deploy of a stack takes over what an interrupted one has made of it. */
  readonly adopted: boolean;

  private constructor({ status, errors, hint }: ApiError, adopted: boolean) {
    super(status, errors, hint);
    this.adopted = adopted;
  }

  static override of(...facts: Parameters<typeof ApiError.of>): TakenError {
    return new TakenError(ApiError.of(...facts), false);
  }

  /** For what the constructs claim before they create it. */
  static ofAdopted(...facts: Parameters<typeof ApiError.of>): TakenError {
    return new TakenError(ApiError.of(...facts), true);
  }
}

/**
 * Says of one product what is not there.
 * @param message Cloudflare's words.
 * @param hint by the id that was asked for.
 * @throws {ApiError} 404, always
 */
export const missing =
  (code: keyof typeof apiErrorCodes, message: string, hint: (id: string) => string) =>
  (id: string): never => {
    throw ApiError.of(404, code, message, hint(id));
  };

/** For what Cloudflare has and the emulator has not: never a plausible answer. */
export function notEmulated(what: string): ApiError {
  return ApiError.of(501, "notEmulated", `Not emulated: ${what}`);
}
