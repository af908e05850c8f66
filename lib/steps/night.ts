import type { Order } from './order.ts';
import type { Ports } from './ports.ts';
import { answered, type NightResult } from './result.ts';
import { arrive } from './arrive.ts';
import { claim } from './claim.ts';
import { diff, isApplied } from './diff.ts';
import { guard } from './guard.ts';
import { notify } from './notify.ts';
import { publish } from './publish.ts';
import { pull } from './pull.ts';
import { onShift } from './shift.ts';
import { tidy } from './tidy.ts';

/** How often another delivery may be published under our feet before we give up. */
const MAX_ROUNDS = 3;

/** claim → arrive → pull → diff → guard → publish → notify → tidy. Every retry and approval is simply the same night again. */
export async function night(order: Order, ports: Ports): Promise<NightResult> {
  const opening = await claim(order, ports);
  if (opening.kind === 'answered') return answered(opening.run, opening.state);

  return onShift(opening.open, ports, async (shift) => {
    const { open } = shift;
    const arrival = await shift.step('arrive', () => arrive(open, ports));
    const pulled = await shift.step('pull', () => pull(open, arrival, ports));
    for (let round = 1, isPublished = false; !isPublished; round += 1) {
      const applied = await ports.ledger.applied(order.feed.feed);
      if (isApplied(pulled, applied)) return shift.end('unchanged');
      const changes = await shift.step('diff', () => diff(open, pulled, applied, ports));
      await shift.learn(changes);
      const judgement = await shift.step('guard', () => guard(open, arrival, changes, ports));
      shift.holds = judgement.holds;
      if (!judgement.pass) return shift.end('held');
      isPublished = await shift.unlessBaseMoved(round < MAX_ROUNDS, () => shift.step('publish', () => publish(open, changes, ports)));
    }
    await shift.step('notify', () => notify(ports));
    await shift.step('tidy', () => tidy(open, pulled, ports));
    return shift.published();
  });
}
