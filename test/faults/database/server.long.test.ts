import { describe, expect, onTestFinished, test } from 'vitest';
import { isFull, testInFull } from '../../support/full.ts';
import { NightLab } from '../../support/nights/night-lab.ts';
import { throwawayServer } from '../../support/postgres/throwaway-server.ts';
import { dateOf, deliveryOf } from '../../support/vendors/night-vendor.ts';

describe('kill -9 of the server itself', () => {
  test.each(
    isFull ? (['publish.staged', 'publish.written', 'publish.committing'] as const) : (['publish.written'] as const),
  )('while a night stands at %s', async (point) => {
    const { server, lab } = await labWithServer();
    for (const night of [1, 2]) await lab.publish(dateOf(night), deliveryOf(night));
    lab.deliver(dateOf(3), deliveryOf(3));

    const command = await lab.frozenNight(dateOf(3), point);
    await server.kill();
    await server.start();
    const ended = await command.thaw();
    const again = await lab.night(dateOf(3));

    expect(ended, ended.stderr).toMatchObject({ code: 0, json: { state: 'published' } });
    expect(again).toMatchObject({ code: 0, json: { state: 'unchanged' } });
    await lab.checkInvariants(deliveryOf(3));
  });

  testInFull('and it stays down for longer than anybody tries (FULL=1)', async () => {
    const { server, lab } = await labWithServer();
    await lab.publish(dateOf(1), deliveryOf(1));
    lab.deliver(dateOf(2), deliveryOf(2));

    const command = await lab.frozenNight(dateOf(2), 'publish.staged');
    await server.kill();
    const ended = await command.thaw();
    const down = await lab.night(dateOf(2));
    await server.start();
    const again = await lab.night(dateOf(2));

    expect(ended).toMatchObject({ code: 1, json: { state: 'failed', error: { name: 'DATABASE_UNAVAILABLE' } } });
    expect(down).toMatchObject({ code: 1, json: { state: 'failed', error: { name: 'DATABASE_UNAVAILABLE' } } });
    expect(again, again.stderr).toMatchObject({ code: 0, json: { state: 'published' } });
    await lab.checkInvariants(deliveryOf(2));
  });
});

async function labWithServer() {
  const server = await throwawayServer(17);
  onTestFinished(() => server.stop());
  const lab = await NightLab.open({ database: { url: server.url, drop: async () => {} } });
  onTestFinished(() => lab.close());
  return { server, lab };
}
