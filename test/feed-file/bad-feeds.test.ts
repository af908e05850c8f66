import { describe, expect, test } from 'vitest';
import { feedSchema } from '../../lib/feed-file/feed.ts';
import { MAX_FEED_BYTES, readFeedFile } from '../../lib/feed-file/yaml.ts';
import { parseFeed } from '../support/parse-feed.ts';

const good = `feed: shop
source:
  folder: ./inbox
tables:
  items:
    files: items.csv
    columns:
      id: {type: bigint, key: true}
      name: text
`;

const dates =
  'dates are {date}, {yyyymmdd}, {ddmmyyyy}, {yymmdd}, {yyyy}, {mm}, {dd}, and {date:…} with YYYY, YY, MONTH, Month, month, MON, Mon, mon, MM, M, DD, D and what is between them, such as {date:DD-MON-YYYY}';
const types =
  'expected one of text, integer, bigint, double, boolean, date, timestamp, timestamptz, uuid, json or decimal(p,s) with p up to 38';
const hostKey = `SHA256:${'a'.repeat(43)}`;
const percentage = 'expected a percentage from 0% to 100%';
const goneLimit = `${percentage}, or options limit, severity, learned, people`;
const range = 'expected two percentages, the lower first, such as [-20%, +50%], or options limit, severity, learned';

/** A piece of the good feed, what is written in its place, and the whole complaint. */
const replaced: readonly [string, string, string][] = [
  ['feed: shop', 'feed: Shop', '1: feed: expected lower-case letters, digits and dashes, at most 40, received "Shop"'],
  ['feed: shop', 'feed: 12', '1: feed: expected lower-case letters, digits and dashes, at most 40, received 12'],
  ['feed: shop\n', '', '1: feed: expected lower-case letters, digits and dashes, at most 40, received nothing'],
  ['feed: shop', 'feed: *shop', '1: nothing is named &shop'],
  [
    'tables:\n',
    'target: {accept: [products.audit]}\ntables:\n',
    '4: target.accept.0: expected an object as TARGET_OBJECT names it, such as "trigger products.audit", received "products.audit"',
  ],
  ['source:\n  folder: ./inbox\n', '', '1: source: expected folder, ftp, sftp or s3, received nothing'],
  ['source:\n  folder: ./inbox', 'source: ./inbox', '2: source: expected folder, ftp, sftp or s3, received "./inbox"'],
  ['folder: ./inbox', 'http: {host: h}', '2: source: expected folder, ftp, sftp or s3, received http'],
  [
    '  folder: ./inbox',
    '  folder: ./inbox\n  ftp: {host: h}',
    '4: source.ftp: expected one of folder, links, ignore_case, received "ftp"',
  ],
  ['folder: ./inbox', 'ftp: {port: 21}', '3: source.ftp.host: expected text, received nothing'],
  ['folder: ./inbox', 'ftp: {host: h, port: 70000}', '3: source.ftp.port: expected at most 65535, received 70000'],
  [
    'folder: ./inbox',
    'ftp: {host: h, tls: yes}',
    '3: source.ftp.tls: expected none or explicit or implicit, received "yes"',
  ],
  [
    'folder: ./inbox',
    'ftp: {host: h, ca: "file:/ca.pem"}',
    '3: source.ftp: ca and certificate are for TLS; expected tls: explicit or tls: implicit',
  ],
  [
    'folder: ./inbox',
    'ftp: {host: h, tls: explicit, certificate: ab}',
    '3: source.ftp.certificate: expected a SHA-256 fingerprint, 32 pairs of hexadecimal digits with colons between them, received "ab"',
  ],
  [
    'folder: ./inbox',
    'sftp: {host: h, user: u, password: "env:P"}',
    '3: source.sftp.host_key: expected one fingerprint SHA256:… or a list of them, received nothing',
  ],
  [
    'folder: ./inbox',
    'sftp: {host: h, user: u, password: "env:P", host_key: "MD5:ab"}',
    '3: source.sftp.host_key: expected a fingerprint such as SHA256:… with 43 characters, as `ssh-keygen -lf` prints it, received "MD5:ab"',
  ],
  [
    'folder: ./inbox',
    's3: {bucket: Vendor_Files}',
    '3: source.s3.bucket: expected the name of a bucket, such as vendor-deliveries, received "Vendor_Files"',
  ],
  [
    'folder: ./inbox',
    's3: {bucket: vendor, endpoint: "https://user:pw@h"}',
    '3: source.s3.endpoint: expected the address of a server, such as https://s3.vendor.example, received "https://…@h"',
  ],
  [
    'folder: ./inbox',
    's3: {bucket: vendor, access_key: "env:K"}',
    '3: source.s3: expected access_key and secret_key, or neither, received bucket, access_key',
  ],
  [
    'folder: ./inbox',
    's3: {bucket: vendor, profile: p, access_key: "env:K", secret_key: "env:S"}',
    '3: source.s3: expected profile, or access_key and secret_key, not both, received bucket, profile, access_key, secret_key',
  ],
  [
    'folder: ./inbox',
    `sftp: {host: h, user: u, host_key: "${hostKey}"}`,
    '3: source.sftp: expected password or key, or both, received host, user, host_key',
  ],
  [
    'folder: ./inbox',
    `sftp: {host: h, user: u, password: "env:P", passphrase: "env:Q", host_key: "${hostKey}"}`,
    '3: source.sftp: a passphrase is for a key; expected key too',
  ],
  [
    '{type: bigint, key: true}',
    '{type: number, key: true}',
    `8: tables.items.columns.id.type: ${types}, received "number"`,
  ],
  [
    'name: text',
    'name: varchar',
    `9: tables.items.columns.name: ${types}, or {type: …} with key, required or compare, received "varchar"`,
  ],
  [
    'name: text',
    'name: "decimal(50,2)"',
    `9: tables.items.columns.name: ${types}, or {type: …} with key, required or compare, received "decimal(50,2)"`,
  ],
  [
    'name: text',
    'name:',
    `9: tables.items.columns.name: ${types}, or {type: …} with key, required or compare, received nothing`,
  ],
  [
    'name: text',
    'name: {type: text, requird: true}',
    '9: tables.items.columns.name.requird: expected one of type, key, required, compare, date_format, scale, true_words, false_words, odd_times, trim, replace, nulls, as, min, max, pattern, in, check, unique, references, on_fail, rules, contains_records, store, received "requird"',
  ],
  [
    'name: text\n',
    'name: text\n      Na me: text\n    format: {header_names: lenient}\n',
    '10: tables.items.columns.Na me: another column has this name but for case and blanks',
  ],
  [
    'name: text',
    'name: {type: date, date_format: DD/MM/YY}',
    '9: tables.items.columns.name.date_format: expected YYYY, MM or M, and DD or D, such as DD/MM/YYYY, received "DD/MM/YY"',
  ],
  [
    'name: text',
    'name: {type: text, date_format: DD/MM/YYYY}',
    '9: tables.items.columns.name.date_format: this is not for text',
  ],
  ['name: text', 'name: {type: bigint, scale: round}', '9: tables.items.columns.name.scale: this is not for bigint'],
  [
    'name: text',
    'name: {type: boolean, true_words: [Y]}',
    '9: tables.items.columns.name.true_words: true_words and false_words go together',
  ],
  [
    'name: text',
    'name: {type: boolean, true_words: [Y], false_words: [N, Y]}',
    '9: tables.items.columns.name.false_words: "Y" cannot mean both',
  ],
  ['./inbox', './inbox/{YYYYMMDD}', `3: source.folder: {YYYYMMDD} is no date; ${dates}`],
  ['items.csv', '"items_{mmddyyyy}.csv"', `6: tables.items.files: {mmddyyyy} is no date; ${dates}`],
  ['tables:', 'ready: {marker: "done_{date:HH}"}\ntables:', `4: ready.marker: {date:HH} is no date; ${dates}`],
  [
    'items.csv',
    '"items_{n}.csv"',
    '6: tables.items.files: {n} counts generations, and pick: all takes every generation; expected pick: newest or only, or * for the number of a part',
  ],
  [
    'items.csv',
    '"items_{n}{yyyymmdd}.csv"\n    pick: newest',
    '6: tables.items.files: {n} takes all digits that stand together; expected something else behind it',
  ],
  ['items.csv', '"{n}_{n}"\n    pick: only', '6: tables.items.files: a name has one counter {n}'],
  [
    'items.csv',
    '"items_{mm}{dd}.csv"\n    pick: newest',
    '6: tables.items.files: a month without its year, or a day without its month, does not say which file is the newest',
  ],
  [
    'items.csv',
    'items.csv\n    pick: latest',
    '7: tables.items.pick: expected all or newest or only, received "latest"',
  ],
  ['key: true', 'key: "yes"', '8: tables.items.columns.id.key: expected true or false, received "yes"'],
  [', key: true', '', '7: tables.items.columns: expected at least one column with key: true, received id, name'],
  ['bigint', 'json', '8: tables.items.columns.id.type: json cannot be a key'],
  ['key: true', 'key: true, compare: false', '8: tables.items.columns.id.compare: a key column is always compared'],
  [
    'name: text',
    '_loaded_at: date',
    '9: tables.items.columns._loaded_at: this name is reserved for a column that nightfeed adds',
  ],
  ['name: text', 'ID: text', '9: tables.items.columns.ID: another column has this name but for upper and lower case'],
  ['name: text', 'id: text', '9: Map keys must be unique'],
  ['  items:', '  Items:', '5: tables.Items: expected lower-case letters, digits and _, at most 40, received "Items"'],
  ['  items:', '\titems:', '5: Tabs are not allowed as indentation'],
  ['key: true}', 'key: true', '9: Flow map in block collection must be sufficiently indented and end with a }'],
];

/** Lines after the good feed's nine, and the whole complaint. */
const added: readonly [string, string][] = [
  [
    'targets: {schema: x}',
    '10: targets: expected one of feed, schedule, source, ready, expect, target, engine, spark, guards, tables, received "targets"',
  ],
  ['schedule: {at: 2:00, timezone: UTC}', '10: schedule.at: expected a time of day such as "02:00", received "2:00"'],
  [
    'schedule:\n  at: 02:00\n  timezone: Berlin',
    '12: schedule.timezone: expected an IANA time zone such as America/New_York, received "Berlin"',
  ],
  ['ready: {stable: 60}', '10: ready.stable: expected a duration such as 60s, 5m or 1h, received 60'],
  ['ready: 60s', '10: ready: expected options by name, received "60s"'],
  ['expect: 0', '10: expect: expected at least 1, received 0'],
  ['expect: two', '10: expect: expected a number, received "two"'],
  ['engine: flink', '10: engine: expected auto or duckdb or lockstep or spark, received "flink"'],
  [
    'target: {schema: nightfeed}',
    '10: target.schema: expected a PostgreSQL schema in lower case, none of nightfeed…, pg_… and information_schema, received "nightfeed"',
  ],
  [`    retain_where: name = 'x'`, '10: tables.items.retain_where: is for tables with on_delete: delete'],
  [
    '    on_delete: delete\n    retain_where: price > 3',
    '11: tables.items.retain_where: character 1: no column "price"; the columns are id, name',
  ],
  ['    on_delete: drop', '10: tables.items.on_delete: expected retain or delete, received "drop"'],
  ['    guards: {gone: 0.05}', `10: tables.items.guards.gone: ${goneLimit}, received 0.05`],
  ['    guards: {gone: -5%}', `10: tables.items.guards.gone: ${goneLimit}, received "-5%"`],
  ['    guards: {gone: {limit: -5%}}', `10: tables.items.guards.gone.limit: ${percentage}, received "-5%"`],
  [
    '    guards: {gone: {learned: stop}}',
    '10: tables.items.guards.gone.learned: expected off or warn or hold, received "stop"',
  ],
  ['    guards: {gone: {people: 3}}', '10: tables.items.guards.gone.people: expected at most 2, received 3'],
  [
    '    guards: {updated: {people: 2}}',
    '10: tables.items.guards.updated.people: expected one of limit, severity, learned, received "people"',
  ],
  ['guards: {late: 30m}', '10: guards.late: needs a schedule, which says when the night starts'],
  ['guards: {learn: {after: 9, nights: 8}}', '10: guards.learn.after: waits for 9 nights; only 8 are looked at'],
  ['    guards: {rows: [-20%]}', `10: tables.items.guards.rows: ${range}, received a list`],
  ['    guards: {rows: [50%, -20%]}', `10: tables.items.guards.rows: ${range}, received a list`],
  ['    format: {delimiter: ";;"}', '10: tables.items.format.delimiter: expected one ASCII character, received ";;"'],
  [`    format: {delimiter: '"'}`, '10: tables.items.format.quote: delimiter and quote must differ'],
  [
    '    format: {encoding: latin1}',
    '10: tables.items.format.encoding: expected utf-8 or utf-16 or latin-1 or windows-1252, received "latin1"',
  ],
  [
    '    format: {trailer: "END"}',
    '10: tables.items.format.trailer: expected a text with {rows} in it, received "END"',
  ],
  ['    format: {trailer: "{rows},{rows}"}', '10: tables.items.format.trailer: a trailer holds {rows} once'],
  [
    '    format: {trailer: "*,{rows},*"}',
    '10: tables.items.format.trailer: can be read in two ways: with a * on each side that is not beside {rows}, several numbers may be the count',
  ],
  ['    format: {null_values: ""}', '10: tables.items.format.null_values: expected a list of texts, received ""'],
];

describe('a bad feed file is told file, line, what was received and what is allowed', () => {
  test('the good one has nothing to complain about', () => {
    expect(parseFeed(good, 'feed.yaml').feed).toBe('shop');
  });

  test.each(replaced)('%j → %j', (piece, fault, complaint) => {
    expect(complaintsOf(good.replace(piece, fault))).toBe(`feed.yaml:${complaint}`);
  });

  test.each(added)('%j', (lines, complaint) => {
    expect(complaintsOf(`${good}${lines}\n`)).toBe(`feed.yaml:${complaint}`);
  });

  test.each([
    ['', 'nothing'],
    ['- shop\n', 'a list'],
    ['shop\n', '"shop"'],
  ])('a file with %j', (text, received) => {
    expect(complaintsOf(text)).toBe(`feed.yaml:1: expected options by name, received ${received}`);
  });

  test('all faults at once, each with its line', () => {
    const text = good.replace('feed: shop', 'feed: Shop').replace('files:', 'file:').replace('name: text', 'name: txt');
    expect(complaintsOf(text).match(/^feed.yaml:\d+: [\w.]+/gm)).toEqual([
      'feed.yaml:1: feed',
      'feed.yaml:5: tables.items.files',
      'feed.yaml:9: tables.items.columns.name',
      'feed.yaml:6: tables.items.file',
    ]);
  });

  test.each([
    ['ftp', 'password', 'hunter2'],
    ['ftp', 'password', '4711'],
    ['ftp', 'password', '[hunter2]'],
    ['sftp', 'key', 'BEGIN PRIVATE KEY'],
    ['sftp', 'passphrase', 'hunter2'],
    ['s3', 'secret_key', 'hunter2'],
  ])('a secret is never repeated: %s %s %s', (kind, option, value) => {
    const complaint = complaintsOf(good.replace('folder: ./inbox', `${kind}: {host: h, ${option}: ${value}}`));
    expect(complaint).toContain(
      `source.${kind}.${option}: expected env:NAME, file:/path or secret:NAME, not the secret itself, received something else`,
    );
  });

  test('nor one in a URL', () => {
    const complaint = complaintsOf(good.replace('source:\n  folder: ./inbox', 'source: ftp://ada:hunter2@h/out'));
    expect(complaint).toBe('feed.yaml:2: source: expected folder, ftp, sftp or s3, received "ftp://…@h/out"');
  });

  test('a few lines cannot stand for gigabytes', () => {
    const names = 'abcdefghij'.split('');
    const lines = names.map(
      (name, index) => `${name}: &${name} [${Array(9).fill(index === 0 ? 'x' : `*${names[index - 1]}`)}]`,
    );
    expect(complaintsOf(`${lines.join('\n')}\n`)).toMatch(/^feed.yaml:1: Excessive alias count/);
  });
});

function complaintsOf(text: string): string {
  try {
    parseFeed(text, 'feed.yaml');
  } catch (error) {
    expect(error).toMatchObject({ name: 'FEED_INVALID', state: 'usage' });
    return (error as Error).message;
  }
  throw new Error('expected a complaint');
}

test('of thousands of faults a hundred are told', () => {
  const text = good + '  - {\n'.repeat(5000);
  const complaint = () => parseFeed(text, 'f.yaml');
  expect(complaint).toThrow(/\nand \d+ faults more$/);
  expect(() => parseFeed('feed: *shop\n', 'f.yaml')).not.toThrow(/faults more/);
});

test('a feed file has an end', async () => {
  const padded = (bytes: number) => `${good}#`.padEnd(bytes, '-');
  const tooLong = 'received more than 1000000 bytes; expected that many at most';

  expect(parseFeed(padded(MAX_FEED_BYTES), 'feed.yaml').feed).toBe('shop');
  expect(complaintsOf(padded(MAX_FEED_BYTES + 1))).toBe(`feed.yaml: ${tooLong}`);
  await expect(readFeedFile('/dev/zero', feedSchema)).rejects.toMatchObject({
    name: 'FEED_INVALID',
    message: `/dev/zero: ${tooLong}`,
  });
});
