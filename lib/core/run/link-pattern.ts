/** What stands in the pattern of a link for what a message is about. */
export const linkNames = ['feed', 'run', 'date'] as const;

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
