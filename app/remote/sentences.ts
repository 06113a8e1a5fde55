import { failuresOf } from '../../core/errors.ts';
import { sentenceSet } from '../../core/sentence-set.ts';

/** Sentences about images that are labelled on other machines. */
export const remoteSentences = sentenceSet(
  {
    redisAddressInvalid: ({ address }: { address: string }) =>
      `${address} is not the address of a Redis server. Give redis://HOST:PORT or rediss://HOST:PORT, with /NUMBER ` +
      'for another database. A password belongs in PIXELSAIL_REDIS_PASSWORD.',
    redisUnreachable: ({ address, reason }: { address: string; reason: string }) =>
      `The Redis server at ${address} does not answer (${reason}). Check the address, the password in ` +
      'PIXELSAIL_REDIS_PASSWORD and the network.',
    workInvalid: ({ problem }: { problem: string }) =>
      `The queue holds work that this version cannot read: ${problem}. Use the same version on every machine.`,
    remotePhotoMissing: ({ name, reason }: { name: string; reason: string }) =>
      `The worker could not get the photo ${name} (${reason}). Share its folder with --photos, or let the ` +
      'labelling command serve it with --listen.',
    remotePhotoDiffers: ({ name }: { name: string }) =>
      `The photo ${name} that the worker got is not the one that was asked about: their sha256 differ.`,
    remoteModelMissing: ({ id, reason }: { id: string; reason: string }) =>
      `The worker could not get the model ${id} (${reason}). Install it there, or let the labelling command serve ` +
      'it with --listen.',
    remoteModelDiffers: ({ id }: { id: string }) =>
      `The model ${id} that the worker was sent is not the one that was asked for: their hashes differ.`,
    remoteModelServed: ({ id }: { id: string }) =>
      `The model ${id} that the worker was sent is run by a server. Workers ask no such server for others; install the ` +
      'model on the worker.',
    workLost: ({ name, attempts, reason }: { name: string; attempts: number; reason: string }) =>
      `${name} was given up after ${attempts} attempts: ${reason}`,
    listenAddressInvalid: ({ address }: { address: string }) =>
      `${address} is not an address to listen on. Give HOST:PORT, for example 192.168.1.10:4700.`,
    listenAddressOfAll: ({ address }: { address: string }) =>
      `Workers cannot connect to ${address}, which stands for every address of this machine. Give the one by which ` +
      'they reach it, for example 192.168.1.10:4700.',
  },
  {
    redisAddressInvalid: ({ address }) =>
      `${address} 不是 Redis 服务器地址。请使用 redis://主机:端口 或 rediss://主机:端口，其他数据库在末尾加 /编号。` +
      '密码请放在环境变量 PIXELSAIL_REDIS_PASSWORD 中。',
    redisUnreachable: ({ address, reason }) =>
      `位于 ${address} 的 Redis 服务器没有响应（${reason}）。请检查地址、PIXELSAIL_REDIS_PASSWORD 中的密码和网络。`,
    workInvalid: ({ problem }) =>
      `队列中有此版本无法读取的任务：${problem}。请在所有机器上使用同一版本。`,
    remotePhotoMissing: ({ name, reason }) =>
      `工作进程无法取得照片 ${name}（${reason}）。请用 --photos 共享其文件夹，或让标注命令用 --listen 提供照片。`,
    remotePhotoDiffers: ({ name }) =>
      `工作进程取得的照片 ${name} 与所询问的照片不同：两者的 sha256 不一致。`,
    remoteModelMissing: ({ id, reason }) =>
      `工作进程无法取得模型 ${id}（${reason}）。请在该机器上安装模型，或让标注命令用 --listen 提供模型。`,
    remoteModelDiffers: ({ id }) =>
      `工作进程收到的模型 ${id} 与所要求的模型不同：两者的哈希不一致。`,
    remoteModelServed: ({ id }) =>
      `工作进程收到的模型 ${id} 由服务器运行。工作进程不会替他人向这类服务器提问；请在该机器上安装模型。`,
    workLost: ({ name, attempts, reason }) => `${name} 在 ${attempts} 次尝试后被放弃：${reason}`,
    listenAddressInvalid: ({ address }) =>
      `${address} 不是可监听的地址。请使用 主机:端口，例如 192.168.1.10:4700。`,
    listenAddressOfAll: ({ address }) =>
      `工作进程无法连接到 ${address}：它表示本机的所有地址。请给出工作进程可访问的那个地址，例如 192.168.1.10:4700。`,
  },
);

export const remoteFailure = failuresOf(remoteSentences);
