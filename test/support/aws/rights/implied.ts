import type { Aws } from '../aws.ts';
import { ACCOUNT } from './deployed-things.ts';
import type { Need } from './needs.ts';
import type { Principal } from './policy.ts';

/** Rights that somebody needs for what AWS does without a call that an emulator could see. */
export interface Implied {
  readonly principal: Principal;
  /** What a service does it for. */
  readonly source?: string;
  readonly needs: readonly Need[];
}

export function actionsOn(resource: string, ...actions: string[]): Need[] {
  return actions.map((action) => ({ action, resource }));
}

/** A service takes a role, for the source that AWS documents. */
export function assumes(service: string, role: string, source?: string): Implied {
  const principal = { service: `${service}.amazonaws.com` };
  return { principal, ...(source === undefined ? {} : { source }), needs: actionsOn(role, 'sts:AssumeRole') };
}

/** `arn:aws:SERVICE:REGION:ACCOUNT:REST` */
export function arnOf(aws: Aws, service: string, rest: string): string {
  return `arn:aws:${service}:${aws.client.region}:${ACCOUNT}:${rest}`;
}
