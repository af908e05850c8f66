import { guardsOf } from './approval.ts';
import type { Hold } from './hold.ts';

interface Held {
  readonly run: string;
  readonly holds: readonly Hold[];
  /** A deployed pipeline, `<stage>-<feed>`, which knows who asks; without it the command line of a machine. */
  readonly stack?: string | undefined;
}

/** What somebody may do about a held run, as `[what for, command]`. */
export function decisionCommands({ run, holds, stack }: Held): [what: string, command: string][] {
  const program = stack === undefined ? 'nightfeed' : `nightfeed --stack ${stack}`;
  const why = stack === undefined ? '--by YOU --reason WHY' : '--reason WHY';
  const guards = guardsOf(holds);
  const oneByOne: [string, string][] =
    guards.length > 1
      ? guards.map((guard) => [`Let in what ${guard} holds`, `${program} approve ${run} --guard ${guard} ${why}`])
      : [];
  return [
    ['Look at the rows', `${program} status ${run}`],
    ['Let it in', `${program} approve ${run} ${why}`],
    ...oneByOne,
    ['Keep it out', `${program} reject ${run} ${why}`],
  ];
}
