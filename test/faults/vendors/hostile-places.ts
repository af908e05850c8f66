import { createHash } from 'node:crypto';
import { FTPError } from 'basic-ftp';
import type { Source } from '../../../lib/ports/source.ts';
import { ftpFailure } from '../../../lib/sources/ftp/ftp-failure.ts';
import { unreadable } from '../../../lib/sources/ftp/listing/entry.ts';
import { s3Failure } from '../../../lib/sources/s3/s3-failure.ts';
import { sftpFailure } from '../../../lib/sources/sftp/sftp-failure.ts';
import type { IntakeFeed } from '../../support/nights/intake-feed.ts';
import type { IntakeLab } from '../../support/nights/intake-lab.ts';
import type { Files } from '../../support/nights/intake-night.ts';
import { zip } from '../../support/vendors/zip.ts';

export const MARK = 'EVIL';
/** What a terminal, a chat, a log, a page or PostgreSQL would take for more than text. */
const EVIL = `${MARK}\u001b[31m\u009b2J\u0085\u202e\u2066\u2028\u200b\ufeff<!channel>[x](http.evil)\`*_`;
/** Where a file system or a format leaves no room for some of it. */
const NAME = EVIL.replaceAll(/[\u0000-\u001f]/g, '');
const NUL = `${EVIL}\u0000`;
const MEGABYTES = 15_000_000;
/** Less than the longest line of a manifest. */
const LINE = 60_000;

export interface Place {
  /** How the night ends. */
  readonly as: string;
  readonly table?: Record<string, unknown>;
  readonly more?: Record<string, unknown>;
  readonly first?: Files;
  readonly files?: Files;
  /** Instead of the files: what the vendor's server says. */
  readonly source?: () => Source;
  before?(lab: IntakeLab, feed: IntakeFeed): Promise<void>;
  /** Cut before the mark of it. */
  readonly isHidden?: true;
}

const md5 = (bytes: string | Uint8Array) => createHash('md5').update(bytes).digest('hex');
export const columns = { id: { type: 'text', key: true }, name: 'text' };
const rows = (count: number, name: (id: number) => string) =>
  `id,name\n${Array.from({ length: count }, (_, id) => `${id},${name(id)}\n`).join('')}`;
export const base: Files = { 't.csv': rows(40, () => 'a') };
const strict = { gone: '5%', updated: '5%', min_rows: 0 };
const manifest = (format: string) => ({ ready: { stable: '1s', manifest: { file: 'm.txt', format } } });
const says = (error: () => Error) => (): Source => {
  throw error();
};
const answer = (fields: object) => Object.assign(new Error(NUL), { name: NUL, ...fields });

/** A server that has nothing. */
const nothing: Source = {
  notes: [],
  clock: async () => null,
  place: 'a server',
  around: async () => true,
  list: async () => [],
  stat: async (name) => ({ name, size: 0, modified: null }),
  read: () => {
    throw new Error('nothing is there');
  },
  close: async () => {},
};

/** Where a vendor, or another user of the database, puts text. */
export const places: Readonly<Record<string, Place>> = {
  'names of files, and keys in several of them': {
    as: 'held',
    files: { [`t-${NAME}.csv`]: `id,name\n${EVIL},1\n`, [`t-${NAME}-2.csv`]: `id,name\n${EVIL},2\n` },
    table: { files: 't*.csv', guards: { min_rows: 0 } },
  },
  'names of files that fit where one is taken': {
    as: 'refused',
    files: { [`t-${NAME}.csv`]: rows(3, String), [`t-${NAME}-2.csv`]: rows(3, String) },
    table: { files: 't*.csv', pick: 'only' },
  },
  'names of files that were left out': {
    as: 'published',
    first: { 't_1_x.csv': rows(40, () => 'a') },
    files: { [`t_2_${NAME}.csv`]: rows(40, () => 'a'), [`t_1_${NAME}.csv`]: rows(40, () => 'a') },
    table: { files: 't_{n}_*.csv', pick: 'newest' },
  },
  'names of files that are waited for': { as: 'late', files: { [`other-${NAME}`]: 'x' } },
  'a name that is too long': {
    as: 'refused',
    source: () => ({ ...nothing, list: async () => [{ name: `t${EVIL.repeat(20)}.csv`, size: 9, modified: null }] }),
    table: { files: 't*.csv' },
  },
  'an unknown column': {
    as: 'refused',
    files: { 't.csv': `id,name,"${EVIL}"\n1,a,b\n` },
    table: { contract: { added: 'refuse' } },
  },
  'a column that is held': {
    as: 'held',
    files: {
      't.csv': `id,name,"${EVIL}"\n${rows(40, () => 'a')
        .slice(8)
        .replaceAll('\n', ',b\n')}`,
    },
    table: { contract: { added: 'hold' } },
  },
  'a column twice': { as: 'refused', files: { 't.csv': `id,name,"${EVIL}","${EVIL}"\n1,a,b,c\n` } },
  'another header': { as: 'refused', files: { 't.csv': `"${EVIL}"\n1\n` } },
  'a header in another encoding': { as: 'refused', files: { 't.csv': Buffer.from(`id,${NUL}\u00e4\n1\n`, 'latin1') } },
  'a header without end': { as: 'refused', files: { 't.csv': EVIL.repeat(MEGABYTES / EVIL.length) }, isHidden: true },
  'a trailer': {
    as: 'refused',
    first: { 't.csv': 'id,name\n1,a\nTRL,1\n' },
    files: { 't.csv': `id,name\n1,a\n${EVIL}\n` },
    table: { format: { trailer: 'TRL,{rows}' } },
  },
  'values of rows that are held': {
    as: 'held',
    files: { 't.csv': rows(40, (id) => `"${EVIL}${id}"`) },
    table: { guards: strict },
    more: { guards: { samples_in_messages: true } },
  },
  'long values of rows that are held': {
    as: 'held',
    files: { 't.csv': rows(40, () => `"${EVIL.repeat(500)}"`) },
    table: { guards: strict },
    more: { guards: { samples_in_messages: true } },
  },
  'records that are rejected': {
    as: 'held',
    files: { 't.csv': `${rows(40, () => 'a')}41,"${EVIL}"${NUL},x\n42,${NUL}\n` },
    table: { guards: { min_rows: 0, rejected: '0%' } },
    more: { guards: { samples_in_messages: true } },
  },
  'records that wait in quarantine': {
    as: 'published',
    files: { 't.csv': `${rows(40, () => 'a')}41,"${EVIL}"${NUL},x\n42,${NUL}\n` },
    table: { guards: { min_rows: 0, rejected: '100%' } },
  },
  'a name in an archive': {
    as: 'refused',
    first: { 't.zip': zip([{ name: 't.csv', bytes: rows(3, String) }]) },
    files: { 't.zip': zip([{ name: `../${NUL}`, bytes: rows(3, String) }]) },
    table: { files: 't.zip' },
  },
  'a member that no table takes': {
    as: 'refused',
    first: { 't.zip': zip([{ name: 't.csv', bytes: rows(3, String) }]) },
    files: {
      't.zip': zip([
        { name: 't.csv', bytes: rows(3, String) },
        { name: NAME, bytes: '' },
      ]),
    },
    table: { files: 't.zip/t.csv' },
  },
  'the header of a manifest': {
    as: 'refused',
    first: { ...base, 'm.txt': 'file\nt.csv\n' },
    files: { ...base, 'm.txt': `${NUL},${'x'.repeat(LINE)}\nt.csv,1\n` },
    more: manifest('csv'),
  },
  'a manifest without end': {
    as: 'refused',
    first: { ...base, 'm.txt': 'file\nt.csv\n' },
    files: { ...base, 'm.txt': EVIL.repeat(MEGABYTES / EVIL.length) },
    more: manifest('csv'),
    isHidden: true,
  },
  'files that a manifest promises': {
    as: 'late',
    first: { ...base, 'm.txt': 'file\nt.csv\n' },
    files: {
      ...base,
      'm.txt': `file\nt.csv\n${Array.from({ length: 5000 }, (_, n) => `t${n}${NUL}.csv\n`).join('')}`,
    },
    table: { files: 't*.csv' },
    more: manifest('csv'),
  },
  'other files that a manifest promises': {
    as: 'refused',
    first: { ...base, 'm.txt': 'file\nt.csv\n' },
    files: { ...base, 'm.txt': `file\n${Array.from({ length: 5000 }, (_, n) => `${NUL}${n}\n`).join('')}` },
    more: manifest('csv'),
  },
  'a line of a manifest': {
    as: 'refused',
    first: { ...base, 'm.txt': `${md5(base['t.csv']!)}  t.csv\n` },
    files: { ...base, 'm.txt': `${NUL}${'x'.repeat(LINE)}\n` },
    more: manifest('checksums'),
  },
  'what an FTP server answers': {
    as: 'failed',
    source: says(() =>
      ftpFailure(new FTPError({ code: 550, message: `550 ${NUL}${'x'.repeat(MEGABYTES)}` }), `RETR of ${NAME}`, {
        password: 'secret',
        isLoggedIn: true,
      }),
    ),
  },
  'what an SFTP server answers': {
    as: 'failed',
    source: says(() => sftpFailure(new Error(`no matching cipher ${NUL}`), `host, read of ${NAME}`, [])),
  },
  'what an S3 server answers': {
    as: 'failed',
    source: says(() =>
      s3Failure(
        answer({
          name: NUL.repeat(1000),
          $metadata: { httpStatusCode: 403 },
          $response: { headers: { 'x-amz-bucket-region': NUL.repeat(1000) } },
        }),
        'list',
        {},
      ),
    ),
  },
  'a line of a listing': {
    as: 'failed',
    source: says(() => unreadable(NUL.repeat(1000), 'a line of the listing is none')),
  },
  'the version of an object': {
    as: 'failed',
    source: () => ({
      ...nothing,
      list: async () => [{ name: 't.csv', size: 9, modified: null, version: NUL.repeat(10_000) }],
      stat: async () => ({ name: 't.csv', size: 9, modified: null, version: `${NUL.repeat(10_000)}2` }),
    }),
  },
  'what nobody foresaw': { as: 'failed', source: says(() => new Error(NUL.repeat(500_000))) },
  'a constraint of the database': {
    as: 'failed',
    files: { 't.csv': rows(40, (id) => (id === 3 ? 'b' : 'a')) },
    before: async ({ sql }, { feed }) => {
      await sql.unsafe(`ALTER TABLE ${feed.feed}.t ADD CONSTRAINT "${EVIL.slice(0, 30)}" CHECK (name <> 'b')`);
    },
  },
  'an object of the database': {
    as: 'held',
    files: { 't.csv': rows(40, (id) => (id === 3 ? 'b' : 'a')) },
    before: async ({ sql }, { feed }) => {
      await sql.unsafe(
        `CREATE FUNCTION ${feed.feed}.f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
         CREATE TRIGGER "${EVIL.slice(0, 30)}" BEFORE UPDATE ON ${feed.feed}.t FOR EACH ROW EXECUTE FUNCTION ${feed.feed}.f()`,
      );
    },
  },
};
