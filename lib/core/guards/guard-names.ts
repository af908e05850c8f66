export const guardNames = [
  'ROWCOUNT_DROP',
  'ROWCOUNT_RISE',
  'BYTES_DROP',
  'BYTES_RISE',
  'MASS_DELETE',
  'MASS_UPDATE',
  'MASS_INSERT',
  'REJECTED_LIMIT',
  'NULL_SHARE',
  'DELIVERED_LATE',
  'RULE_BROKEN',
  'SCHEMA_ADD',
  'SCHEMA_MISSING',
  'SCHEMA_RENAMED',
  'SCHEMA_REORDERED',
  'SCHEMA_RETYPED',
  'SCHEMA_EVOLVED',
  'SWALLOWED_RECORDS',
  'BACKSLASHES',
  'RECORD_BYTES',
  'RECORD_LINES',
  'FILE_ENDINGS',
  'FILES_MISSING',
  'FILES_EXTRA',
  'FILES_UNUSUAL',
  'FILES_OVERLAP',
  'DUPLICATE_ROWS',
  'OLDER_VERSIONS',
  'ROWS_REVERTED',
  'DELETES_SUSPENDED',
  'RESENT',
  'TARGET_OBJECT',
] as const;
export type GuardName = (typeof guardNames)[number];

/** Guards that hold because rows would vanish. */
const deleteGuards: readonly GuardName[] = ['ROWCOUNT_DROP', 'MASS_DELETE'];

export function isDeleteGuard(name: GuardName): boolean {
  return deleteGuards.includes(name);
}
