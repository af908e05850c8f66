import { NightfeedError } from '../../core/errors.ts';
import type { Setting } from '../otlp/settings.ts';

export interface LineageSettings {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly namespace: string;
}

/** By the variables that OpenLineage names; undefined unless somebody named an address. Throws USAGE. */
export function lineageSettings(setting: Setting): LineageSettings | undefined {
  const base = setting('OPENLINEAGE_URL');
  if (base === undefined || setting('OPENLINEAGE_DISABLED')?.toLowerCase() === 'true') return undefined;
  if (!URL.canParse(base) || !/^https?:$/.test(new URL(base).protocol))
    throw new NightfeedError('USAGE', 'OPENLINEAGE_URL is no address that begins with http:// or https://');
  const key = setting('OPENLINEAGE_API_KEY');
  const path = setting('OPENLINEAGE_ENDPOINT') ?? 'api/v1/lineage';
  return {
    url: `${base.replace(/\/$/, '')}/${path.replace(/^\//, '')}`,
    headers: { 'content-type': 'application/json', ...(key === undefined ? {} : { authorization: `Bearer ${key}` }) },
    namespace: setting('OPENLINEAGE_NAMESPACE') ?? 'nightfeed',
  };
}
