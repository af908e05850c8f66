import { cloudNames } from '../core/cloud/cloud-names.ts';
import { NightfeedError } from '../core/errors.ts';
import { functionNames } from '../core/workflow/processes.ts';

/** Lambda allows 64 characters for a function's name. */
const MAX_NAME = 64;

/** Throws USAGE when the names of a pipeline would be too long. */
export function checkNames(stage: string, feed: string): void {
  const longest = functionNames
    .map((name) => cloudNames(stage, feed).function(name))
    .sort((a, b) => b.length - a.length)[0]!;
  if (longest.length <= MAX_NAME) return;
  throw new NightfeedError(
    'USAGE',
    `stage ${stage} and feed ${feed} make names such as ${longest} with ${longest.length} characters; AWS allows ${MAX_NAME}`,
    { hint: 'Choose a shorter stage or a shorter name for the feed.' },
  );
}

/** Names of the stacks. */
export const stackNames = {
  network: (stage: string) => `nightfeed-${stage}-Network`,
  lake: (stage: string) => `nightfeed-${stage}-Lake`,
  database: (stage: string) => `nightfeed-${stage}-Database`,
  ledger: (stage: string) => `nightfeed-${stage}-Ledger`,
  chat: (stage: string) => `nightfeed-${stage}-Chat`,
  pipeline: (stage: string, feed: string) => `nightfeed-${stage}-Pipeline-${feed}`,
  watch: (stage: string, feed: string) => `nightfeed-${stage}-Watch-${feed}`,
} as const;
