import { prepareProcess } from './prepare-process.ts';

prepareProcess();

const [{ main }, { wings }] = await Promise.all([import('./cli/program.ts'), import('./wings.ts')]);
process.exitCode = await main(process.argv.slice(2), wings);
