import type { MessageTopics, ProcessNeeds } from '../core/cloud/process-needs.ts';
import type { NotifierDescriptor } from '../core/feed/descriptors/notifier-descriptor.ts';
import type { Notifier } from './notifier.ts';

/** A kind of notifier: one folder of lib/notifiers, or what an embedding program adds to their list. */
export type NotifierKind = PresentNotifier | ChosenNotifier;

/** A kind that is told of all feeds, wherever it is at hand. */
export interface PresentNotifier extends NotifierDescriptor {
  readonly options?: undefined;
  /** Where nights run whose messages it sends: on a machine of one's own, or in the cloud. */
  readonly runs: 'here' | 'in the cloud';
  /** What the processes need that send in the cloud. */
  cloud?(topics: MessageTopics): ProcessNeeds;
  /** null where its settings say that nobody wants it. Imports what it needs when it is called. */
  open(surroundings: NotifierSurroundings): Promise<Notifier | null>;
}

/** A kind that feed files name among their channels, on a machine of one's own. */
export interface ChosenNotifier<Options = never> extends NotifierDescriptor {
  readonly options: NonNullable<NotifierDescriptor['options']>;
  reach(options: Options): string;
  /**
   * Opens a channel, when it has something to tell. `secrets` are the values of the options that name secrets, by the names of the options.
   * Imports what it needs when it is called.
   */
  openChannel(
    options: Options,
    secrets: Readonly<Record<string, string>>,
    surroundings: NotifierSurroundings,
  ): Promise<Notifier>;
  /** It is also told, whatever its severity, of what ends the trouble that it was told of before. */
  readonly resolves?: boolean;
}

export interface NotifierSurroundings {
  /** The value of a variable of the environment, if it has one. */
  setting(name: string): string | undefined;
  /** Shows a line on the terminal, or in the log. */
  say(line: string): void;
}
