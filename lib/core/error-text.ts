import { shownLines } from './shown-text.ts';

/** Bytes of a message. Ledger, mails, chats and logs accept this size, whatever the message quotes. */
const MESSAGE_BYTES = 2048;
/** Bytes of a hint. SQL that has to be run by hand is shown whole. */
const OWN_BYTES = 256 * 1024;
/** Bytes of a stack, which begins with the uncut message. */
const STACK_BYTES = 8192;

/**
 * The message of any failure with hidden characters written out, except the line feeds of our own lists. Code that quotes
 * foreign text writes out its line feeds itself. A usage error only concerns the files and database of whoever typed the command.
 */
export function messageText(message: string, isUsage: boolean): string {
  return shownLines(message, isUsage ? OWN_BYTES : MESSAGE_BYTES);
}

export function hintText(hint: string): string {
  return shownLines(hint, OWN_BYTES);
}

/** The stack of an unforeseen failure, for whoever repairs it; undefined for any other failure. */
export function stackOf({ name, cause }: { readonly name: string; readonly cause?: unknown }): string | undefined {
  return name === 'UNFORESEEN' && cause instanceof Error ? shownLines(cause.stack ?? '', STACK_BYTES) : undefined;
}
