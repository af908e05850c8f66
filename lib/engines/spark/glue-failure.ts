import type { JobRun } from '@aws-sdk/client-glue';
import { NightfeedError } from '../../core/errors.ts';
import { newerPlan } from './newer-plan.ts';

/** Spark's message may contain a row of the vendor's, so only the name of the failure is reported. */
export function jobFailed({ Id, JobRunState, ErrorMessage = '' }: JobRun): NightfeedError {
  const condition = /\[([A-Z][A-Z0-9_.]+)\]/.exec(ErrorMessage)?.[1];
  const newer = newerPlan(condition, { ErrorMessage });
  if (newer) return newer;
  const said =
    JobRunState === 'SUCCEEDED' ? 'without a result' : (condition ?? ErrorMessage.split(/[:\n]/)[0]!.slice(0, 120));
  const name = MISSING.has(condition ?? '') ? 'OBJECT_MISSING' : 'ENGINE_FAILED';
  return new NightfeedError(name, `the Glue job run ${Id} ended as ${JobRunState}${said ? `: ${said}` : ''}`, {
    details: { ErrorMessage },
    ...(hints[JobRunState!] ? { hint: hints[JobRunState!] } : {}),
  });
}

/** States that a run gets from outside, and what to do then. */
const hints: Readonly<Record<string, string>> = {
  STOPPED: 'Somebody stopped the job run. Production is untouched: run the same command again.',
  TIMEOUT:
    'Production is untouched. Look in the log of the job run why it took so long, then run the same command again.',
};

/** Spark's names for an input that is not there. */
const MISSING = new Set(['PATH_NOT_FOUND', 'FAILED_READ_FILE.FILE_NOT_EXIST']);
