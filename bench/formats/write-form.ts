import { closeSync, createReadStream, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DuckDBInstance } from '@duckdb/node-api';
import { quoteLiteral } from '../../lib/core/feed/identifier.ts';
import type { Form } from './forms.ts';
import { pieceNames } from './repeated-source.ts';

const CHUNK_CHARACTERS = 4 << 20;

/** Writes the rows of a dump in another form. */
export async function writeForm(form: Form, dump: string, path: string): Promise<void> {
  const { text } = form;
  if (text === undefined) return writeParquet([dump], path);
  await writeRows(form, dump, path, { head: text.head, tail: text.tail });
}

/** Writes what a repeated source reads: the rows as they begin a file, as they go on, and what stands behind them. */
export async function writePieces(form: Form, dump: string, rows: number, folder: string): Promise<void> {
  const [first, again, tail] = pieceNames.map((name) => join(folder, name)) as [string, string, string];
  await writeRows(form, dump, first, { head: form.text?.head });
  await writeRows(form, dump, again, { from: rows });
  const end = openSync(tail, 'w');
  writeSync(end, form.text?.tail ?? '');
  closeSync(end);
}

interface Around {
  readonly head?: string | undefined;
  readonly tail?: string | undefined;
  /** Number of the first row. */
  readonly from?: number;
}

async function writeRows({ text }: Form, dump: string, path: string, { head, tail, from = 0 }: Around): Promise<void> {
  const file = openSync(path, 'w');
  let chunk = head ?? '';
  const write = () => {
    writeSync(file, Buffer.from(chunk, text!.encoding ?? 'utf8'));
    chunk = '';
  };
  let index = from - 1;
  for await (const line of createInterface({ input: createReadStream(dump, { highWaterMark: 1 << 20 }) })) {
    if (index >= from) chunk += text!.row(line.split(','), index);
    index += 1;
    if (chunk.length > CHUNK_CHARACTERS) write();
  }
  chunk += tail ?? '';
  write();
  closeSync(file);
}

/** The rows of dumps, one after the other. */
export async function writeParquet(dumps: readonly string[], path: string): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:', { memory_limit: '2GB', threads: '2' });
  const connection = await instance.connect();
  const types = `{price: 'DECIMAL(12,2)', stock: 'INTEGER', updated_at: 'TIMESTAMP'}`;
  const read = `read_csv([${dumps.map(quoteLiteral).join(', ')}], header = true, types = ${types})`;
  await connection.run(`COPY (FROM ${read}) TO ${quoteLiteral(path)} (FORMAT parquet)`);
  connection.closeSync();
  instance.closeSync();
}
