/** Shorter parts of an address are words such as `services`; a key is longer. */
const LEAST_OF_PART = 8;
/** A shorter secret would cut words that have nothing to do with it. */
const LEAST_OF_SECRET = 4;

/** A foreign text without these secrets, nor the parts of those that are addresses: a server may repeat what it was asked. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  const wholes = secrets.filter((secret) => secret.length >= LEAST_OF_SECRET);
  const parts = secrets.flatMap((secret) => (URL.canParse(secret) ? partsOf(new URL(secret)) : []));
  return [...wholes, ...parts.filter((part) => part.length >= LEAST_OF_PART)]
    .sort((a, b) => b.length - a.length)
    .reduce((shown, part) => shown.replaceAll(part, '…'), text);
}

function partsOf({ username, password, pathname, search }: URL): string[] {
  const pieces = [username, password, ...pathname.split('/'), ...search.split(/[?&=]/)];
  return [pathname, search, ...pieces].flatMap((piece) => [piece, decoded(piece)]);
}

/** Without the percent signs of addresses, where they are right. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
