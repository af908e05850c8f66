import { z } from 'zod';
import { NightfeedError } from '../../../lib/core/errors.ts';
import { bindHeader } from '../../../lib/core/records/bind-header.ts';
import { convertedRecord } from '../../../lib/core/records/record-text.ts';
import type { RejectCode } from '../../../lib/core/records/reject.ts';
import type { FileFormat } from '../../../lib/ports/file-format.ts';

const options = {
  absent: z
    .enum(['null', 'reject'])
    .default('null')
    .describe('What a record means that lacks a name of the first one.'),
};

/** An object in each line, as an embedding program may bring it: a second format to prove that nothing else knows of any. */
export const ndjson: FileFormat<typeof options> = {
  name: 'ndjson',
  options,
  async open({ format, bytes, ...table }) {
    const lines = linesOf(bytes);
    const first = await lines.next();
    if (first.done) throw new NightfeedError('EMPTY_FILE', 'the file is empty');
    const firstLine = first.value;
    const sent = Object.keys(objectIn(firstLine) ?? Object.fromEntries(table.columns.map(({ name }) => [name, null])));
    const { names: header, notes, ...change } = bindHeader(sent, table, firstLine);
    const faults = new Map<number, RejectCode>();
    let count = 0;
    const converted = (line: string) => {
      const fields = fieldsOf(line, sent, format.absent === 'null');
      if (fields === undefined) faults.set(count, 'SYNTAX');
      else if (!fields.every((field) => field?.isWellFormed() ?? true)) faults.set(count, 'INVALID_UTF8');
      count += 1;
      return Buffer.from(fields ? convertedRecord(fields) : `"${line.replaceAll('"', '""')}"\n`);
    };
    async function* text() {
      yield converted(firstLine);
      for await (const line of lines) yield converted(line);
    }
    return {
      head: { header, spare: false, recordEnd: '\n', change, notes: [...notes] },
      headBytes: Buffer.alloc(0),
      text: text(),
      isAsWritten: false,
      faultOf: (index) => faults.get(index),
      end: () => ({ notes: [] }),
    };
  },
};

function fieldsOf(line: string, names: readonly string[], mayLack: boolean): (string | null)[] | undefined {
  const object = objectIn(line);
  if (!object || Object.keys(object).some((name) => !names.includes(name))) return undefined;
  if (!mayLack && !names.every((name) => Object.hasOwn(object, name))) return undefined;
  return names.map((name) => asText(object[name] ?? null));
}

function asText(value: unknown): string | null {
  return value === null || typeof value === 'string' ? value : JSON.stringify(value);
}

const { rawJSON } = JSON as unknown as { rawJSON(text: string): unknown };

/** A number stays as it is written: JavaScript would round it to some 16 digits. */
function keepDigits(_name: string, value: unknown, { source } = { source: '' }): unknown {
  return typeof value === 'number' ? rawJSON(source) : value;
}

function objectIn(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line, keepDigits);
    return value !== null && typeof value === 'object' && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

async function* linesOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<string, undefined> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    const data = Buffer.concat([rest, chunk]);
    let from = 0;
    for (let end = data.indexOf(LF); end >= 0; end = data.indexOf(LF, from)) {
      yield data.toString('utf8', from, end);
      from = end + 1;
    }
    rest = data.subarray(from);
  }
  if (rest.length > 0) throw new NightfeedError('NO_FINAL_NEWLINE', 'the last record has no line end');
  return undefined;
}

const LF = 10;
