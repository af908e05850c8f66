import { closeSync, createReadStream, openSync, writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { DuckDBInstance } from '@duckdb/node-api';
import { quoteLiteral } from '../../lib/core/feed/identifier.ts';
import type { Form } from './forms.ts';

const CHUNK_CHARACTERS = 4 << 20;

/** Writes the rows of a dump in another form. */
export async function writeForm({ text }: Form, dump: string, path: string): Promise<void> {
  if (text === undefined) return writeParquet(dump, path);
  const file = openSync(path, 'w');
  let chunk = text.head ?? '';
  const write = () => {
    writeSync(file, Buffer.from(chunk, text.encoding ?? 'utf8'));
    chunk = '';
  };
  let index = -1;
  for await (const line of createInterface({ input: createReadStream(dump, { highWaterMark: 1 << 20 }) })) {
    if (index >= 0) chunk += text.row(line.split(','), index);
    index += 1;
    if (chunk.length > CHUNK_CHARACTERS) write();
  }
  chunk += text.tail ?? '';
  write();
  closeSync(file);
}

async function writeParquet(dump: string, path: string): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:', { memory_limit: '2GB', threads: '2' });
  const connection = await instance.connect();
  const types = `{price: 'DECIMAL(12,2)', stock: 'INTEGER', updated_at: 'TIMESTAMP'}`;
  await connection.run(
    `COPY (FROM read_csv(${quoteLiteral(dump)}, header = true, types = ${types})) TO ${quoteLiteral(path)} (FORMAT parquet)`,
  );
  connection.closeSync();
  instance.closeSync();
}
