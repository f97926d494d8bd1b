export const dlpActions = ["FLAG", "BLOCK"] as const;
export const dlpChecks = ["REQUEST", "RESPONSE"] as const;

export type DlpAction = (typeof dlpActions)[number];
export type DlpCheck = (typeof dlpChecks)[number];

/** One action for all profiles. */
export interface DlpProfilesSetting {
  readonly enabled: boolean;
  readonly action: DlpAction;
  readonly profiles: readonly string[];
}

export interface DlpPolicySetting {
  readonly id: string;
  readonly enabled: boolean;
  readonly action: DlpAction;
  readonly check: readonly DlpCheck[];
  readonly profiles: readonly string[];
}

/** An action for each policy. */
export interface DlpPoliciesSetting {
  readonly enabled: boolean;
  readonly policies: readonly DlpPolicySetting[];
}

/** The setting `dlp` in the words of the REST API: one of two forms. */
export type DlpSetting = DlpProfilesSetting | DlpPoliciesSetting;
