/**
 * A command that uses the server, for tests to kill: joins in the folder of its argument, prints what it was told and
 * the URL as JSON, and leaves at the end of its input or at Ctrl-C. Run from a copy of the library with a second argument.
 */
const [home, library = new URL('../../../lib', import.meta.url).href] = process.argv.slice(2);
const { joinEmbeddedPostgres } = (await import(
  `${library}/local/embedded-postgres/join.ts`
)) as typeof import('../../../lib/local/embedded-postgres/join.ts');

const said: string[] = [];
const { url, leave } = await joinEmbeddedPostgres({ home: home!, say: (text) => said.push(text) });

// Whoever reads the URL may press Ctrl-C at once.
const end = () => leave().then(() => process.exit(0));
process.once('SIGINT', end);
process.stdin.once('end', end).resume();
console.log(JSON.stringify({ url, said }));
