import { guardsOf } from './approval.ts';
import type { Finding } from './finding.ts';

interface Held {
  readonly run: string;
  readonly holds: readonly Finding[];
  /** Nobody needs to approve any more; it only has to go on. */
  readonly isApproved?: boolean;
  /** A deployed pipeline, `<stage>-<feed>`, which knows who asks; without it the command line of a machine. */
  readonly stack?: string | undefined;
}

/** What somebody may do about a held run, as `[what for, command]`. */
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
