import { NightfeedError } from '../../core/errors.ts';
import { decoded } from '../../core/without-secrets.ts';

/** Reads a variable of the environment. */
export type Setting = (name: string) => string | undefined;

export interface OtlpSettings {
  /** Where traces and metrics go; absent: they are not wanted. */
  readonly traces?: string;
  readonly metrics?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly milliseconds: number;
  /** Attributes of the sender. */
  readonly sender: Readonly<Record<string, string>>;
}

/** By the variables that OpenTelemetry names; undefined unless somebody named an endpoint. Throws USAGE. */
export function otlpSettings(setting: Setting): OtlpSettings | undefined {
  if (setting('OTEL_SDK_DISABLED')?.toLowerCase() === 'true') return undefined;
  const traces = endpointOf('traces', setting);
  const metrics = endpointOf('metrics', setting);
  if (traces === undefined && metrics === undefined) return undefined;
  const protocol = setting('OTEL_EXPORTER_OTLP_PROTOCOL') ?? HTTP;
  if (protocol !== HTTP)
    throw new NightfeedError('USAGE', `OTEL_EXPORTER_OTLP_PROTOCOL is ${protocol}; nightfeed sends ${HTTP} only`);
  return {
    ...(traces === undefined ? {} : { traces }),
    ...(metrics === undefined ? {} : { metrics }),
    headers: { 'content-type': 'application/x-protobuf', ...pairsOf(setting('OTEL_EXPORTER_OTLP_HEADERS')) },
    milliseconds: millisecondsOf(setting('OTEL_EXPORTER_OTLP_TIMEOUT')),
    sender: {
      'service.name': setting('OTEL_SERVICE_NAME') ?? 'nightfeed',
      ...pairsOf(setting('OTEL_RESOURCE_ATTRIBUTES')),
    },
  };
}

const HTTP = 'http/protobuf';
const PATIENCE_MS = 10_000;

function endpointOf(signal: 'traces' | 'metrics', setting: Setting): string | undefined {
  if (setting(`OTEL_${signal.toUpperCase()}_EXPORTER`) === 'none') return undefined;
  const own = `OTEL_EXPORTER_OTLP_${signal.toUpperCase()}_ENDPOINT`;
  const given = setting(own);
  if (given !== undefined) return addressOf(own, given);
  const base = setting('OTEL_EXPORTER_OTLP_ENDPOINT');
  return base === undefined
    ? undefined
    : addressOf('OTEL_EXPORTER_OTLP_ENDPOINT', `${base.replace(/\/$/, '')}/v1/${signal}`);
}

function addressOf(name: string, text: string): string {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text;
  throw new NightfeedError('USAGE', `${name} is no address that begins with http:// or https://`);
}

function millisecondsOf(text: string | undefined): number {
  if (text === undefined) return PATIENCE_MS;
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new NightfeedError('USAGE', 'OTEL_EXPORTER_OTLP_TIMEOUT: expected whole milliseconds, from 1 to 999999');
}

/** `a=b,c=d`, each percent-encoded. */
function pairsOf(text = ''): Record<string, string> {
  const parts = text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  return Object.fromEntries(
    parts.map((part) => {
      const [, name, value] = /^([^=]+)=(.*)$/.exec(part) ?? [];
      if (name === undefined || value === undefined)
        throw new NightfeedError(
          'USAGE',
          'OTEL_EXPORTER_OTLP_HEADERS and OTEL_RESOURCE_ATTRIBUTES: expected name=value,name=value',
        );
      return [decoded(name.trim()), decoded(value.trim())];
    }),
  );
}
