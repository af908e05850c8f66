import type { Feed } from './spec.ts';

/** An option of the source that names a secret, and how. */
export interface NamedSecret {
  readonly option: string;
  readonly reference: string;
}

/** Every secret that a feed's source names. */
export function sourceSecrets({ source }: Feed): NamedSecret[] {
  if ('folder' in source) return [];
  const options = 'ftp' in source ? source.ftp : source.sftp;
  return secretOptions.flatMap((option) => {
    const reference = (options as Readonly<Record<string, unknown>>)[option];
    return typeof reference === 'string' ? [{ option, reference }] : [];
  });
}

const secretOptions = ['password', 'key', 'passphrase', 'ca'] as const;
