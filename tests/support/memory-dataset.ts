import type { DatasetFiles, DatasetOutput } from '../../core/formats/dataset-files.ts';
import { datasetFailure } from '../../core/formats/sentences.ts';
import { fileFailure } from '../../app/files/sentences.ts';

const encoder = new TextEncoder();

function toBytes(content: string | Uint8Array): Uint8Array {
  return typeof content === 'string' ? encoder.encode(content) : content;
}

/** The files of a dataset in memory; what is not UTF-8 is refused as on the disk. */
export function memoryFiles(
  name: string,
  files: Record<string, string | Uint8Array>,
): DatasetFiles {
  const bytesOf = (path: string): Uint8Array => {
    const content = files[path];
    if (content === undefined) {
      throw fileFailure('not-found', 'fileFailed', { action: 'read', path, reason: 'missing' });
    }
    return toBytes(content);
  };
  const textOf = (path: string): string => {
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(bytesOf(path));
    } catch (thrown) {
      if (thrown instanceof TypeError) {
        throw datasetFailure('dataset-invalid', 'datasetNotUtf8', { file: path });
      }
      throw thrown;
    }
  };
  return {
    name,
    given: null,
    list: async () => Object.keys(files).sort(),
    text: async (path) => textOf(path),
    async *chunks(path) {
      const text = textOf(path);
      const half = Math.floor(text.length / 2);
      yield text.slice(0, half);
      yield text.slice(half);
    },
    bytes: async (path) => bytesOf(path),
    async *byteChunks(path) {
      yield bytesOf(path);
    },
    start: async (path) => bytesOf(path).subarray(0, 65536),
  };
}

/** The output of an exporter in memory; a photo is written as the id of its image. */
export function memoryOutput(): DatasetOutput & {
  readonly files: Map<string, string | Uint8Array>;
} {
  const files = new Map<string, string | Uint8Array>();
  const put = (path: string, content: string | Uint8Array): void => {
    const isConfined = path
      .split('/')
      .every((piece) => piece !== '' && piece !== '.' && piece !== '..');
    if (!isConfined || files.has(path)) throw new Error(`${path} is taken or not confined`);
    files.set(path, content);
  };
  return {
    files,
    write: async (path, content) => put(path, content),
    async stream(path, pieces) {
      const parts: Uint8Array[] = [];
      for await (const piece of pieces) parts.push(toBytes(piece));
      put(path, new Uint8Array(Buffer.concat(parts)));
    },
    photo: async (path, imageId) => put(path, imageId),
    crop: async (path, imageId, { box }) => put(path, `${imageId} ${box.join(' ')}`),
  };
}
