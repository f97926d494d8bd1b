/**
 * The names an ES module exports, "default" among them; undefined when its text alone does not say
 * (`export * from`), or is no module.
 */
export async function moduleExports(code: Uint8Array): Promise<ReadonlySet<string> | undefined> {
  // Loaded here: an emulator starts without it.
  const { init, parse } = await import("es-module-lexer");
  await init;
  try {
    const [, exports] = parse(Buffer.from(code).toString("utf8"));
    const names = exports.map((one) => ("name" in one ? one.name : undefined));
    return names.includes(undefined) ? undefined : new Set(names as string[]);
  } catch {
    // workerd says what is wrong with it, in better words.
    return undefined;
  }
}
