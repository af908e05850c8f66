import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Context } from 'aws-lambda';
import { vi } from 'vitest';
import { z } from 'zod';
import { reportShown } from '../../../bin/cli/commands/quarantine.ts';
import { reportDetail } from '../../../bin/cli/output/detail-report.ts';
import { reportNight } from '../../../bin/cli/output/night-report.ts';
import { Output } from '../../../bin/cli/output/output.ts';
import { handlerOf } from '../../../lambdas/handler.ts';
import type { Shown } from '../../../lib/cloud/operator-job.ts';
import { asThrown } from '../../../lib/cloud/outcome.ts';
import { runName } from '../../../lib/core/run/keys.ts';
import type { RunMessage } from '../../../lib/core/run/message.ts';
import type { NightResult } from '../../../lib/core/run/night-result.ts';
import { snsNotifier } from '../../../lib/notifiers/sns/sns.ts';
import { quarantinedRecords } from '../../../lib/workflows/quarantine.ts';
import { withPlaces } from '../../../lib/workflows/quarantine-places.ts';
import { runDetail } from '../../../lib/workflows/run-detail.ts';
import type { IntakeLab } from '../../support/nights/intake-lab.ts';

/** All that is written of a night, by the place where it is read. */
export async function shownEverywhere(
  result: NightResult,
  said: readonly string[],
  { lab, sns }: { readonly lab: IntakeLab; readonly sns: ReceivedBySns },
): Promise<Record<string, string>> {
  const run = result.run!;
  const ports = { ...lab.ports, openSource: () => Promise.reject(new Error()) };
  const detail = await runDetail(runName(run), ports);
  const [kept] = await lab.sql<{ run: string; outbox: string; message: RunMessage }[]>`
    SELECT to_jsonb(r)::text AS run, to_jsonb(o)::text AS outbox, o.message
    FROM nightfeed.run AS r JOIN nightfeed.outbox AS o USING (feed, date, revision)
    WHERE r.feed = ${run.feed} AND r.date = ${run.date} AND r.revision = ${run.revision}`;
  const waiting: Shown['rows'][number][] = [];
  for await (const record of withPlaces(quarantinedRecords({ run }, ports), ports)) waiting.push(record);
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
    ...(await published(kept!.message, sns)),
    ...(result.error ? await thrownByLambda(asThrown(result.error)) : {}),
  };
}

/** What an address of SNS is asked for. */
export interface ReceivedBySns {
  readonly asked: URLSearchParams[];
  readonly server: Server;
  readonly endpoint: string;
}

export async function openSns(): Promise<ReceivedBySns> {
  const asked: URLSearchParams[] = [];
  const server = createServer(async (request, response) => {
    asked.push(new URLSearchParams(await text(request)));
    response.end('<PublishResponse><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { asked, server, endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
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

async function published(message: RunMessage, sns: ReceivedBySns): Promise<Record<string, string>> {
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
