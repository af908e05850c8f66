export const severities = ['info', 'warning', 'error'] as const;

/** How much a message wants somebody: `error` now, `warning` in the morning, `info` never. */
export type Severity = (typeof severities)[number];

export function isAtLeast(severity: Severity, least: Severity): boolean {
  return severities.indexOf(severity) >= severities.indexOf(least);
}
