/** A file as the source lists it. `modified` is an ISO instant, or null when the source cannot tell. */
export interface SourceFile {
  readonly name: string;
  readonly size: number;
  readonly modified: string | null;
  /** A version that changes with the content, if the source has one. */
  readonly version?: string;
  /** A broken link: it is not a file, but it must not be ignored where one is expected. */
  readonly unfollowed?: true;
}

/** Bytes of a file's name in UTF-8 that file systems allow. */
export const MAX_NAME_BYTES = 255;

export function isLongName(name: string): boolean {
  return Buffer.byteLength(name) > MAX_NAME_BYTES;
}

/** `later`: the name has a date after the night's day. `held`: production already holds this file or a newer one. */
export interface LeftOut extends Omit<SourceFile, 'version'> {
  readonly table: string;
  readonly why: 'older' | 'later' | 'held';
}

/** Largest number of files of a feed at the source and in its manifest, because each is kept in memory. */
export const MAX_FILES = 120_000;
