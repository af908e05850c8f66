import { MAX_FILES } from '../../core/delivery/source-file.ts';

/**
 * How much a server may send, and how long it may take. No honest server comes near these limits. A server that exceeds one is broken
 * or hostile, and would otherwise decide how long we wait and how much memory we use.
 */
export const LIMITS = {
  /** Number of names in a folder, whatever they are: ten years of a hundred files a night are 365,000. */
  names: 500_000,
  /** Number of names that the feed's patterns match. Where the listing does not tell size and time, each is asked about separately. */
  files: MAX_FILES,
  /** Bytes of these names, all of which are kept in memory: 100,000 of 160 bytes, as in the largest manifest. */
  fileBytes: 16_000_000,
  /** Bytes of a listing: 100,000 lines with rights, owner, size and time are 20 MB. */
  listingBytes: 128_000_000,
  /** Time for a listing and all questions about its files. On AWS a look at the source may take ten minutes. */
  listingMilliseconds: 480_000,
  /** Each page counts as at least so many names, because a server could send empty pages for ever. Stores send up to 1000 names in one. */
  namesOfPage: 100,
  /** Number of keys in a page of an S3 listing. A parsed page takes many times the memory of its bytes. */
  keysOfPage: 500,
  /** Bytes of any other answer. The longest is such a page in which each key has 1 KB and each byte of it is escaped as three. */
  answerBytes: 2_000_000,
  /** Time for any other answer, up to its last byte: longer than the silence after which a connection is given up. */
  answerMilliseconds: 45_000,
  /** The least number of bytes in each period while we are ready to take them. Any connection is faster. */
  slowestBytes: 1024,
  slowestMilliseconds: 45_000,
} as const;

export type Limits = Readonly<Record<keyof typeof LIMITS, number>>;
