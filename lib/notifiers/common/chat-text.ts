import { shownLines } from '../../core/shown-text.ts';

/** Lines with a vendor's text as a block in which a chat client applies no formatting. */
export function codeBlock(lines: readonly string[]): string {
  return lines.length === 0 ? '' : `\`\`\`\n${chatText(lines.join('\n')).replaceAll('`', "'")}\n\`\`\``;
}

/** Slack calls people by `<!channel>` and links by `<URL|text>` even within a block; Teams, which has no blocks, links by `[text](URL)`. */
export function chatText(text: string): string {
  return shownLines(text)
    .replace(/[&<>]/g, (character) => entities[character]!)
    .replaceAll('](', '] (');
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
