/** Shorter parts of an address are words such as `services`; a key is longer. */
const LEAST_CHARACTERS = 8;

/** A foreign text without these secrets, nor the parts of those that are addresses: a server may repeat what it was asked. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  const parts = secrets.flatMap((secret) => [secret, ...(URL.canParse(secret) ? partsOf(new URL(secret)) : [])]);
  return parts
    .filter((part) => part.length >= LEAST_CHARACTERS)
    .sort((a, b) => b.length - a.length)
    .reduce((shown, part) => shown.replaceAll(part, '…'), text);
}

function partsOf({ username, password, pathname, search }: URL): string[] {
  const pieces = [username, password, ...pathname.split('/'), ...search.split(/[?&=]/)];
  return [pathname, search, ...pieces].flatMap((piece) => [piece, decoded(piece)]);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
