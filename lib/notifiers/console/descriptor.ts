import type { NotifierKind } from '../../ports/notifier-kind.ts';

export const console: NotifierKind = {
  name: 'console',
  runs: 'here',
  open: async ({ say }) => (await import('./console.ts')).consoleNotifier(say),
};
