import { InvalidArgumentError } from 'commander';
import { NightfeedError } from '../../lib/core/errors.ts';
import { isBusinessDate } from '../../lib/core/feed/business-date.ts';
import { type GuardName, guardNames } from '../../lib/core/guards/guard-names.ts';

/** Descriptions of options that many commands have. */
export const stack = 'a deployed pipeline, <stage>-<feed>, instead of this machine';
export const json = 'one JSON object on standard output, nothing else';

export function businessDate(text: string): string {
  if (isBusinessDate(text)) return text;
  throw new InvalidArgumentError(`expected a day such as 2026-11-20, received ${JSON.stringify(text)}.`);
}

export const guardName: (text: string) => GuardName = chosenOf(guardNames);

/** Takes one of these words. */
export function chosenOf<Word extends string>(words: readonly Word[]): (text: string) => Word {
  return (text) => {
    const found = words.find((word) => word === text);
    if (found) return found;
    throw new InvalidArgumentError(`expected one of ${words.join(', ')}, received ${JSON.stringify(text)}.`);
  };
}

export function positive(text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new InvalidArgumentError(`expected a whole number of at least 1, received ${JSON.stringify(text)}.`);
}

export function fileOf(feed: string | undefined): string {
  if (feed === undefined) throw usage("missing required argument 'feed'");
  return feed;
}

export function deployed(name: string, feed: string | undefined): string {
  if (feed !== undefined) throw usage(`received the feed file ${feed}; with --stack it is the deployed one`);
  return name;
}

export function named(by: string | undefined): string {
  if (by === undefined) throw usage("required option '--by <who>' not specified");
  return by;
}

export function signedIn(name: string, by: string | undefined): string {
  if (by !== undefined) throw usage('received --by; with --stack it is the identity that is signed in to AWS');
  return name;
}

export const usage = (reason: string) => new NightfeedError('USAGE', reason);
