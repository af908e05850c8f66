import { type ErrorName, errorKinds } from '../error-kinds.ts';
import { isErrorName } from '../errors.ts';
import { type RejectCode, rejectKinds, unreadable } from '../records/reject.ts';
import { exitCodes, type RunState, runStates } from '../run/state.ts';
import { explainedError } from './error.ts';
import { explainedGuards } from './guard.ts';
import { explainedStates } from './state.ts';

/** What a word of messages, tables and `--json` means. */
export interface Explanation {
  readonly kind: 'error' | 'guard' | 'reject code' | 'state';
  readonly name: string;
  /** By what is told, in the order in which it is shown. */
  readonly tells: Readonly<Record<string, string>>;
}

/** Every meaning of a word, in any case: some names are those of an error and of a guard. */
export function explanationsOf(word: string): Explanation[] {
  const name = word.toUpperCase();
  const state = runStates.find((known) => known === word.toLowerCase());
  const found = [
    ...(isErrorName(name) ? [ofError(name)] : []),
    ...explainedGuards
      .filter(({ names }) => names.some((known) => known === name))
      .map((guard) => ofGuard(name, guard)),
    ...(Object.hasOwn(rejectMeanings, name) ? [ofRejectCode(name as RejectCode)] : []),
    ...(state === undefined ? [] : [ofState(state)]),
  ];
  return found.map(({ tells, ...named }) => ({ ...named, tells: withoutLinks(tells) }));
}

function ofError(name: ErrorName): Explanation {
  const { meaning, state, exitCode, retried, whatToDo } = explainedError(name);
  const tells = { meaning, 'state of the run': state, 'exit code': exitCode, retried, 'what to do': whatToDo };
  return { kind: 'error', name, tells };
}

function ofGuard(name: string, { option, watches, limit }: (typeof explainedGuards)[number]): Explanation {
  const set = option === undefined ? {} : { 'set with': `\`guards: {${option}: …}\` of the feed file` };
  const whatToDo = 'Where it holds a run: look at `nightfeed status RUN`, then `approve` or `reject` it.';
  return { kind: 'guard', name, tells: { watches, default: limit, ...set, 'what to do': whatToDo } };
}

function ofRejectCode(name: RejectCode): Explanation {
  const deletes = unreadable.has(name)
    ? { deletes: 'Nobody knows which row it was, so nothing is deleted from its table that night.' }
    : {};
  const whatToDo =
    '`nightfeed quarantine show RUN` has the records; `quarantine release` lets them in when they can be read.';
  const tells = { meaning: rejectMeanings[name]!, ...deletes, 'what to do': whatToDo };
  return { kind: 'reject code', name, tells };
}

function ofState(name: RunState): Explanation {
  const { meaning, whatToDo } = explainedStates[name];
  return { kind: 'state', name, tells: { meaning, 'exit code': `${exitCodes[name]}`, 'what to do': whatToDo } };
}

const rejectMeanings: Readonly<Record<string, string>> = Object.fromEntries(
  Object.values(rejectKinds)
    .flatMap((kinds) => Object.entries(kinds))
    .map(([code, { meaning }]) => [code, meaning]),
);

/** All words that have a meaning. */
export const explainedWords: readonly string[] = [
  ...Object.keys(errorKinds),
  ...explainedGuards.flatMap(({ names }) => names),
  ...Object.keys(rejectMeanings),
  ...runStates,
];

function withoutLinks(tells: Explanation['tells']): Explanation['tells'] {
  const entries = Object.entries(tells).map(([told, text]) => [told, text.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')]);
  return Object.fromEntries(entries);
}
