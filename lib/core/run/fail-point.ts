/** Places at which tests kill, freeze or fail a process, in the order of the night. */
export const failPoints = [
  'claim.done',
  'arrive.receipt',
  'pull.bytes',
  'pull.receipt',
  'diff.engine',
  'diff.receipt',
  'guard.done',
  'publish.staged',
  'publish.begun',
  'publish.written',
  'publish.committing',
  'publish.committed',
  'notify.sent',
  'tidy.done',
] as const;

/** Places after a night whose feed file takes files away. */
type PickupPoint = 'pickup.planned' | 'pickup.before' | 'pickup.after';

export type FailPoint = (typeof failPoints)[number] | PickupPoint;
