export type Compression = 'gzip' | 'zstd';
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
  [/\.gz$/i, { compression: 'gzip' }],
  [/\.zst$/i, { compression: 'zstd' }],
];

/** For people who wrote another name. */
export const archiveEndings = '.zip, .tar, .tar.gz, .tgz or .tar.zst';
