import { NightfeedError } from '../../core/errors.ts';

/** The error when `diff.py` refused a plan, by the condition that it names in its failure; undefined for any other one. */
export function newerPlan(condition: string | undefined, details: object): NightfeedError | undefined {
  if (condition !== 'PLAN_NEWER') return undefined;
  return new NightfeedError(
    'OBJECT_NEWER',
    'the plan for Spark is of a newer version than its job, which ran nothing',
    {
      hint: 'Production is untouched. On AWS, deploy the stage anew, which brings the job of this version; then run the same command again.',
      details,
    },
  );
}
