/**
 * Kinds of processes by what they may do in the database; in the cloud each has a login of its own, for one feed. fetch and compare read
 * the vendor's bytes, and therefore write nothing but notes on their own run.
 */
export const loginKinds = ['fetch', 'compare', 'control', 'publish', 'notify', 'decide'] as const;
export type LoginKind = (typeof loginKinds)[number];

/** Name of a role. PostgreSQL takes 63 bytes, Lambda 64 for `nightfeed-STAGE-FEED-operator`: so no kind has more than seven letters. */
export function loginName(stage: string, feed: string, kind: LoginKind): string {
  return `nightfeed_${stage}_${feed}_${kind}`;
}
