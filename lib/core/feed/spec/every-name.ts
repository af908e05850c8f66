import { z } from 'zod';

type Named<Key extends z.core.$ZodRecordKey, Value extends z.ZodType> = z.ZodRecord<Key, Value>;

/** A `z.record` that keeps an entry `__proto__`, which zod's leaves out without a word, so that nobody can replace a prototype. */
export function everyName<Key extends z.core.$ZodRecordKey, Value extends z.ZodType>(
  keyType: Key,
  valueType: Value,
): Named<Key, Value> {
  return new NamedRecord({ type: 'record', keyType, valueType }) as Named<Key, Value>;
}

const PROTO = '__proto__';

const NamedRecord = z.core.$constructor<z.ZodRecord>('NamedRecord', (record, { keyType, valueType, ...definition }) => {
  z.ZodRecord.init(record, { keyType, valueType, ...definition });
  const { parse } = record._zod;
  record._zod.parse = (payload, context) => {
    const input: unknown = payload.value;
    const read = atOnce(parse(payload, context));
    if (typeof input !== 'object' || input === null || !Object.hasOwn(input, PROTO)) return read;
    const key = atOnce(keyType._zod.run({ value: PROTO, issues: [] }, context));
    if (key.issues.length > 0) {
      const issues = key.issues.map((issue) => z.core.util.finalizeIssue(issue, context, z.core.config()));
      read.issues.push({ code: 'invalid_key', origin: 'record', issues, input: PROTO, path: [PROTO], inst: record });
      return read;
    }
    const given: unknown = Object.getOwnPropertyDescriptor(input, PROTO)!.value;
    const found = atOnce(valueType._zod.run({ value: given, issues: [] }, context));
    read.issues.push(...z.core.util.prefixIssues(PROTO, found.issues));
    const entries = new Map(Object.entries(read.value as object)).set(PROTO, found.value);
    const inOrder = Object.keys(input).filter((name) => entries.has(name));
    read.value = Object.fromEntries(inOrder.map((name) => [name, entries.get(name)]));
    return read;
  };
});

function atOnce<T>(result: T | Promise<T>): T {
  if (result instanceof Promise) throw new Error('a feed file is read at once');
  return result;
}
