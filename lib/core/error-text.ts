import { shownLines } from './shown-text.ts';

/** Of a message: ledger, mails, chats and logs all take it, whatever it quotes. */
const MESSAGE_BYTES = 2048;
/** Of our own words, and of SQL to be run by hand, which is told whole. */
const OWN_BYTES = 256 * 1024;
/** Of a stack, which begins with a message that nobody cut. */
const STACK_BYTES = 8192;

/**
 * A failure's message with nothing hidden in it, wherever it came from, but for the line feeds of our own lists: who quotes what is
 * foreign writes out its own. What stops only who typed the command is about files and a database of their own.
 */
export function messageText(message: string, isUsage: boolean): string {
  return shownLines(message, isUsage ? OWN_BYTES : MESSAGE_BYTES);
}

export function hintText(hint: string): string {
  return shownLines(hint, OWN_BYTES);
}

/** Where what nobody foresaw was thrown, for whoever mends it; undefined for any other failure. */
export function stackOf({ name, cause }: { readonly name: string; readonly cause?: unknown }): string | undefined {
  return name === 'UNFORESEEN' && cause instanceof Error ? shownLines(cause.stack ?? '', STACK_BYTES) : undefined;
}
