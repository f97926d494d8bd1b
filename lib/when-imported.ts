import type { TerraformProvider, TerraformResource } from "cdktf";

/** Calls back as soon as a resource is imported, whichever construct or caller says so: cdktf tells nobody. */
export function whenImported(resource: TerraformResource, callback: () => void): void {
  const importFrom = resource.importFrom.bind(resource);
  resource.importFrom = (id: string, provider?: TerraformProvider): void => {
    importFrom(id, provider);
    callback();
  };
}
