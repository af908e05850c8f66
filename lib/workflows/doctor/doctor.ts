import type { Ports } from '../../ports/ports.ts';
import type { Tell } from './area.ts';
import type { SourcePorts } from './at-source.ts';
import { type DatabasePorts, examineDatabase } from './database.ts';
import { type EnginePorts, examineEngine } from './engine.ts';
import { examineFeed, type FeedPorts } from './feed.ts';
import { examineLake, type LakePorts } from './lake.ts';
import type { DoctorRequest } from './request.ts';
import { examineSource } from './source.ts';

export type DoctorPorts = FeedPorts & SourcePorts & DatabasePorts & LakePorts & EnginePorts & Pick<Ports, 'elapsed'>;

/**
 * Looks at all that a night of this date needs, and tells what it finds, area by area. What fails stops only the looks that need it. It
 * writes one object to the lake and removes it, and nothing else.
 */
export async function doctor(request: DoctorRequest, ports: DoctorPorts, tell: Tell): Promise<void> {
  const bytes = await examineSurroundings(request, ports, tell);
  const ledger = await examineDatabase(request.feed, ports, tell);
  await examineLake(request.feed, { ledger, bytes }, ports, tell);
  await examineEngine(request.feed, ports, tell);
}

/** The areas that need nothing of our own. Resolves to the bytes of the delivery, where there is one. */
export async function examineSurroundings(
  request: DoctorRequest,
  ports: FeedPorts & SourcePorts,
  tell: Tell,
): Promise<number | undefined> {
  const hasSecrets = await examineFeed(request, ports, tell);
  return examineSource(request, { hasSecrets }, ports, tell);
}
