import type { Finding } from './finding.ts';
import type { GuardName } from './guard-names.ts';
import { personOf } from './person.ts';

/** A person's decision that a night may be published although some guards hold it. */
export interface Approval {
  /** null approves all guards. */
  readonly guards: readonly GuardName[] | null;
  readonly by: string;
}

/** Roles of which each session is a person of its own; of all others, all sessions together are one. */
export type PeopleRoles = readonly string[] | undefined;

/** Holds that not enough people have approved yet. */
export function openHolds(
  holds: readonly Finding[],
  approvals: readonly Approval[],
  peopleRoles: PeopleRoles,
): Finding[] {
  return holds.filter(({ guard, people = 1 }) => approversOf(guard, approvals, peopleRoles).size < people);
}

/** Whether the person behind this name has approved already. */
export function hasApproved(
  guard: GuardName,
  by: string,
  approvals: readonly Approval[],
  peopleRoles: PeopleRoles,
): boolean {
  return approversOf(guard, approvals, peopleRoles).has(personOf(by, peopleRoles));
}

export function guardsOf(holds: readonly Finding[]): GuardName[] {
  return [...new Set(holds.map(({ guard }) => guard))];
}

function approversOf(guard: GuardName, approvals: readonly Approval[], peopleRoles: PeopleRoles): Set<string> {
  const given = approvals.filter(({ guards }) => guards?.includes(guard) ?? true);
  return new Set(given.map(({ by }) => personOf(by, peopleRoles)));
}
