import { pythonEnvironment } from '../engines/python-environment.ts';
import { type Emulator, startEmulator } from './emulator.ts';

/** A second opinion about S3. Its Lambda loses the names of errors, and its tasks never run. */
export async function startMiniStack(): Promise<Emulator | undefined> {
  const python = await pythonEnvironment('ministack', [new URL('./ministack-requirements.txt', import.meta.url)]);
  if (python === undefined) return undefined;
  return await startEmulator({
    name: 'ministack',
    python,
    args: ['-m', 'ministack'],
    environment: ({ port }) => ({ GATEWAY_PORT: String(port), BIND_HOST: '127.0.0.1', IOT_MTLS_ENABLED: '0' }),
    health: '/_ministack/health',
  });
}
