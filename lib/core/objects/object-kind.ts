import type { z } from 'zod';
import { NightfeedError } from '../errors.ts';
import { damaged, sealed, unsealed } from '../run/sealed.ts';
import { type Fault, faultIn } from './shape-fault.ts';
import { NEWER } from './stored.ts';

/**
 * A kind of JSON object that outlasts the process that writes it. A field that may be absent, and that an older nightfeed may
 * ignore, is added within a version. Every other change is a new version.
 */
export interface ObjectKind<Document extends object> {
  /** For people, such as `diff receipt`. */
  readonly name: string;
  /** The version that is written, and the newest that is read. What has no version was written before versions, and is of the first. */
  readonly version: number;
  /** Without transforms and defaults: what is read is what was written, with the fields that only others know. */
  readonly schema: z.ZodType<Document>;
  /** Whether it begins with its own checksum. */
  readonly isSealed: boolean;
  /** Blanks by which its JSON is indented. */
  readonly indent?: number;
}

/** The text under which an object is stored. */
export function objectText<Document extends object>(kind: ObjectKind<Document>, document: Document): string {
  const written = { version: kind.version, ...document };
  return kind.isSealed ? sealed(written, kind.indent) : JSON.stringify(written, null, kind.indent);
}

/** Reads an object. Throws OBJECT_DAMAGED, OBJECT_NEWER and OBJECT_MALFORMED, each with its key. */
export function readObject<Document extends object>(kind: ObjectKind<Document>, text: string, key: string): Document {
  return checkedObject(kind, kind.isSealed ? unsealed(text, key) : parsedObject(text, key), key);
}

/** The same of JSON that is parsed already. `place` says where it was found. */
export function checkedObject<Document extends object>(
  kind: ObjectKind<Document>,
  found: unknown,
  place: string,
): Document {
  const malformed = (fault: string) =>
    new NightfeedError('OBJECT_MALFORMED', `${place} is not a valid ${kind.name}: ${fault}`);
  if (typeof found !== 'object' || found === null || Array.isArray(found)) throw malformed(faultIn(found, objectFault));
  const { version = FIRST_VERSION, ...document } = found as Readonly<Record<string, unknown>>;
  if (typeof version !== 'number' || !Number.isInteger(version) || version < FIRST_VERSION)
    throw malformed(faultIn(found, versionFault));
  if (version > kind.version)
    throw newer(place, `${kind.name} of version ${version}; this one reads up to ${kind.version}`);
  const { error } = kind.schema.safeParse(document);
  if (!error) return document as Document;
  const isNewer = error.issues.find(({ message }) => message === NEWER);
  if (isNewer) throw newer(place, `${kind.name}: ${faultIn(document, isNewer)}`);
  throw malformed(faultIn(document, error.issues[0]!, error.issues.length - 1));
}

/** What an NDJSON object holds in each line. Its version is that of the object which names it. */
export interface LineKind<Entry> {
  readonly name: string;
  readonly schema: z.ZodType<Entry>;
}

/** Reads a line of an NDJSON object. Throws OBJECT_DAMAGED and OBJECT_MALFORMED. */
export function readLine<Entry>({ name, schema }: LineKind<Entry>, line: string, key: string): Entry {
  const found = parsedObject(line, key);
  const { error } = schema.safeParse(found);
  if (!error) return found as Entry;
  const fault = faultIn(found, error.issues[0]!);
  throw new NightfeedError('OBJECT_MALFORMED', `a line of ${key} is not a valid ${name}: ${fault}`);
}

function newer(place: string, what: string): NightfeedError {
  const message = `${place} was written by a newer nightfeed (${what}): upgrade, production is untouched`;
  return new NightfeedError('OBJECT_NEWER', message);
}

const FIRST_VERSION = 1;
const objectFault: Fault = { code: 'invalid_type', expected: 'object', path: [] };
const versionFault: Fault = { code: 'invalid_type', expected: 'int', path: ['version'] };

/** Parses an object's text. Throws OBJECT_DAMAGED. */
export function parsedObject(text: string, key: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw damaged(key, error);
  }
}
