import { skippedNights } from '../night-days.ts';
import { hoursSkipped } from '../zone-clock.ts';
import type { Starting } from './unit.ts';

const YEARS = 10;

/**
 * A CronJob as an object; its feed file and secrets are a ConfigMap and a Secret of the same name, its home a PersistentVolumeClaim. Kubernetes starts
 * nothing at a time that the clocks skip: where they do, it starts as much later too. On all other days that run finds the night done.
 */
export function cronJob({ feed, today }: Pick<Starting, 'feed' | 'today'>, image: string): object {
  const { at, days, timezone } = feed.schedule;
  const name = `nightfeed-${feed.feed}`;
  const [hour, minute] = at.split(':').map(Number) as [number, number];
  const isSkipped = skippedNights(feed.schedule, today, YEARS).length > 0;
  const hours = isSkipped ? [hour, hour + hoursSkipped(timezone)] : [hour];
  const weekday = days === undefined ? '*' : days.join(',').toUpperCase();
  return {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name },
    spec: {
      schedule: `${minute} ${hours.filter((each) => each < 24).join(',')} * * ${weekday}`,
      timeZone: timezone,
      concurrencyPolicy: 'Forbid',
      jobTemplate: {
        spec: {
          backoffLimit: 6,
          // Nobody but a person or the vendor helps with these.
          podFailurePolicy: {
            rules: [
              { action: 'FailJob', onExitCodes: { containerName: 'nightfeed', operator: 'In', values: [2, 3, 4, 5] } },
            ],
          },
          template: {
            spec: {
              restartPolicy: 'Never',
              securityContext: {
                runAsNonRoot: true,
                runAsUser: 1000,
                fsGroup: 1000,
                seccompProfile: { type: 'RuntimeDefault' },
              },
              containers: [
                {
                  name: 'nightfeed',
                  image,
                  args: ['run', '/etc/nightfeed/feed.yaml', '--scheduled'],
                  env: [{ name: 'NIGHTFEED_HOME', value: '/var/lib/nightfeed' }],
                  envFrom: [{ secretRef: { name } }],
                  securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
                  volumeMounts: [
                    { name: 'feed', mountPath: '/etc/nightfeed', readOnly: true },
                    { name: 'home', mountPath: '/var/lib/nightfeed' },
                    { name: 'temporary', mountPath: '/tmp' },
                  ],
                },
              ],
              volumes: [
                { name: 'feed', configMap: { name } },
                { name: 'home', persistentVolumeClaim: { claimName: name } },
                { name: 'temporary', emptyDir: {} },
              ],
            },
          },
        },
      },
    },
  };
}
