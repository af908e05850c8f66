import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Context } from 'aws-lambda';
import { FTPError } from 'basic-ftp';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { reportShown } from '../../../bin/cli/commands/quarantine.ts';
import { reportDetail } from '../../../bin/cli/output/detail-report.ts';
import { reportNight } from '../../../bin/cli/output/night-report.ts';
import { Output } from '../../../bin/cli/output/output.ts';
import { handlerOf } from '../../../lambdas/handler.ts';
import type { Shown } from '../../../lib/cloud/operator-job.ts';
import { asThrown } from '../../../lib/cloud/outcome.ts';
import { environmentNames } from '../../../lib/core/cloud/environment-names.ts';
import { runName } from '../../../lib/core/run/keys.ts';
import type { RunMessage } from '../../../lib/core/run/message.ts';
import { snsNotifier } from '../../../lib/notifiers/sns/sns.ts';
import type { Source } from '../../../lib/ports/source.ts';
import { ftpFailure } from '../../../lib/sources/ftp/ftp-failure.ts';
import { unreadable } from '../../../lib/sources/ftp/listing/entry.ts';
import { s3Failure } from '../../../lib/sources/s3/s3-failure.ts';
import { sftpFailure } from '../../../lib/sources/sftp/sftp-failure.ts';
import type { NightResult } from '../../../lib/steps/run/result.ts';
import { night } from '../../../lib/workflows/night.ts';
import { quarantinedRecords } from '../../../lib/workflows/quarantine.ts';
import { runDetail } from '../../../lib/workflows/run-detail.ts';
import { type Files, type IntakeFeed, IntakeLab } from '../../support/nights/intake-lab.ts';
import { zip } from '../../support/vendors/zip.ts';

const MARK = 'EVIL';
/** What a terminal, a chat, a log, a page or PostgreSQL would take for more than text. */
const EVIL = `${MARK}\u001b[31m\u009b2J\u0085\u202e\u2066\u2028\u200b\ufeff<!channel>[x](http.evil)\`*_`;
/** Where a file system or a format leaves no room for some of it. */
const NAME = EVIL.replaceAll(/[\u0000-\u001f]/g, '');
const NUL = `${EVIL}\u0000`;
const MEGABYTES = 15_000_000;
/** Less than the longest line of a manifest. */
const LINE = 60_000;

interface Place {
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
const columns = { id: { type: 'text', key: true }, name: 'text' };
const rows = (count: number, name: (id: number) => string) =>
  `id,name\n${Array.from({ length: count }, (_, id) => `${id},${name(id)}\n`).join('')}`;
const base: Files = { 't.csv': rows(40, () => 'a') };
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
const places: Readonly<Record<string, Place>> = {
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

let lab: IntakeLab;
let sns: { readonly asked: URLSearchParams[]; readonly server: Server; readonly endpoint: string };
beforeAll(async () => {
  vi.stubEnv(environmentNames.feed, 'feeds/shop/0123456789abcdef.json').stubEnv(environmentNames.stage, 'prod');
  [lab, sns] = await Promise.all([IntakeLab.open(), openSns()]);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  sns.server.close();
  await lab.close();
});

test.each(Object.entries(places))('%s', async (_name, place) => {
  const { as, table = {}, more = {}, first = base, files = {}, source, before } = place;
  const feed = await lab.feed({ files: 't.csv', columns, ...table }, first, more);
  await before?.(lab, feed);
  const said = lab.said.length;
  if (source) await nightAt(feed, source);
  else await feed.night(files);

  const result = lab.results.at(-1)!;
  expect(result.state, JSON.stringify(result.error ?? result.holds)).toBe(as);
  const shown = await everywhere(result, lab.said.slice(said));
  for (const [where, written] of Object.entries(shown)) checkShown(where, written);
  if (!place.isHidden) expect(shown['the terminal']).toContain(MARK);
});

async function nightAt({ feed }: IntakeFeed, source: () => Source): Promise<void> {
  const ports = { ...lab.ports, openSource: async () => source() };
  const owner = { host: 'test', pid: 1, started: '1' };
  lab.results.push(await night({ feed, date: '2026-03-01', folder: '', owner }, ports));
}

/** All that is written of a night, by the place where it is read. */
async function everywhere(result: NightResult, said: readonly string[]): Promise<Record<string, string>> {
  const run = result.run!;
  const ports = { ...lab.ports, openSource: () => Promise.reject(new Error()) };
  const detail = await runDetail(runName(run), ports);
  const [kept] = await lab.sql<{ run: string; outbox: string; message: RunMessage }[]>`
    SELECT to_jsonb(r)::text AS run, to_jsonb(o)::text AS outbox, o.message
    FROM nightfeed.run AS r JOIN nightfeed.outbox AS o USING (feed, date, revision)
    WHERE r.feed = ${run.feed} AND r.date = ${run.date} AND r.revision = ${run.revision}`;
  const waiting: Shown['rows'][number][] = [];
  for await (const record of quarantinedRecords({ run }, ports)) waiting.push(record);
  const report = (json: boolean) => async () => {
    const output = new Output({ json });
    reportNight(output, { result, date: run.date, seconds: 1 });
    reportDetail(output, detail);
    reportShown(output, runName(run), { rows: json ? [] : waiting, more: false });
    for (const line of said) output.say(line);
    if (result.error) output.failure(asThrown(result.error));
  };
  return {
    'the terminal': await printed(report(false)),
    '--json': await printed(report(true)),
    'the ledger': kept!.run,
    'the outbox': kept!.outbox,
    ...(await published(kept!.message)),
    ...(result.error ? await thrownByLambda(asThrown(result.error)) : {}),
  };
}

/** What goes to both streams meanwhile. */
async function printed(work: () => Promise<unknown>): Promise<string> {
  const pieces: string[] = [];
  const spies = [process.stdout, process.stderr].map((stream) =>
    vi.spyOn(stream, 'write').mockImplementation((piece) => pieces.push(String(piece)) > 0),
  );
  try {
    await work();
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
  return pieces.join('');
}

async function published(message: RunMessage): Promise<Record<string, string>> {
  const config = {
    endpoint: sns.endpoint,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  };
  const arn = (name: string) => `arn:aws:sns:eu-west-1:000000000000:${name}`;
  await snsNotifier({ topic: arn('mail'), chatTopic: arn('chat'), stage: 'prod' }, config).send(message);
  const [mail, chat] = sns.asked.splice(0).map((asked) => asked.get('Message')!);
  const forms = JSON.parse(mail!) as { default: string; email: string };
  const { content } = JSON.parse(chat!) as { content: { description: string } };
  return { 'the web hook': forms.default, 'the mail': forms.email, 'the chat': content.description };
}

const invokedFunctionArn = 'arn:aws:lambda:eu-west-1:000000000000:function:nightfeed-prod-shop-arrive';

async function thrownByLambda(error: Error): Promise<Record<string, string>> {
  const handler = handlerOf(z.unknown(), () => Promise.reject(error));
  let thrown: Error | undefined;
  const log = await printed(async () => {
    thrown = await handler({}, { invokedFunctionArn } as Context).catch((each: Error) => each);
  });
  return {
    'the log of a function': log,
    'the error of a function': `${thrown!.name}\n${thrown!.message}\n${thrown!.stack}`,
  };
}

function checkShown(where: string, written: string): void {
  expect(written.replaceAll('\n', ''), where).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
  expect(Buffer.byteLength(written), where).toBeLessThan(100_000);
  if (where !== 'the chat') return;
  expect(written).not.toMatch(/[<>]|\]\(/);
  // Nothing of it stands outside of a block.
  expect(written.replaceAll(/```\n[^`]*\n```/g, '')).not.toContain(MARK);
}

async function openSns() {
  const asked: URLSearchParams[] = [];
  const server = createServer(async (request, response) => {
    asked.push(new URLSearchParams(await text(request)));
    response.end('<PublishResponse><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { asked, server, endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}
