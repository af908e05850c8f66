import type { Feed } from './spec.ts';

/** An option of the source that names a secret, and how. */
export interface NamedSecret {
  readonly option: string;
  readonly reference: string;
}

/** Every secret that a feed's source names. */
export function sourceSecrets({ source }: Feed): NamedSecret[] {
  if ('folder' in source) return [];
  const options = Object.values(source).find((value) => typeof value === 'object')!;
  return secretOptions.flatMap((option) => {
    const reference = (options as Readonly<Record<string, unknown>>)[option];
    return typeof reference === 'string' ? [{ option, reference }] : [];
  });
}

/** Whether an option of a source must name a secret. A text that stands there instead may be the secret itself. */
export function isSecretOption(option: string): boolean {
  return secretOptions.some((name) => name === option);
}

const secretOptions = ['password', 'key', 'passphrase', 'ca', 'access_key', 'secret_key'] as const;
