import type { StepName } from '../../../core/workflow/workflows.ts';

/** How the console shows a step, from top to bottom. Names of states are a contract: alarms and queries of users contain them. */
interface Shown {
  readonly state: string;
  /** The state after a container, which asks the ledger how the container ended. */
  readonly answer?: string;
  /** A comment for the console, instead of the one in the table of processes. */
  readonly comment?: string;
  /** Where the answer goes; with `$` it is the whole input of the next state. */
  readonly result: string;
  /** The choice between several ways, and what it asks. */
  readonly choice?: readonly [name: string, question: string];
}

export const shown: Readonly<Record<StepName, Shown>> = {
  claim: {
    state: 'Claim',
    comment: 'Opens, reopens or takes over the run',
    result: '$',
    choice: ['Opened?', 'Is there a run to work on?'],
  },
  arrive: { state: 'Arrive', result: '$.arrival', choice: ['Arrived?', 'Is the delivery complete?'] },
  pull: { state: 'Pull', answer: 'Pulled', result: '$.pulled' },
  diff: { state: 'Diff', answer: 'Compared', result: '$.comparison', choice: ['Changed?', 'Does production differ?'] },
  guard: { state: 'Guard', result: '$.judgement', choice: ['Pass?', 'May it be published?'] },
  publish: { state: 'Publish', answer: 'Committed', result: '$.published' },
  notify: { state: 'Notify', comment: 'Relays the messages', result: '$.told' },
  tidy: { state: 'Tidy', answer: 'Tidied', result: '$.tidied' },
};

/** A comment of the console, from what a process does. */
export function sentence(does: string): string {
  return does[0]!.toUpperCase() + does.slice(1);
}
