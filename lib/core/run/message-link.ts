import { parseRunName } from './keys.ts';

/** What stands in the pattern of a link for what a message is about. */
const linkNames = ['feed', 'run', 'date'] as const;

/** The address for a message. Names go in as they are in one segment of an address. */
export function messageLink(pattern: string, run: string): string {
  const known = { feed: run.split('/')[0]!, run, date: parseRunName(run)?.date ?? '' };
  return pattern.replaceAll(/\{(feed|run|date)\}/g, (_, name: (typeof linkNames)[number]) =>
    encodeURIComponent(known[name]),
  );
}

/** Why this is no pattern of a link; undefined for one that is. */
export function linkFault(pattern: string): string | undefined {
  const unknown = /\{([^{}]*)\}/g;
  const names = [...pattern.matchAll(unknown)].map(([, name]) => name!);
  const wrong = names.find((name) => !(linkNames as readonly string[]).includes(name));
  if (wrong !== undefined) return `{${wrong}} is none of ${linkNames.map((name) => `{${name}}`).join(', ')}`;
  const plain = pattern.replaceAll(unknown, 'x');
  const isAddress = /^https?:\/\/[!-~]+$/.test(plain) && URL.canParse(plain) && !/["'<>`\\{}]/.test(plain);
  return isAddress ? undefined : 'expected an address that begins with https:// or http://';
}
