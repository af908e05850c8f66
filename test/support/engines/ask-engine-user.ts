import { engineUser } from '../../../lib/engines/common/engine-user.ts';

/** As a process of its own, which may have fewer rights than the test: the command that turns into an engine's user. */
const [lake, writes, account] = process.argv.slice(2);
const said: string[] = [];
const number = Number(account);
const asked = account === undefined ? undefined : { uid: number, gid: number };
try {
  const user = await engineUser({ account: asked, reads: [lake!], writes: writes!, say: (text) => said.push(text) });
  process.stdout.write(JSON.stringify({ said, launcher: user?.launcher }));
} catch (error) {
  process.stdout.write(JSON.stringify({ said, failed: (error as Error).message }));
}
