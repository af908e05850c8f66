import { Readable } from 'node:stream';
import { formats } from '../../lib/formats/index.ts';
import type { Source } from '../../lib/ports/source.ts';
import { guessTables } from '../../lib/workflows/init/init.ts';

/** Looks at all bytes of a large file that lies nowhere, and prints what it found and the most memory that this process had. */
const file = { name: 'large.csv', size: 700_000_000, modified: null };
const first = Buffer.from('id,text,number\n0,zero,0\n');
const again = Buffer.from(`1,${'text'.repeat(500)},2\n`.repeat(500));
const last = Buffer.from('2,end,1.5\n');

function* bytes(): Generator<Buffer> {
  yield first;
  for (let length = 0; length < file.size; length += again.length) yield again;
  yield last;
}

const source = {
  place: 'nowhere',
  list: async () => [file],
  // As of a server that ignores the place, so that only its first bytes are a sample.
  read: () => Readable.from(bytes()),
} as unknown as Source;
const keepLocally = () => Promise.reject(new Error('nothing is kept'));
const ports = { source, before: null, formats, say() {}, engine: { keepLocally } };
const [table] = await guessTables({ samples: [file.name], previous: [], most: 1_000_000, all: true }, ports);
const types = table!.columns.map(({ type }) => type);
console.log(JSON.stringify({ types, peak: process.resourceUsage().maxRSS * 1024 }));
