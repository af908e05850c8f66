/**
 * Kinds of processes by their rights in the database. In the cloud each kind has its own login for each feed. fetch and compare read
 * the vendor's bytes, and therefore write nothing but notes on their own run.
 */
export const loginKinds = ['fetch', 'compare', 'control', 'publish', 'notify', 'decide', 'read'] as const;
export type LoginKind = (typeof loginKinds)[number];

/** Name of a role. PostgreSQL allows 63 bytes, and Lambda 64 for `nightfeed-STAGE-FEED-operator`, so a kind has at most seven letters. */
export function loginName(stage: string, feed: string, kind: LoginKind): string {
  return `nightfeed_${stage}_${feed}_${kind}`;
}
