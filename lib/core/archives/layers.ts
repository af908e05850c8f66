export type Compression = 'gzip' | 'zstd' | 'bzip2' | 'xz';
export type ArchiveKind = 'zip' | 'tar';

/** What has to be undone before the content of a file shows, from the outside in. */
export interface Layers {
  readonly compression?: Compression;
  readonly archive?: ArchiveKind;
}

/** The layers that the end of a name tells, in upper or lower case. */
export function layersOf(name: string): Layers {
  const found = endings.find(([ending]) => ending.test(name));
  return found?.[1] ?? {};
}

export function isArchiveName(name: string): boolean {
  return layersOf(name).archive !== undefined;
}

const endings: readonly (readonly [RegExp, Layers])[] = [
  [/\.zip$/i, { archive: 'zip' }],
  [/\.tar$/i, { archive: 'tar' }],
  [/\.(tar\.gz|tgz)$/i, { compression: 'gzip', archive: 'tar' }],
  [/\.(tar\.zst|tzst)$/i, { compression: 'zstd', archive: 'tar' }],
  [/\.(tar\.bz2|tbz2?)$/i, { compression: 'bzip2', archive: 'tar' }],
  [/\.(tar\.xz|txz)$/i, { compression: 'xz', archive: 'tar' }],
  [/\.gz$/i, { compression: 'gzip' }],
  [/\.zst$/i, { compression: 'zstd' }],
  [/\.bz2$/i, { compression: 'bzip2' }],
  [/\.xz$/i, { compression: 'xz' }],
];

/** For people who wrote another name. */
export const archiveEndings = '.zip, .tar, .tar.gz, .tar.bz2, .tar.xz or .tar.zst';
