/** The version of `magodo/restful` the project is tested with. */
export const REST_PROVIDER_VERSION = "0.25.2";
