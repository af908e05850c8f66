import type { MessageTopics, ProcessNeeds } from '../core/cloud/process-needs.ts';
import type { Notifier } from './notifier.ts';

/** A kind of notifier: one folder of lib/notifiers, or what an embedding program adds to their list. */
export interface NotifierKind {
  readonly name: string;
  /** Where nights run whose messages it sends: on a machine of one's own, or in the cloud. */
  readonly runs: 'here' | 'in the cloud';
  /** What the processes need that send in the cloud. */
  cloud?(topics: MessageTopics): ProcessNeeds;
  /** null where its settings say that nobody wants it. Imports what it needs when it is called. */
  open(surroundings: NotifierSurroundings): Promise<Notifier | null>;
}

interface NotifierSurroundings {
  /** The value of a variable of the environment, if it has one. */
  setting(name: string): string | undefined;
  /** Shows a line on the terminal, or in the log. */
  say(line: string): void;
}
