import { execFile } from 'node:child_process';
import { mkdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { DuckDBInstance } from '@duckdb/node-api';
import { beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { answerOf, nightfeed, start } from '../../support/nights/command-line.ts';
import { startFtpServer } from '../../support/vendors/ftp-server.ts';
import { PriceDesk } from '../../support/vendors/price-desk.ts';

let desk: PriceDesk;
beforeAll(async () => {
  desk = await PriceDesk.open();
  return () => desk.close();
});

async function put(path: string, content: string | Buffer): Promise<void> {
  const whole = join(desk.folder, path);
  await mkdir(dirname(whole), { recursive: true });
  await writeFile(whole, content);
  await utimes(whole, SETTLED, SETTLED);
}

const SETTLED = new Date('2026-11-01T00:00:00Z');

const environment = () => ({
  NIGHTFEED_DATABASE_URL: desk.url,
  NIGHTFEED_HOME: join(desk.folder, 'home'),
  SHELF_PASSWORD: 'right',
});

function init(...args: readonly string[]) {
  return nightfeed(['init', ...args], environment(), desk.folder);
}

const german = [
  'Nr;Name;Preis;Seit;Verfügbar',
  '1;Stuhl;1.234,50;31.12.2025;J',
  '2;"Tisch; groß";99,90;01.02.2026;N',
  '3;Lampe;;15.03.2026;J',
  '',
].join('\n');

test('two tables of samples become a feed file under which the night of their date is published', async () => {
  await put('in/2026-11-20/artikel.csv', Buffer.from(german, 'latin1'));
  await put('in/2026-11-20/stock_1.csv', 'sku,shop,count\na,x,1\na,y,2\n');
  await put('in/2026-11-20/stock_2.csv', 'sku,shop,count\nb,x,NA\n');

  const ended = await init(
    'in/2026-11-20/artikel.csv',
    'in/2026-11-20/stock_1.csv',
    'in/2026-11-20/stock_2.csv',
    '--out',
    'made.yaml',
  );

  expect(ended, ended.stderr).toMatchObject({ code: 0 });
  expect(ended.stdout).toContain('would be published');
  const text = await readFile(join(desk.folder, 'made.yaml'), 'utf8');
  const withoutReasons = text.replaceAll(/ +#.*/g, '').replaceAll(/^ *#.*\n/gm, '');
  expect(withoutReasons.split('\n').filter((line) => line !== '')).toEqual([
    'feed: in',
    'source: {folder: "in/{date}"}',
    'ready: {stable: 5s}',
    'tables:',
    '  artikel:',
    '    files: artikel.csv',
    '    format: {delimiter: ;, encoding: windows-1252}',
    '    columns:',
    '      Nr: {type: integer, key: true}',
    '      Name: text',
    '      Preis: {type: "decimal(6,2)", decimal: ",", thousands: .}',
    '      Seit: {type: date, date_format: DD.MM.YYYY}',
    '      Verfügbar: {type: boolean, true_words: [J], false_words: [N]}',
    '    on_delete: retain',
    '  stock:',
    '    files: stock_*.csv',
    '    columns:',
    '      sku: {type: text, key: true}',
    '      shop: {type: text, key: true}',
    '      count: {type: integer, nulls: [NA]}',
    '    on_delete: retain',
  ]);

  const night = await desk.ask('run', join(desk.folder, 'made.yaml'), '--date', '2026-11-20');
  expect(night, night.stderr).toMatchObject({ answer: { state: 'published', tables: { artikel: { rejected: 0 } } } });
  expect(await desk.sql`SELECT "Name", "Preis"::text, "Seit"::text FROM artikel ORDER BY artikel."Nr"`).toEqual([
    { Name: 'Stuhl', Preis: '1234.50', Seit: '2025-12-31' },
    { Name: 'Tisch; groß', Preis: '99.90', Seit: '2026-02-01' },
    { Name: 'Lampe', Preis: null, Seit: '2026-03-15' },
  ]);
});

test('an earlier delivery tells a number of the night from a key', async () => {
  await put('k/rows_20261119.csv', 'id,code\n1,a\n2,b\n3,c\n');
  await put('k/rows_20261120.csv', 'id,code\n7,a\n8,b\n9,c\n');

  const ended = await init(
    'k/rows_20261120.csv',
    '--previous',
    'k/rows_20261119.csv',
    '--out',
    'k/rows.yaml',
    '--json',
  );

  expect(answerOf(ended)).toMatchObject({ state: 'published', date: '2026-11-20' });
  const text = await readFile(join(desk.folder, 'k/rows.yaml'), 'utf8');
  expect(text).toContain('files: "rows_{yyyymmdd}.csv"');
  expect(text).toContain(
    'code: {type: text, key: true}  # no value comes twice in 3 rows, and 100 % are in the earlier',
  );
  expect(text).toContain('      rows: [-10%, +10%]  # 3 rows before, 3 now\n');
  expect(text).toContain('      updated: 100%  # 100.0 % of the earlier rows are changed\n');
});

test.each([
  [
    'generations of one file',
    'g_2.csv',
    'id,name\n1,a\n2,b\n',
    'files: "g_{n}.csv"',
    'pick: newest  # "g_1.csv" has mostly',
  ],
  ['parts of a table', 'g_2.csv', 'id,name\n3,a\n4,b\n', 'files: g_2.csv', undefined],
  [
    'another file of that date',
    'g_20261120_0930.csv',
    'id,name\n3,a\n4,b\n',
    'files: "g_{yyyymmdd}*.csv"',
    'pick: only  # "g_20261120_0815.csv" fits',
  ],
  [
    'generations of that date',
    'g_20261120_0930.csv',
    'id,name\n1,a\n2,b\n',
    'files: "g_{yyyymmdd}_{n}.csv"',
    'pick: newest  # "g_20261120_0815.csv" has mostly',
  ],
])('files that nobody named are %s', async (about, name, text, files, pick) => {
  const folder = about.replaceAll(' ', '-');
  await put(`${folder}/${name}`, text);
  await put(`${folder}/${name === 'g_2.csv' ? 'g_1.csv' : 'g_20261120_0815.csv'}`, 'id,name\n1,a\n2,b\n');

  const ended = await init(`${folder}/${name}`, '--out', `${folder}/feed.yaml`, '--yes');

  const made = await readFile(join(desk.folder, folder, 'feed.yaml'), 'utf8');
  expect(made).toContain(`    ${files}\n`);
  if (pick === undefined) expect(made).not.toContain('pick:');
  else expect(made).toContain(`    ${pick}`);
  // A second file is then refused, until somebody says what it is.
  expect(ended.code, ended.stdout + ended.stderr).toBe(pick?.startsWith('pick: only') ? 5 : 0);
});

test('what a file has of escapes, odd quotes and forms of days, the night reads so', async () => {
  const rows = (...lines: readonly string[]) => `${lines.join('\n')}\n`;
  await put('e/escaped.csv', rows('id,name', '1,"a \\"b\\", c"', '2,"d"', '3,"e, \\"f\\""'));
  await put('e/blanks.csv', rows('id, name, n', '1, "a, b" ,2', '2, "c" ,3', '3, "d, e", 4'));
  await put('e/inches.csv', rows('id,name,n', '1,27" wide,2', '2,3" high,3', '3,four,4'));
  await put('e/days.csv', rows('id,day,at', '1,Jan 5 2026,1/2/2026 1:05 PM', '2,Dec 24 2026,12/31/2026 12:00 AM'));

  const places = Array.from(
    { length: 12 },
    (_, index) => `${String(index).padStart(4)}  ${`item ${index}`.padEnd(10)}`,
  );
  await put('e/places.csv', rows(...places));

  const names = ['escaped', 'blanks', 'inches', 'days', 'places'];
  const ended = await init(...names.map((name) => `e/${name}.csv`), '--out', 'e/feed.yaml', '--json');

  const fine = { rejected: 0 };
  expect(answerOf(ended), ended.stderr).toMatchObject({
    state: 'published',
    tables: {
      escaped: { rows: 3, ...fine },
      blanks: { rows: 3, ...fine },
      inches: { rows: 3, ...fine },
      days: { rows: 2, ...fine },
      places: { rows: 12, ...fine },
    },
  });
});

test('members of an archive become tables, and what is no data is left out', async () => {
  await put('z/orders_1.csv', 'id,n\n1,2\n2,3\n');
  await put('z/orders_2.csv', 'id,n\n3,2\n4,3\n');
  await put('z/shelf.csv', 'sku;count\na;1\nb;2\n');
  await put('z/README.txt', 'Read this.\n');
  const members = ['orders_1.csv', 'orders_2.csv', 'shelf.csv', 'README.txt'];
  const archive = join(desk.folder, 'a', 'export_20261120.tar.gz');
  await mkdir(dirname(archive), { recursive: true });
  await promisify(execFile)('tar', ['-czf', archive, '-C', join(desk.folder, 'z'), ...members]);
  await utimes(archive, SETTLED, SETTLED);

  const ended = await init('a/export_20261120.tar.gz', '--out', 'a/feed.yaml', '--json');

  expect(answerOf(ended), ended.stderr).toMatchObject({
    state: 'published',
    tables: { orders: { rows: 4, rejected: 0 }, shelf: { rows: 2, rejected: 0 } },
  });
  const text = await readFile(join(desk.folder, 'a/feed.yaml'), 'utf8');
  expect(text).toContain('ignore_members: [README.txt]');
  expect(text).toContain('files: "export_{yyyymmdd}.tar.gz/orders_*.csv"');
  expect(text).toContain('files: "export_{yyyymmdd}.tar.gz/shelf.csv"');
});

test('rows that nothing names are said, and the file is there to be mended', async () => {
  await put('n/x.csv', 'a,b\n1.5,1\n1.5,1\n');

  const ended = await init('n/x.csv', '--out', 'n/feed.yaml', '--json');

  expect(ended.code).toBe(2);
  expect(answerOf(ended).error).toMatchObject({ name: 'FEED_INVALID' });
  expect(await readFile(join(desk.folder, 'n/feed.yaml'), 'utf8')).toContain('give the key with "key: true"');
});

test.each([
  [['no.csv'], 'has no file "no.csv"'],
  [['in/2026-11-20/artikel.csv', 'k/rows_20261120.csv'], 'the samples of a feed are in one folder'],
])('%j is refused, and no file is written', async (samples, message) => {
  const ended = await init(...samples, '--out', 'refused.yaml', '--json');

  expect(ended.code).toBe(2);
  expect(answerOf(ended).error.message).toContain(message);
  await expect(readFile(join(desk.folder, 'refused.yaml'))).rejects.toMatchObject({ code: 'ENOENT' });
});

test('a feed file that is there already is not overwritten', async () => {
  await put('feed2.yaml', 'mine');
  const ended = await init('in/2026-11-20/artikel.csv', '--out', 'feed2.yaml', '--json');
  expect(answerOf(ended).error).toMatchObject({ name: 'USAGE' });
  expect(await readFile(join(desk.folder, 'feed2.yaml'), 'utf8')).toBe('mine');
});

test('a dump of SQL is known by its statements', async () => {
  await put(
    'd/users.sql',
    "-- MySQL dump 10.13\nCREATE TABLE `users` (`id` int, `name` text);\nINSERT INTO `users` VALUES (1,'o\\'ne'),(2,NULL);\n-- Dump completed on 2026-11-20\n",
  );

  const ended = await init('d/users.sql', '--out', 'd/feed.yaml', '--json');

  expect(answerOf(ended)).toMatchObject({ state: 'published', tables: { users: { rows: 2, rejected: 0 } } });
});

test('so is Parquet by its mark, and its columns by its schema', async () => {
  await mkdir(join(desk.folder, 'p'), { recursive: true });
  const path = join(desk.folder, 'p', 'items_20261120.parquet');
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  await connection.run(
    `COPY (SELECT range::BIGINT AS id, DATE '2026-01-01' AS day FROM range(3)) TO '${path}' (FORMAT parquet)`,
  );
  connection.closeSync();
  instance.closeSync();
  await utimes(path, SETTLED, SETTLED);

  const ended = await init('p/items_20261120.parquet', '--out', 'p/feed.yaml', '--json');

  expect(answerOf(ended), ended.stderr).toMatchObject({
    state: 'published',
    tables: { items: { rows: 3, rejected: 0 } },
  });
  expect(await readFile(join(desk.folder, 'p/feed.yaml'), 'utf8')).toContain('      day: date\n');
});

test('samples of an FTP server are named by URLs, and the password by a variable', async () => {
  await put('root/out/2026-11-20/shelf.csv', 'id,place\n1,left\n2,right\n');
  const server = await startFtpServer({ root: join(desk.folder, 'root'), users: { vendor: 'right' } });
  onTestFinished(() => server.close());

  const url = `ftp://vendor@127.0.0.1:${server.port}/out/2026-11-20/shelf.csv`;
  const { process, ended } = start(['init', url, '--out', 'ftp.yaml'], environment(), desk.folder);
  // The plan behind it would look at the server twice, a minute apart.
  const path = join(desk.folder, 'ftp.yaml');
  await vi.waitFor(() => readFile(path, 'utf8').then((text) => expect(text).toContain('place: text')), 30_000);
  process.kill();
  await ended;
  const text = await readFile(path, 'utf8');
  expect(text).toContain(
    `source: {ftp: {host: 127.0.0.1, port: ${server.port}, user: vendor, password: env:SHELF_PASSWORD, path: "/out/{date}"}}`,
  );
});
