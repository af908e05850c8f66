import type { Readable } from 'node:stream';

/** The identity of a lake, which it keeps when it is moved, and its place, for people. */
export interface LakeIdentity {
  readonly id: string;
  readonly place: string;
}

/** The lake: immutable objects under `/`-separated keys. */
export interface Store {
  /** Where its objects are files, for engines that read files. */
  readonly folder?: string;
  /** Makes the lake if it does not exist. */
  identity(): Promise<LakeIdentity>;
  /** Create-only: `false` when the key exists already. The object is whole and durable, or not there. */
  create(key: string, body: string | Uint8Array): Promise<boolean>;
  /** Streams an object under an attempt's own prefix; resolves to its size when durable. */
  write(key: string, body: AsyncIterable<Uint8Array>): Promise<number>;
  /** Puts a finished local file; the file may be moved away. */
  writeFile(key: string, path: string): Promise<number>;
  /** Copies an object to a new key. Throws OBJECT_MISSING. */
  copy(from: string, to: string): Promise<void>;
  /** null when absent. */
  readText(key: string): Promise<string | null>;
  /** Throws OBJECT_MISSING. */
  read(key: string): Readable;
  /**
   * A local path with the object's bytes, for engines that read files: the object itself, or a copy of it in `scratch`, a
   * folder that the caller removes. Throws OBJECT_MISSING.
   */
  localPath(key: string, scratch: string): Promise<string>;
  list(prefix: string): Promise<{ key: string; size: number; modified: Date }[]>;
  remove(keys: readonly string[]): Promise<void>;
  /** Bytes that are free for more objects; null where that has no end. */
  room(): Promise<number | null>;
}
