import { ApiError, TakenError } from "../api-error.js";

/**
 * What is not there, in the words of AI Gateway.
 * @throws {ApiError} 404/7002
 */
export function notFound(hint: string): never {
  throw ApiError.of(404, "notFound", "Not Found", hint);
}

/** @throws {ApiError} 404/7002 */
export function gatewayNotFound(id: string): never {
  notFound(`The emulator has no gateway with the id "${id}".`);
}

/**
 * What there can be once, in the words of AI Gateway.
 * @param what such as `A dataset with the name "slow"`.
 * @throws {ApiError} 400/7001
 */
export function alreadyExists(what: string): never {
  throw TakenError.ofAdopted(400, "validation", `${what} already exists.`);
}
