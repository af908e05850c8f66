import type { Client, TaskResolver } from 'basic-ftp';

/**
 * Streams what the server sends for a command into `read`. Ends when both the control and the data connection say that the transfer is
 * over. basic-ftp's own listing would first hold all of it in memory.
 */
export async function receiveData(
  client: Client,
  command: string,
  read: (data: AsyncIterable<Buffer>) => Promise<void>,
): Promise<void> {
  const { ftp } = client;
  await client.prepareTransfer(ftp);
  const data = ftp.dataSocket!;
  let reading: Promise<void> | undefined;
  let isConfirmed = false;
  let isRead = false;
  const tryDone = (task: TaskResolver) => {
    if (!isRead || !isConfirmed) return;
    ftp.dataSocket = undefined;
    task.resolve(undefined);
  };
  await ftp.handle(command, (reply, task) => {
    if (reply instanceof Error) return task.reject(reply);
    if (reply.code >= 300) return task.reject(new Error(`unexpected reply to ${command}: ${reply.message}`));
    if (reply.code >= 200) {
      isConfirmed = true;
      return tryDone(task);
    }
    // A server may announce the transfer twice, or say something in between.
    if (reading || (reply.code !== 125 && reply.code !== 150)) return;
    // The control connection is silent while data comes on this one.
    ftp.socket.setTimeout(0);
    data.setTimeout(ftp.timeout);
    reading = read(data);
    reading.then(
      () => {
        isRead = true;
        ftp.socket.setTimeout(ftp.timeout);
        tryDone(task);
      },
      (failure) => task.reject(failure),
    );
  });
}
