import { execFileSync, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { kindOfKey } from './object-kinds.ts';

/** `node test/upgrade/make-objects.ts CHECKOUT`; see README.md beside this. */
const [checkout] = process.argv.slice(2);
if (checkout === undefined) throw new Error('usage: make-objects.ts CHECKOUT');
const commit = execFileSync('git', ['-C', checkout, 'rev-parse', '--short=7', 'HEAD'], { encoding: 'utf8' }).trim();
const folder = await mkdtemp(join(tmpdir(), 'objects-'));
const home = join(folder, 'home');

/** Tables that leave as many fields in the objects as nights can. `price` is what the last nights of the feed read. */
const feedText = (price: string) => `feed: flat
source: {folder: "./flat"}
ready: {stable: 1s, marker: done.txt, manifest: {file: "sizes-{yyyymmdd}.csv"}}
guards: {samples_in_messages: true}
tables:
  items:
    files: "items-{yyyymmdd}-*.csv"
    contract: {added: evolve, missing: evolve, renamed: evolve, retyped: evolve}
    where: "id < 90"
    on_delete: delete
    history: true
    guards: {min_rows: 1000, rejected: 100%}
    rules: [{check: "name <> 'two'", on_fail: warn}]
    columns:
      id: {type: bigint, key: true}
      name: {type: text, required: true}
      price: ${price}
      note: text
      __proto__: text
`;
const PRICE = '{type: "decimal(8,2)", min: 1, on_fail: reject_row}';
const HEADER = 'id,name,price,note,__proto__';
/** With a column that is not declared, in another order. */
const MOVED = 'name,id,price,note,__proto__,new';

interface Night {
  readonly date: string;
  readonly files: Readonly<Record<string, readonly string[]>>;
}

const nights: readonly Night[] = [
  {
    date: '2026-11-18',
    files: { a: [HEADER, '1,one,1,,p', '2,two,2,x,p', '3,three,3,,p', '4,four,4,,p', '95,x,1,,'] },
  },
  {
    date: '2026-11-19',
    files: {
      a: [MOVED, 'one,1,1.5,,p,n', 'two,2,n/a,a\\\\b,p,n', 'three,3,3,,p,n', 'six,6,0.5,,p,n'],
      b: [MOVED, 'four,4,4,y,p,n', 'seven,7,7'],
    },
  },
];
const again: Night = { ...nights[1]!, date: '2026-11-20' };
const held: Night = {
  date: '2026-11-21',
  files: {
    a: [HEADER, '1,one,1,,p', '2,two,2,"x\n3,three,3,,p\n4,four,4,,p\n5,five,5,,p\n",p', '8,eight,8,\\N,p'],
    b: [HEADER, '1,one,1,,p', '8,other,8,,p'],
  },
};

async function deliver({ date, files }: Night): Promise<void> {
  const inbox = join(folder, 'flat');
  await mkdir(inbox, { recursive: true });
  const day = date.replaceAll('-', '');
  const put = async (name: string, text: string) => {
    await writeFile(join(inbox, name), text);
    await utimes(join(inbox, name), new Date(`${date}T03:00:00Z`), new Date(`${date}T03:00:00Z`));
  };
  const sizes = ['file,size,rows'];
  for (const [name, lines] of Object.entries(files)) {
    const text = `${lines.join('\n')}\n`;
    await put(`items-${day}-${name}.csv`, text);
    sizes.push(`items-${day}-${name}.csv,${Buffer.byteLength(text)},`);
  }
  await put(`sizes-${day}.csv`, `${sizes.join('\n')}\n`);
  await put('done.txt', date);
}

function nightfeed(...args: string[]): void {
  const { status, stdout, stderr } = spawnSync(
    join(checkout!, 'node_modules/.bin/node'),
    [join(checkout!, 'bin/nightfeed.ts'), ...args],
    { env: { PATH: process.env.PATH, HOME: folder, NIGHTFEED_HOME: home }, encoding: 'utf8' },
  );
  console.log(`${args.join(' ')} ended with ${status}\n${stdout}${stderr}`);
}

const feed = join(folder, 'flat.yaml');
await writeFile(feed, feedText(PRICE));
for (const night of nights) {
  await deliver(night);
  nightfeed('run', feed, '--date', night.date);
}
await writeFile(feed, feedText(PRICE.replace('{', '{nulls: [n/a], ')));
nightfeed('quarantine', 'release', 'flat/2026-11-19', feed);
for (const night of [again, held]) {
  await deliver(night);
  nightfeed('run', feed, '--date', night.date);
}

const kinds = new Map<string, { key: string; text: string }[]>();
for (const entry of await readdir(home, { recursive: true, withFileTypes: true })) {
  const path = join(entry.parentPath, entry.name);
  const key = path.slice(home.length + 1).replace(/^lake\//, '');
  const kind = entry.isFile() ? kindOfKey(key) : undefined;
  if (kind === undefined) continue;
  const text = await readFile(path, 'utf8');
  kinds.set(kind, [...(kinds.get(kind) ?? []), { key, text }]);
}
for (const [kind, objects] of kinds) {
  const into = resolve(import.meta.dirname, 'objects', kind);
  await mkdir(into, { recursive: true });
  objects.sort((a, b) => (a.key < b.key ? -1 : 1));
  await writeFile(join(into, `${commit}.json`), `${JSON.stringify(objects, null, 2)}\n`);
}
await rm(folder, { recursive: true });
