import type { Source } from '../../lib/ports/source.ts';
import { LIMITS, type Limits } from '../../lib/sources/common/limits.ts';

/** Small enough to be met at once. */
export const small: Limits = {
  ...LIMITS,
  names: 1000,
  files: 100,
  fileBytes: 2000,
  listingBytes: 1_000_000,
  namesOfPage: 200,
  answerBytes: 100_000,
};
export const impatient: Limits = { ...LIMITS, answerMilliseconds: 500, slowestBytes: 1000, slowestMilliseconds: 500 };

export const named = (name: string) => (wanted: string) => wanted === name;
export const tooLong = { name: 'LISTING_TOO_LONG', transient: false };
export const tooSlow = { name: 'SOURCE_SLOW', transient: false };

export const around = (source: Source) => source.around(() => {});
