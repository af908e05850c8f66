import { readFile } from 'node:fs/promises';
import { callsFile } from '../localstack.ts';
import type { Principal } from './policy.ts';

/** A call that a role or a service of AWS made, as LocalStack wrote it down. */
export interface Call {
  readonly principal: Principal;
  /** What a service called for: a rule, a topic. */
  readonly source?: string;
  /** The service that was called, `s3`, and what it was asked for, `GetObject`. */
  readonly api: string;
  readonly operation: string;
  readonly request: Request;
  /** The HTTP status of the answer. */
  readonly status: number;
}

/** Those of its parameters that say what a call is about. */
export interface Request {
  readonly [name: string]: string | Request | readonly (string | Request)[] | undefined;
}

type Line = Omit<Call, 'principal' | 'source'> & {
  readonly role?: string;
  readonly service?: string;
  readonly source?: string | null;
};

/** All calls so far, without those of people who are signed in as the account itself. */
export async function recordedCalls(emulator: { readonly folder: string }): Promise<Call[]> {
  const lines = (await readFile(callsFile(emulator.folder), 'utf8')).split('\n').filter((line) => line !== '');
  return lines.map((line) => {
    const { role, service, source, ...call } = JSON.parse(line) as Line;
    const principal = role === undefined ? { service: principalOf(service!) } : { role };
    return { principal, ...(source ? { source } : {}), ...call };
  });
}

/** LocalStack says `states` for states.amazonaws.com. */
function principalOf(service: string): string {
  return service.includes('.') ? service : `${service}.amazonaws.com`;
}

export function textIn(request: Request, name: string): string {
  const value = request[name];
  if (typeof value !== 'string') throw new Error(`the record of a call lacks ${name}: ${JSON.stringify(request)}`);
  return value;
}
