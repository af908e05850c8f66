import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
  type SecretsManagerClientConfig,
} from '@aws-sdk/client-secrets-manager';
import { NightfeedError } from '../core/errors.ts';

/** Reads the current value of a secret. Nothing is cached, so that the next call sees a rotated value. */
export type ReadSecret = (reference: string) => Promise<string>;

/**
 * Secrets in AWS Secrets Manager by name or ARN; `NAME#key` is one key of a secret that is a JSON object. Region, endpoint and
 * credentials are those of the SDK, unless `config` says otherwise. Throws SECRET_MISSING, which never holds a value.
 */
export function secretsManager(config: SecretsManagerClientConfig = {}): ReadSecret {
  const client = new SecretsManagerClient({ maxAttempts: REQUEST_ATTEMPTS, ...config });
  return async (reference) => {
    const [name, key] = reference.split('#') as [string, string?];
    const text = await fetchText(client, name);
    return key === undefined ? text : keyOf(text, name, key);
  };
}

/** Writes a new value into an existing secret. */
export async function writeSecret(name: string, value: string): Promise<void> {
  const client = new SecretsManagerClient({ maxAttempts: REQUEST_ATTEMPTS });
  await client.send(new PutSecretValueCommand({ SecretId: name, SecretString: value }));
}

/** With the SDK's growing pauses these last some ten seconds. */
const REQUEST_ATTEMPTS = 6;

async function fetchText(client: SecretsManagerClient, name: string): Promise<string> {
  try {
    const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: name }));
    if (SecretString !== undefined) return SecretString;
  } catch (error) {
    throw missing(name, error instanceof Error ? `${error.name}: ${error.message}` : String(error));
  }
  throw missing(name, 'it holds bytes, not text');
}

function keyOf(text: string, name: string, key: string): string {
  try {
    const value = (JSON.parse(text) as Record<string, unknown>)[key];
    if (typeof value === 'string') return value;
  } catch {
    // No cause, because the parser's message may contain the secret.
  }
  throw missing(name, `it has no text under the key ${key}`);
}

function missing(name: string, reason: string): NightfeedError {
  return new NightfeedError('SECRET_MISSING', `the secret ${name} cannot be read: ${reason}`, {
    hint: 'Check its name and region, and that this role may read it; then run again.',
  });
}
