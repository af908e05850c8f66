import { randomUUID } from 'node:crypto';
import { type LoginKind, loginKinds, loginName } from '../../../lib/core/cloud/logins.ts';
import type { Feed } from '../../../lib/core/feed/spec.ts';
import { type Logins, provideLogins } from '../../../lib/target/postgres/ledger/roles.ts';

interface ProvidedLogins {
  readonly logins: Logins;
  /** By kind. */
  readonly urls: Readonly<Record<LoginKind, string>>;
}

/** The logins of a feed at a database that it was migrated to; roles belong to the whole server, so their names are new. */
export async function loginsFor(url: string, feed: Feed): Promise<ProvidedLogins> {
  const logins = loginsOf(`test${randomUUID().slice(0, 8)}`, feed.feed);
  await provideLogins(url, feed, async () => logins);
  return { logins, urls: byKind((kind) => urlAs(url, logins[kind])) };
}

export function loginsOf(stage: string, feed: string): Logins {
  return byKind((kind) => {
    const name = loginName(stage, feed, kind);
    return { name, password: `pass "word" of ${name}` };
  });
}

function byKind<T>(make: (kind: LoginKind) => T): Record<LoginKind, T> {
  return Object.fromEntries(loginKinds.map((kind) => [kind, make(kind)])) as Record<LoginKind, T>;
}

export function urlAs(url: string, { name, password }: { readonly name: string; readonly password: string }): string {
  return Object.assign(new URL(url), { username: name, password: encodeURIComponent(password) }).href;
}
