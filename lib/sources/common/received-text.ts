import { shownText } from '../../core/shown-text.ts';

const MAX_RECEIVED = 300;

/** What a server said, fit for a message: one line, not too long, without the secrets that it may have echoed. */
export function receivedText(text: string, secrets: readonly (string | undefined)[]): string {
  let safe = text;
  // The longest first: a secret may be part of another one.
  const longestFirst = secrets.filter((secret) => secret !== undefined).sort((a, b) => b.length - a.length);
  for (const secret of longestFirst) if (secret) safe = safe.replaceAll(secret, '***');
  return shownText(safe.replace(/\s+/g, ' ').trim(), MAX_RECEIVED);
}
