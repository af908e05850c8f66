import type { Command } from 'commander';
import type { Cli } from './cli.ts';
import type { ScheduleOptions } from './commands/schedule.ts';

/** The commands by which nights begin without a person: units for a program of the machine, or a process of ours that stays. */
export function addStarting(
  command: (name: string, description: string) => Command,
  cli: Cli,
  exit: (code: number) => void,
): void {
  command('schedule <feed>', 'what starts the nights of a feed by its schedule, for a program that you have')
    .option('--systemd', 'a service and a timer')
    .option('--cron', 'a line for /etc/cron.d')
    .option('--k8s <image>', 'a CronJob of Kubernetes, with an image that has nightfeed')
    .action(async (feed: string, options: ScheduleOptions) =>
      exit(await (await import('./commands/schedule.ts')).schedule(cli, feed, options)),
    );
  command('serve [place]', 'runs the nights of all feeds of a folder or a configuration at their moments, and stays')
    .option('--listen <address>', 'where /healthz answers, such as 127.0.0.1:8484; a port alone is for this machine')
    .action(async (place: string | undefined, options: { listen?: string }) =>
      exit(await (await import('./commands/serve.ts')).serve(cli, place, options)),
    );
}
