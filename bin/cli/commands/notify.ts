import { feedSchema } from '../../../lib/core/feed/spec.ts';
import { readFeedFile } from '../../../lib/feed-file/yaml.ts';
import { relay, type Tried, tryChannels, undelivered } from '../../../lib/workflows/relay.ts';
import type { Cli } from '../cli.ts';
import { openWorkplace } from '../compose.ts';
import type { Output } from '../output/output.ts';
import { checkSecrets } from './secrets.ts';

/** Sends what waits for a channel of the feed, or a test to all of its channels. The exit code says whether all of them took it. */
export async function notify(cli: Cli, path: string, { test = false }: { test?: boolean }): Promise<number> {
  const { output, wings } = cli;
  const { feed, folder } = await readFeedFile(path, feedSchema(wings));
  await checkSecrets(feed, wings);
  const { ports, close } = await openWorkplace(cli, { feed: feed.feed, folder }, test ? { database: 'perhaps' } : {});
  try {
    if (test) return reportTried(output, await tryChannels(feed, ports));
    const sent = (await ports.ledger.exists()) ? await relay(feed, ports) : 0;
    const waiting = (await ports.ledger.exists()) ? await undelivered(ports, feed.feed) : [];
    output.answer({ sent, undelivered: waiting });
    output.print(`${sent} ${sent === 1 ? 'message' : 'messages'} sent, ${waiting.length} not taken`);
    for (const { run, state, channel, reason } of waiting) {
      output.print(`  ${channel} was not told that ${run} is ${state}`);
      output.print(`    ${reason}`);
    }
    return waiting.length === 0 ? 0 : 1;
  } finally {
    await close();
  }
}

function reportTried(output: Output, channels: readonly Tried[]): number {
  output.answer({ channels });
  for (const { channel, reason } of channels) {
    const verdict = reason === null ? output.paint('green', 'took it') : output.paint('red', 'did not');
    output.print(`  ${channel}  ${verdict}${reason === null ? '' : `  ${reason}`}`);
  }
  return channels.every(({ reason }) => reason === null) ? 0 : 1;
}
