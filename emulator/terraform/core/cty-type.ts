/** A type constraint of Terraform, in the JSON form the plugin protocol carries. */
export type CtyType =
  | "string"
  | "bool"
  | "number"
  | "dynamic"
  | readonly ["list" | "set" | "map", CtyType]
  | readonly ["tuple", readonly CtyType[]]
  | readonly ["object", CtyObjectType]
  | readonly ["object", CtyObjectType, readonly string[]];

export interface CtyObjectType {
  readonly [name: string]: CtyType;
}

export function sameType(a: CtyType, b: CtyType): boolean {
  if (typeof a === "string" || typeof b === "string") return a === b;
  if (a[0] !== b[0]) return false;
  if (a[0] === "object" && b[0] === "object") {
    const names = Object.keys(a[1]);
    return (
      names.length === Object.keys(b[1]).length &&
      names.every((name) => {
        const [left, right] = [a[1][name], b[1][name]];
        return left !== undefined && right !== undefined && sameType(left, right);
      })
    );
  }
  if (a[0] === "tuple" && b[0] === "tuple") {
    return (
      a[1].length === b[1].length &&
      a[1].every((element, index) => sameType(element, b[1][index] as CtyType))
    );
  }
  return sameType(a[1] as CtyType, b[1] as CtyType);
}
