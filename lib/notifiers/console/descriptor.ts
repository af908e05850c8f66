import type { PresentNotifier } from '../../ports/notifier-kind.ts';

export const console: PresentNotifier = {
  name: 'console',
  runs: 'here',
  open: async ({ say }) => (await import('./console.ts')).consoleNotifier(say),
};
