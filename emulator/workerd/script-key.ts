/** Names a script among those of all accounts; also the name workerd knows it by. */
export type ScriptKey = string;

/** Account ids are hexadecimal, so the first dot always ends the account. */
export const scriptKey = (accountId: string, scriptName: string): ScriptKey =>
  `${accountId}.${scriptName}`;

export const scriptNameOf = (key: ScriptKey): string => key.slice(key.indexOf(".") + 1);
