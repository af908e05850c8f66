import { NightfeedError } from '../../core/errors.ts';

export function existing(key: string): NightfeedError {
  return new NightfeedError(
    'OBJECT_EXISTS',
    `object ${key} exists already; every attempt must write under its own prefix`,
  );
}
