import { NightfeedError } from '../../core/errors.ts';

/** An address that a secret holds. Throws NOTIFIER_UNAVAILABLE, without the address, where somebody on the way would read it. */
export function secretAddress(of: string, address: string): string {
  if (isPrivateOnTheWay(address)) return address;
  throw new NightfeedError('NOTIFIER_UNAVAILABLE', `the secret of ${of} is no address that begins with https://`);
}

/** Whether nobody on the way reads what is sent there. */
export function isPrivateOnTheWay(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname } = new URL(address);
  return protocol === 'https:' || (protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(hostname));
}
