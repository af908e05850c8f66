import { expect, test } from 'vitest';
import { deliveredColumnsOf, readingSpecOf } from '../../../lib/core/feed/reading-spec.ts';
import { json, ndjson } from '../../../lib/formats/json/descriptors.ts';
import type { FileFormat } from '../../../lib/ports/file-format.ts';
import { noLocalFile } from '../../support/formats/local-file.ts';
import { isFull } from '../../support/full.ts';
import { parseFeed } from '../../support/parse-feed.ts';

/** A delivery of 8 GB takes no more than one of this size. */
const BYTES = isFull ? 8e9 : 3e8;
/** The first look, and some chunks. */
const MAX_GROWTH = 150_000_000;

const record = (id: number) =>
  `{"id":${id},"name":"a, \\"b\\"","nested":{"a":[1,2,{"b":null}]},"text":"${'x'.repeat(100)}"}`;
const block = Array.from({ length: 2000 }, (_, id) => record(id));

test.each([
  ['lines', ndjson, {}, '', '\n', ''],
  ['a document', json, {}, '[', ',', `${record(0)}]`],
  ['a part of one', json, { records: ['b'] }, `{"a":[${block.join()}],"b":[`, ',', `${record(0)}],"c":[]}`],
  ['a document behind a large value', json, { records: ['b'] }, '{"a":[', ',', `${record(0)}],"b":[${record(0)}]}`],
] as const)('%s of any size take the memory of a small file', async (_about, kind, options, start, between, end) => {
  const table = {
    files: '*',
    columns: { id: { type: 'bigint', key: true }, name: 'text', nested: 'json', text: 'text' },
  };
  const feed = {
    feed: 'lab',
    source: { folder: '.' },
    tables: { t: { ...table, format: { type: kind.name, ...options } } },
  };
  const { t } = parseFeed(JSON.stringify(feed), 'feed.yaml').tables;
  async function* bytes() {
    yield Buffer.from(start);
    const piece = Buffer.from(block.map((each) => each + between).join(''));
    for (let sent = 0; sent < BYTES; sent += piece.length) yield piece;
    yield Buffer.from(end);
  }
  const before = process.memoryUsage.rss();
  let most = before;
  const file = await (kind as FileFormat).open({
    format: t!.format,
    bytes: bytes(),
    localFile: noLocalFile,
    columns: deliveredColumnsOf(t!),
    contract: t!.contract,
    reading: readingSpecOf(t!),
  });
  let length = 0;
  for await (const chunk of file.text) {
    length += chunk.length;
    most = Math.max(most, process.memoryUsage.rss());
  }
  expect(length).toBeGreaterThan(0);
  expect(file.end({ rows: 0, endsBroken: false }).columns?.change).toEqual({
    added: [],
    missing: [],
    renamed: {},
    reordered: false,
  });
  expect(most - before).toBeLessThan(MAX_GROWTH);
});
