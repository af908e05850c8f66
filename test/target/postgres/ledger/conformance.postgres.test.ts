import { describePostgres } from '../../../support/postgres/postgres.ts';
import { catalog, shopFeed, targetLab } from '../../../support/postgres/target-lab.ts';
import { DEAD_PID, ledgerConforms } from '../../conformance.ts';

describePostgres('the target', (version) => {
  ledgerConforms('in PostgreSQL', async () => {
    const lab = await targetLab(version, shopFeed({ catalog }), { isDead: ({ pid }) => pid === DEAD_PID });
    return { ledger: lab.ledger, publish: async (date) => void (await lab.night(date, { catalog: [] })) };
  });
});
