import { NightfeedError } from '../../../core/errors.ts';
import { excerpt } from '../../../core/shown-text.ts';
import { FooterFault } from './fields.ts';
import { ThriftFault } from './thrift.ts';

/** The file contradicts itself, or what it should be. */
export function corrupt(what: string, cause?: unknown): NightfeedError {
  return new NightfeedError('PARQUET_CORRUPT', `the Parquet file is damaged: ${what}`, { cause });
}

/** Runs what reads metadata; its faults are the file's. */
export function inFooter<T>(part: string, read: () => T): T {
  try {
    return read();
  } catch (thrown) {
    if (!(thrown instanceof ThriftFault || thrown instanceof FooterFault)) throw thrown;
    throw corrupt(`${part} cannot be read: ${excerpt(thrown.message)}`, thrown);
  }
}
