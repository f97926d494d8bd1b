/** An answer that says in a sentence why there is no other. */
export const refuse = (
  status: number,
  error: string,
  headers: Readonly<Record<string, string>> = {},
): Response => Response.json({ error }, { status, headers });
