import { guardsOf } from './approval.ts';
import type { Finding } from './finding.ts';

interface Held {
  readonly run: string;
  readonly holds: readonly Finding[];
  /** Enough people have approved; the run only has to continue. */
  readonly isApproved?: boolean;
  /** Name of a deployed pipeline, `<stage>-<feed>`, which knows who asks. Absent on a machine's command line. */
  readonly stack?: string | undefined;
}

/** The commands that lead out of a held run, as `[purpose, command]`. */
export function decisionCommands({ run, holds, isApproved = false, stack }: Held): [what: string, command: string][] {
  const program = stack === undefined ? 'nightfeed' : `nightfeed --stack ${stack}`;
  const why = stack === undefined ? '--by YOU --reason WHY' : '--reason WHY';
  const guards = guardsOf(holds);
  const oneByOne: [string, string][] =
    guards.length > 1 && !isApproved
      ? guards.map((guard) => [`Let in what ${guard} holds`, `${program} approve ${run} --guard ${guard} ${why}`])
      : [];
  return [
    ['Look at the rows', `${program} status ${run}`],
    [isApproved ? 'It is approved; go on with it' : 'Let it in', `${program} approve ${run} ${why}`],
    ...oneByOne,
    ['Keep it out', `${program} reject ${run} ${why}`],
  ];
}
