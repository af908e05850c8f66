import type { PullReceipt } from '../core/run/receipt.ts';
import type { OpenRun } from './order.ts';
import type { Ports } from './ports.ts';

/** After the run is published: derived and superfluous things. A failure here never touches the run. */
export async function tidy(_open: OpenRun, _pulled: PullReceipt, ports: Ports): Promise<void> {
  try {
    await ports.warehouse.tidy();
    await ports.reach('tidy.done');
  } catch (error) {
    ports.say(`tidying is left to the next run: ${error instanceof Error ? error.message : String(error)}`);
  }
}
