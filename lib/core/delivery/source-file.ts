/** A file as the source lists it. `modified` is an ISO instant, or null when the source cannot tell. */
export interface SourceFile {
  readonly name: string;
  readonly size: number;
  readonly modified: string | null;
  /** Changes with the content, where the source knows such a thing. */
  readonly version?: string;
  /** A link of which nobody can say what it leads to: no file, and nothing to pass over where one is expected. */
  readonly unfollowed?: true;
}

/** Of a file's name in UTF-8: what file systems allow. */
export const MAX_NAME_BYTES = 255;

export function isLongName(name: string): boolean {
  return Buffer.byteLength(name) > MAX_NAME_BYTES;
}

/** `later`: its name has a date after the night's own day. `held`: production held it, or a newer one, already. */
export interface LeftOut extends Omit<SourceFile, 'version'> {
  readonly table: string;
  readonly why: 'older' | 'later' | 'held';
}

/** Files of a feed at the source, and in its manifest, at most: each is kept in memory. */
export const MAX_FILES = 120_000;
