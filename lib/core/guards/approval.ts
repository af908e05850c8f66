import type { Finding } from './finding.ts';
import type { GuardName } from './guard-names.ts';

/** A person's decision that a night may be published although some guards hold it. */
export interface Approval {
  /** null approves all guards. */
  readonly guards: readonly GuardName[] | null;
  readonly by: string;
  /** Who counts, behind the name. */
  readonly person: string;
}

/** Holds that not enough people have approved yet. */
export function openHolds(holds: readonly Finding[], approvals: readonly Approval[]): Finding[] {
  return holds.filter(({ guard, people = 1 }) => approversOf(guard, approvals).size < people);
}

/** Whether this person has approved already. */
export function hasApproved(guard: GuardName, person: string, approvals: readonly Approval[]): boolean {
  return approversOf(guard, approvals).has(person);
}

export function guardsOf(holds: readonly Finding[]): GuardName[] {
  return [...new Set(holds.map(({ guard }) => guard))];
}

function approversOf(guard: GuardName, approvals: readonly Approval[]): Set<string> {
  return new Set(approvals.filter(({ guards }) => guards?.includes(guard) ?? true).map(({ person }) => person));
}
