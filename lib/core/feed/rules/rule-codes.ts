import type { RejectCode } from '../../records/reject.ts';
import type { RuleKind } from '../spec/rules.ts';

/** The reject code of each kind of rule. */
export const ruleCodes = {
  required: 'REQUIRED',
  min: 'TOO_SMALL',
  max: 'TOO_LARGE',
  pattern: 'PATTERN',
  in: 'NOT_ALLOWED',
  check: 'CHECK',
  unique: 'NOT_UNIQUE',
  references: 'NO_REFERENCE',
} as const satisfies Record<RuleKind, RejectCode>;
