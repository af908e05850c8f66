import { z } from 'zod';
import { everyName } from '../feed/spec/every-name.ts';

/** What a schema of something stored reads: never changed, however deep. */
export type Stored<Schema extends z.ZodType> = Unchanging<z.output<Schema>>;

type Unchanging<T> = T extends readonly (infer Entry)[]
  ? readonly Unchanging<Entry>[]
  : T extends object
    ? { readonly [Name in keyof T]: Unchanging<T[Name]> }
    : T;

/** A number of things that exist. */
export const storedCount = z.int().min(0);

export const storedTexts = z.array(z.string());

/** What a fault says of a version that only a newer nightfeed knows. */
export const NEWER = 'newer';

/** A version of something within an object. */
export function storedVersion<Version extends number>(newest: Version) {
  return z.int().min(1).max(newest, NEWER) as unknown as z.ZodType<Version>;
}

/** Values by names that are not known beforehand, such as those of tables and columns. */
export function storedByName<Value extends z.ZodType>(value: Value) {
  return everyName(z.string(), value);
}

/** One of these names, or one that only others know. */
export function storedName<Name extends string>() {
  return z.string() as unknown as z.ZodType<Name>;
}

/** Values by some of these names. A name that only others know passes. */
export function storedBySome<Name extends string>() {
  return <Value extends z.ZodType>(value: Value) =>
    storedByName(value) as unknown as z.ZodType<Partial<Record<Name, z.output<Value>>>>;
}
