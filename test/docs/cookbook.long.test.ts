import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import postgres from 'postgres';
import { expect, onTestFinished, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { parquetOf } from '../support/formats/parquet.ts';
import { type Ended, nightfeed } from '../support/nights/command-line.ts';
import { parseFeed } from '../support/parse-feed.ts';
import { copyDatabase, freshDatabase } from '../support/postgres/postgres.ts';
import { zip } from '../support/vendors/zip.ts';

const page = readFileSync(new URL('../../docs/cookbook.md', import.meta.url), 'utf8');
const [introduction, ...sections] = page.split(/^## /m);
const blocksOf = (text: string) =>
  [...text.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, language, code]) => ({ language: language!, code: code! }));
const baseFeed = blocksOf(introduction!)[0]!.code;

const header = 'id,name,price\n';
const few = `${header}1,one,1.00\n2,two,2.00\n3,three,3.00\n`;
const many = (rows: number) => header + Array.from({ length: rows }, (_, id) => `${id},item ${id},1.00\n`).join('');

interface Recipe {
  /** What was published before the recipe begins. */
  readonly before?: string;
  /** Its date; the day before the recipe's unless told. */
  readonly beforeDate?: string;
  /** Files of the date that the recipe is about. */
  readonly files?: Readonly<Record<string, string | Buffer>>;
  readonly sql?: string;
  /** What the commands have to say, together. */
  readonly says: readonly string[];
}

const recipes: Readonly<Record<string, Recipe>> = {
  'The table is there already': {
    sql: `CREATE TABLE products (id bigint PRIMARY KEY, name text, price numeric(12,2));
      INSERT INTO products VALUES (1, 'one', 1), (2, 'zwei', 2), (3, 'three', 3)`,
    files: { 'products.csv': few },
    says: ['taken over', 'shop/2026-11-20  published'],
  },
  'The vendor deletes 40 % of the rows': {
    before: many(100),
    files: { 'products.csv': many(60) },
    says: ['MASS_DELETE', 'shop/2026-11-20  published'],
  },
  'Rename a column': {
    before: few,
    files: { 'products.csv': few.replace('price', 'net_price') },
    says: ['shop/2026-11-20  published', '          3          0          0          0          0          3 '],
  },
  'The vendor sends a date again': {
    before: few,
    beforeDate: '2026-11-20',
    files: { 'products.csv': few.replace('one', 'uno') },
    says: ['shop/2026-11-20-r2  published'],
  },
  'Some rows were rejected': {
    before: `${few}4,four,€4.00\n`,
    beforeDate: '2026-11-20',
    says: ['FORMAT', '€4.00', '1 released'],
  },
  'Several files make a table': {
    files: {
      'products_20261120_1.csv.gz': gzipSync(few),
      'products_20261120_2.csv.gz': gzipSync(`${header}4,four,4\n`),
    },
    says: ['shop/2026-11-20  published'],
  },
  'Several versions of a key': {
    files: {
      'products.csv':
        'id,name,price,updated_at\n1,one,1.00,2026-11-01 00:00:00\n2,two,2.00,2026-11-01 00:00:00\n1,uno,1.50,2026-11-19 08:00:00\n1,un,1.25,2026-11-10 08:00:00\n',
    },
    says: ['shop/2026-11-20  published', 'collapsed'],
  },
  'A file without a key': {
    files: { 'products.csv': 'name,price\none,1.00\none,1.00\ntwo,2.00\n' },
    says: ['shop/2026-11-20  published', '          3          3 '],
  },
  'One archive has the files of several tables': {
    files: {
      'export.zip': zip([
        { name: 'README.txt', bytes: 'hello\n' },
        { name: 'products.csv', bytes: few },
        { name: 'stock-1.csv', bytes: 'product,pieces\n1,10\n' },
        { name: 'stock-2.csv', bytes: 'product,pieces\n2,20\n' },
      ]),
    },
    says: ['shop/2026-11-20  published', 'left out: export.zip/README.txt'],
  },
  'The vendor is late': { says: ['shop/2026-11-20  late'] },
  'Numbers with a decimal comma, dates with dots, J and N': {
    files: { 'products.csv': 'id;name;amount;since;on_sale\n1; one ;1.234,50;20.11.2026;J\n' },
    says: ['shop/2026-11-20  published'],
  },
  'Days and times as the vendor writes them': {
    files: {
      'products.csv':
        'id,name,launched,changed,seen_at,sold_on,opens\n1,one,20-NOV-26,7/1/2026 3:04 PM,1767261600123,Fr 20.11.2026,9:30 AM\n2,two,01-Jan-70,11/1/2026 1:30 AM,0,Do 1.1.1970,11:00 PM\n',
    },
    says: [
      'shop/2026-11-20  published',
      '          2          1          0          0          0          0          1 ',
    ],
  },
  Arrays: {
    files: {
      'products.csv': 'id,tags,sizes\n1,"{new,""a b"",NULL}",36|38\n2,"[""new"",""a b"",null]",40\n3,,many\n',
    },
    says: [
      'shop/2026-11-20  published',
      '          3          2          0          0          0          0          1 ',
    ],
  },
  Bytes: {
    files: {
      'products.csv': `id,checksum,thumbnail,signature\n1,DEADBEEF,iVBORw0KGgo=,\\x00ff\n2,0xab,"iVBO\r\nRw0K",\n`,
    },
    says: ['shop/2026-11-20  published', '          2          2          0          0          0          0 '],
  },
  'Columns of types that the database has of its own': {
    files: { 'products.csv': 'id,state,maker\n1,new,ACME\n2,sold,Acme\n3,lost,acme\n' },
    says: [
      'shop/2026-11-20  published',
      '          3          2          0          0          0          0          1 ',
    ],
  },
  'Text that is not UTF-8': {
    files: { 'products.csv': Buffer.from('id;name\n1;caf\x82\n', 'latin1') },
    says: ['shop/2026-11-20  published'],
  },
  'The vendor sends Parquet': {
    files: {
      'products.parquet': await parquetOf(
        `SELECT CAST(i AS DOUBLE) AS id, 'item ' || i AS name, i * 1.25 AS price, {'city': 'city ' || i} AS address FROM range(3) t(i)`,
      ),
    },
    says: ['shop/2026-11-20  published'],
  },
  'Fields at fixed places': {
    files: {
      'products.txt': [
        ...['     1one                     1.00', '    22two                    12.50'].map((line) => line.padEnd(40)),
        'TRL2\n',
      ].join('\n'),
    },
    says: ['shop/2026-11-20  published'],
  },
  'A dump of a database': {
    files: {
      'shop.sql': [
        '-- MySQL dump 10.13',
        'INSERT INTO customers VALUES (1);',
        "INSERT INTO products (id, name, price) VALUES (1,'one',1.00),(2,'it\\'s two',2.00);",
        '-- Dump completed',
        '',
      ].join('\n'),
    },
    says: ['shop/2026-11-20  published'],
  },
  JSON: {
    files: {
      'products.ndjson': [
        '{"id":1,"name":"one","price":1.00,"maker":{"address":{"city":"Bonn"}},"tags":["new","red"]}\n',
        '{"id":2,"name":"two","price":12.50,"maker":null,"tags":[]}\n',
      ].join(''),
    },
    says: ['shop/2026-11-20  published'],
  },
  'A title, a footer, comments, and rows that are none': {
    files: { 'products.csv': `Products of a shop\n${few}# a test:\n4,test,0\nTOTAL,4,end\n` },
    says: ['shop/2026-11-20  published'],
  },
  'The vendor sends columns that I do not want': {
    before: few,
    files: { 'products.csv': few.replaceAll(/$(?=\n)/gm, ',x').replace(',x', ',noise') },
    says: ['shop/2026-11-20  published'],
  },
  'The files come out of MySQL or PostgreSQL': {
    files: { 'products.csv': '1\tone\\\nline\t1.00\n2\t\\N\t\\N\n' },
    says: ['shop/2026-11-20  published'],
  },
  "Another program's delimiters and record ends": {
    files: { 'products.csv': '#id\x01name\x02\n1\x01one\nline\x011.00\x02\n' },
    says: ['shop/2026-11-20  published'],
  },
  'What was a row on some day?': {
    before: few,
    files: { 'products.csv': few.replace('one', 'uno') },
    says: ['shop/2026-11-20  published'],
  },
  'The vendor wants his files moved to done/': {
    files: { 'products.csv': few },
    says: ['published', "1 of the vendor's files are taken away"],
  },
  'The lake grows and grows': {
    before: few,
    files: { 'products.csv': few.replace('one', 'uno') },
    says: ['in 30 days', 'The limits would free nothing', 'shop/2026-11-20  published'],
  },
  'Try it on another database first': { files: { 'products.csv': few }, says: ['published', 'agrees'] },
  'Move to another database': { before: few, files: { 'products.csv': few }, says: ['agrees', 'published'] },
};

test.each(Object.entries(recipes))(
  '%s',
  async (title, recipe) => {
    const kitchen = await Kitchen.open();
    onTestFinished(() => kitchen.close());
    if (recipe.sql) await kitchen.query(recipe.sql);
    if (recipe.before) {
      const date = recipe.beforeDate ?? '2026-11-19';
      await kitchen.deliver(date, { 'products.csv': recipe.before }, '2026-11-01');
      expect((await kitchen.run(['run', 'feed.yaml', '--date', date])).code).toBe(0);
    }
    if (recipe.files) await kitchen.deliver('2026-11-20', recipe.files, '2026-11-02');

    for (const { language, code } of blocksOf(textOf(title))) await kitchen.cook(language, code);

    for (const words of recipe.says) expect(kitchen.said).toContain(words);
  },
  240_000,
);

test('every recipe that has a command is tried', () => {
  const titles = sections.filter((text) => /^nightfeed /m.test(text)).map((text) => text.slice(0, text.indexOf('\n')));
  expect(titles.sort()).toEqual(Object.keys(recipes).sort());
});

function textOf(title: string): string {
  return sections.find((text) => text.startsWith(`${title}\n`))!;
}

/** A folder with a feed file, and a database, in which the blocks of the page are done one after the other. */
class Kitchen {
  readonly folder: string;
  readonly #closing: (() => Promise<unknown>)[];
  #env: Record<string, string>;
  said = '';

  private constructor(folder: string, url: string, closing: (() => Promise<unknown>)[]) {
    this.folder = folder;
    this.#env = { NIGHTFEED_DATABASE_URL: url };
    this.#closing = closing;
  }

  static async open(): Promise<Kitchen> {
    const database = await freshDatabase();
    const folder = await mkdtemp(join(tmpdir(), 'nightfeed-cookbook-'));
    const kitchen = new Kitchen(folder, database.url, [database.drop, () => rm(folder, { recursive: true })]);
    await kitchen.#write(parse(baseFeed));
    return kitchen;
  }

  async close(): Promise<void> {
    for (const close of this.#closing) await close();
  }

  async deliver(date: string, files: NonNullable<Recipe['files']>, written: string): Promise<void> {
    const inbox = join(this.folder, 'inbox', date);
    await mkdir(inbox, { recursive: true });
    for (const [name, content] of Object.entries(files)) {
      await writeFile(join(inbox, name), content);
      await utimes(join(inbox, name), new Date(written), new Date(written));
    }
  }

  async query(statements: string): Promise<void> {
    const sql = postgres(this.#env.NIGHTFEED_DATABASE_URL!, { max: 1, onnotice: () => {}, fetch_types: false });
    await sql.unsafe(statements).finally(() => sql.end());
  }

  run(args: readonly string[]): Promise<Ended> {
    return nightfeed(args, this.#env, this.folder);
  }

  async cook(language: string, code: string): Promise<void> {
    if (language === 'yaml') return this.#write(changed(parse(this.#feed()), parse(code)));
    if (language === 'sql') return this.query(code);
    for (const line of code.trim().split('\n')) await this.#type(line);
  }

  async #type(line: string): Promise<void> {
    const [, command, note = ''] = /^([^#]*?)\s*(?:#(.*))?$/.exec(line)!;
    if (command!.startsWith('pg_')) return;
    const [program, ...args] = [...command!.matchAll(/(?:"[^"]*"|[^\s"])+/g)].map(([word]) => word.replaceAll('"', ''));
    if (program === 'export') return this.#export(args);
    const [, exit = '0'] = /exit (\d)/.exec(note) ?? [];
    const { code, stdout, stderr } = await this.run(args);
    expect(code, `${line}\n${stdout}${stderr}`).toBe(Number(exit));
    this.said += stdout + stderr;
  }

  /** Another database where the page has one: an empty one, or what was restored from the dump. */
  async #export(variables: readonly string[]): Promise<void> {
    for (const variable of variables) {
      const [name, value] = variable.split(/=(.*)/s) as [string, string];
      if (name !== 'NIGHTFEED_DATABASE_URL') this.#env[name] = value;
      else {
        const isCopy = value === '$NEW_DATABASE_URL';
        const database = isCopy ? await copyDatabase({ url: this.#env[name]! }) : await freshDatabase();
        this.#closing.unshift(database.drop);
        this.#env[name] = database.url;
      }
    }
  }

  #feed(): string {
    return readFileSync(join(this.folder, 'feed.yaml'), 'utf8');
  }

  async #write(feed: unknown): Promise<void> {
    const text = stringify(feed);
    parseFeed(text, 'feed.yaml');
    await writeFile(join(this.folder, 'feed.yaml'), text);
  }
}

type Options = { [name: string]: unknown };

/** What the feed file says with a recipe's part of it. Columns are listed whole. */
function changed(feed: Options, part: Options): Options {
  const entries = Object.entries(part).map(([name, value]) => {
    const before = feed[name];
    const isGroup = name !== 'columns' && isOptions(before) && isOptions(value);
    return [name, isGroup ? changed(before, value) : value];
  });
  return { ...feed, ...Object.fromEntries(entries) };
}

function isOptions(value: unknown): value is Options {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
