export { RestDataSource, type RestDataSourceConfig } from "./rest-data-source.js";
export { RestOperation, type RestOperationConfig } from "./rest-operation.js";
export {
  REST_PROVIDER_SOURCE,
  RestProvider,
  type RestProviderConfig,
} from "./rest-provider.js";
export { type RestBody, RestResource, type RestResourceConfig } from "./rest-resource.js";
export { REST_PROVIDER_VERSION } from "./version.js";
