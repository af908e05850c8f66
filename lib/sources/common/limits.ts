import { MAX_FILES } from '../../core/delivery/source-file.ts';

/**
 * What a server may send, and how long it may take. No honest server comes near: past any of these it is broken or hostile, and
 * whoever goes on waiting or remembering is in its hands.
 */
export const LIMITS = {
  /** Names in a folder, whatever they are: ten years of a hundred files a night are 365,000. */
  names: 500_000,
  /** Those of them that the feed asks for; each is looked at by itself where the listing does not tell all. */
  files: MAX_FILES,
  /** Bytes of their names, which are kept: 100,000 of 160 bytes, as in the largest manifest. */
  fileBytes: 16_000_000,
  /** Bytes of a listing: 100,000 names, with all that stands before them, are 20 MB. */
  listingBytes: 128_000_000,
  /** Of a listing and all questions about its files. A look at the source has ten minutes on AWS. */
  listingMilliseconds: 480_000,
  /** Pages without end may be empty ones: each counts as so many names at least. Stores send up to 1000 in one. */
  namesOfPage: 100,
  /** In a page of an S3 listing; what a parser makes of a page is many times its bytes. */
  keysOfPage: 500,
  /** Bytes of any other answer. Such a page, each key of 1 KB, and each of its bytes written as three, is the longest. */
  answerBytes: 2_000_000,
  /** For any other answer, from the question to its last byte: longer than the silence after which a connection is given up. */
  answerMilliseconds: 45_000,
  /** Bytes that come at least in each stretch of time, as long as we are ready to take them. Any line is faster. */
  slowestBytes: 1024,
  slowestMilliseconds: 45_000,
} as const;

export type Limits = Readonly<Record<keyof typeof LIMITS, number>>;
