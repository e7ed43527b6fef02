import { thrownText } from '../monitor/thrown-text.js';

export const alertFailed = (name: string, reason: unknown): string =>
  `The function \`to\` of the alert '${name}' failed: ${thrownText(reason)}. Further failures are counted ` +
  '(LogStreamMetrics), and said again once it has worked meanwhile.';

export const tookTooLong = (ms: number): string => `it did not answer within ${ms / 1_000} s`;
