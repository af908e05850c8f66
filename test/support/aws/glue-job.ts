import { fileURLToPath } from 'node:url';
import { localSpark } from '../../../bin/spark.ts';
import { hadoopAws } from '../engines/hadoop-aws.ts';
import { BRIEF_JVM } from '../engines/spark-here.ts';
import type { Aws } from './aws.ts';
import { standIn } from './localstack.ts';

const PROGRAM = fileURLToPath(new URL('../../../glue-jobs/diff.py', import.meta.url));

/** What runs before the job's program from now on, in the shell that becomes it, and how long a minute of its timeout is. */
export type MeddleWithJob = (script: string, minuteSeconds?: number) => Promise<void>;

/** The job's runs are its program under pyspark, or diff.py where it has none, with the job's own arguments and locations; S3 is the emulator's. */
export async function startGlueJob(aws: Aws, name: string, cwd: string): Promise<MeddleWithJob> {
  const { python, environment } = await localSpark(console.error)();
  const settings = {
    'spark.master': 'local[2]',
    'spark.driver.memory': '1g',
    'spark.driver.host': '127.0.0.1',
    'spark.driver.bindAddress': '127.0.0.1',
    'spark.driver.extraJavaOptions': BRIEF_JVM,
    'spark.ui.enabled': 'false',
    'spark.ui.showConsoleProgress': 'false',
    'spark.local.dir': cwd,
    'spark.sql.warehouse.dir': `${cwd}/warehouse`,
    'spark.jars': await hadoopAws(),
    // As on Glue, where these are the same.
    'spark.hadoop.fs.s3.impl': 'org.apache.hadoop.fs.s3a.S3AFileSystem',
    'spark.hadoop.fs.s3a.endpoint': aws.client.endpoint!,
    'spark.hadoop.fs.s3a.endpoint.region': aws.client.region,
    'spark.hadoop.fs.s3a.path.style.access': 'true',
    'spark.hadoop.fs.s3a.buffer.dir': `${cwd}/buffer`,
  };
  const conf = Object.entries(settings).flatMap(([setting, value]) => ['--conf', `${setting}=${value}`]);
  const meddle: MeddleWithJob = (script, minuteSeconds = 60) =>
    standIn({ folder: aws.folder! }, `job/${name}`, {
      command: ['sh', '-c', `${script}\nexec ${python} "\${SCRIPT:-${PROGRAM}}" "$@"`, name, ...conf],
      cwd,
      minuteSeconds,
      environment: { ...environment, PYTHONDONTWRITEBYTECODE: '1', SPARK_LOCAL_IP: '127.0.0.1' },
    });
  await meddle('');
  return meddle;
}
