import { shownText } from '../../core/shown-text.ts';

const MAX_RECEIVED = 300;

/** A server's text for use in a message: one line, cut, without the secrets that the server may have echoed. */
export function receivedText(text: string, secrets: readonly (string | undefined)[]): string {
  let safe = text;
  // The longest is replaced first, because a secret may be part of another one.
  const longestFirst = secrets.filter((secret) => secret !== undefined).sort((a, b) => b.length - a.length);
  for (const secret of longestFirst) if (secret) safe = safe.replaceAll(secret, '***');
  return shownText(safe.replace(/\s+/g, ' ').trim(), MAX_RECEIVED);
}
