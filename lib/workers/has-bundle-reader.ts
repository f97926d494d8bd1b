/** Whether esbuild is there, an optional peer that is used to read what a bundle exports. */
export function hasBundleReader(): boolean {
  try {
    require.resolve("esbuild");
    return true;
  } catch {
    return false;
  }
}
