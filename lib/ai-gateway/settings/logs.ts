import type { IResolvable } from "cdktf";
import {
  gatewayBounds,
  type LogManagementStrategy,
  logManagementStrategies,
} from "../../../protocol/gateway-settings.js";
import {
  checkBoolean,
  checkInteger,
  checkWord,
  type Rule,
  show,
  showNumber,
} from "../../prop-rules.js";

/** What is kept of requests. */
interface Props {
  readonly collectLogs?: boolean | IResolvable;
  readonly logManagement?: number;
  readonly logManagementStrategy?: LogManagementStrategy;
  readonly logClassification?: boolean | IResolvable;
}

export const collectLogsRules: readonly Rule<Props>[] = [
  {
    name: "gateway-collect-logs",
    check: ({ collectLogs }) => checkBoolean("collectLogs", collectLogs),
  },
];

export const logManagementRules: readonly Rule<Props>[] = [
  {
    name: "gateway-log-management",
    check: (props) =>
      checkInteger("logManagement", props.logManagement, gatewayBounds.log_management),
  },
  {
    name: "gateway-log-management-without-logs",
    check: ({ collectLogs, logManagement }) =>
      collectLogs === false && logManagement !== undefined
        ? `logManagement: got ${showNumber(logManagement)} with collectLogs false; there are no logs to keep. Remove logManagement, or collectLogs: false.`
        : undefined,
  },
];

export const logManagementStrategyRules: readonly Rule<Props>[] = [
  {
    name: "gateway-log-management-strategy",
    check: (props) =>
      checkWord("logManagementStrategy", props.logManagementStrategy, logManagementStrategies),
  },
  {
    name: "gateway-strategy-without-logs",
    check: ({ collectLogs, logManagementStrategy }) =>
      collectLogs === false && logManagementStrategy !== undefined
        ? `logManagementStrategy: got ${show(logManagementStrategy)} with collectLogs false; there are no logs to keep. Remove logManagementStrategy, or collectLogs: false.`
        : undefined,
  },
];

export const logClassificationRules: readonly Rule<Props>[] = [
  {
    name: "gateway-log-classification",
    check: (props) => checkBoolean("logClassification", props.logClassification),
  },
  {
    name: "gateway-log-classification-without-logs",
    check: ({ collectLogs, logClassification }) =>
      collectLogs === false && logClassification === true
        ? "logClassification: got true with collectLogs false; there are no logs to classify. Remove logClassification, or collectLogs: false."
        : undefined,
  },
];
