/**
 * The class of a container whose settings are declared in the stack.
 *
 * @module
 */
export { DeclaredContainer } from "./declared-container.js";
