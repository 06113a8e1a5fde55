import { datasetFailure } from '../../core/formats/sentences.ts';

/**
 * The text of bytes, without byte order mark. Text is UTF-8; Notepad and PowerShell write UTF-16,
 * which is known by its mark or by the zero beside the first character. Anything else would read
 * as replacement characters.
 * @throws AppError `dataset-invalid`.
 */
export async function* decodeText(
  chunks: AsyncIterable<Uint8Array>,
  file: string,
): AsyncGenerator<string> {
  let decoder: TextDecoder | null = null;
  try {
    for await (const chunk of chunks) {
      decoder ??= new TextDecoder(encodingOf(chunk), { fatal: true });
      yield decoder.decode(chunk, { stream: true });
    }
    if (decoder) yield decoder.decode();
  } catch (thrown) {
    if (!(thrown instanceof TypeError)) throw thrown;
    throw datasetFailure('dataset-invalid', 'datasetNotUtf8', { file }, thrown);
  }
}

/** {@link decodeText} of all bytes. @throws AppError likewise. */
export function decodeWhole(bytes: Uint8Array, file: string): string {
  try {
    return decoderOf(encodingOf(bytes)).decode(bytes);
  } catch (thrown) {
    if (!(thrown instanceof TypeError)) throw thrown;
    throw datasetFailure('dataset-invalid', 'datasetNotUtf8', { file }, thrown);
  }
}

/** Used again for each text, as one that is not streamed may be. */
const decoders = new Map<string, TextDecoder>();

function decoderOf(encoding: string): TextDecoder {
  const decoder = decoders.get(encoding) ?? new TextDecoder(encoding, { fatal: true });
  decoders.set(encoding, decoder);
  return decoder;
}

function encodingOf(start: Uint8Array): string {
  const [first, second] = start;
  if ((first === 0xff && second === 0xfe) || (first !== 0 && second === 0)) return 'utf-16le';
  if ((first === 0xfe && second === 0xff) || (first === 0 && second !== 0)) return 'utf-16be';
  return 'utf-8';
}
