import { double, type Field, integer, message, text } from './protobuf.ts';

export type Attributes = Readonly<Record<string, string | number | null | undefined>>;

/** KeyValue fields; what is not known is left out. */
export function attributes(number: number, all: Attributes): Field[] {
  return Object.entries(all).flatMap(([name, value]) =>
    value === null || value === undefined ? [] : [message(number, [text(1, name), message(2, [anyValue(value)])])],
  );
}

function anyValue(value: string | number): Field {
  if (typeof value === 'string') return text(1, value);
  return Number.isSafeInteger(value) ? integer(3, BigInt(value)) : double(4, value);
}

/** Nanoseconds since 1970. */
export function nanoseconds(at: Date | string): bigint {
  return BigInt(new Date(at).getTime()) * 1_000_000n;
}

/** Who sends: Resource, and the scope of what follows. */
export function resource(all: Attributes): Field {
  return message(1, attributes(1, all));
}

export const scope = message(1, [text(1, 'nightfeed')]);
