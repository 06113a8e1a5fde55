import { failuresOf } from '../../core/errors.ts';
import { sentenceSet } from '../../core/sentence-set.ts';

interface TruncatedCheckpoint {
  readonly path: string;
  /** In bytes, as `found`. */
  readonly expected: number;
  readonly found: number;
  /** The tensor that needs them; null for the file's header. */
  readonly tensor: string | null;
}

/** Failures to read an ONNX graph or a checkpoint. */
export const onnxSentences = sentenceSet(
  {
    packageFileTooLarge: ({
      path,
      bytes,
      maximumBytes,
    }: {
      path: string;
      bytes: number;
      maximumBytes: number;
    }) =>
      `${path} has ${bytes} bytes; the maximum for such a file is ${maximumBytes}. Get the model from another source.`,
    packageGraphUnreadable: ({ path, reason }: { path: string; reason: string }) =>
      `${path} is not a valid ONNX graph: ${reason}. Get the model from another source.`,
    checkpointFileOutside: ({ path }: { path: string }) =>
      `${path} leads outside the folder of the checkpoint. Put the file itself into the folder.`,
    checkpointFileNotPlain: ({ path }: { path: string }) =>
      `${path} is not a regular file. Put the file itself into the folder of the checkpoint.`,
    checkpointFileMissing: ({ path }: { path: string }) =>
      `The file ${path} of the checkpoint cannot be read.`,
    checkpointTruncated: ({ path, expected, found, tensor }: TruncatedCheckpoint) =>
      `${path} is truncated: expected at least ${expected} bytes` +
      `${tensor === null ? '' : ` for the tensor ${tensor}`}, found ${found}. Copy or download it again.`,
    tensorType: ({ tensor, type }: { tensor: string; type: string }) =>
      `The tensor ${tensor} is stored as ${type}; expected F32, F16 or BF16. Save the checkpoint in one of these.`,
    tensorNotFinite: ({
      tensor,
      value,
      element,
    }: {
      tensor: string;
      value: string;
      element: number;
    }) =>
      `The tensor ${tensor} holds ${value} at element ${element}; expected finite numbers. ` +
      'The checkpoint is damaged or its training diverged.',
    selfTestNotFinite: () =>
      "The model's self-test gave values that are not finite numbers: its weights are damaged, or their training " +
      'diverged. Get the model elsewhere, or convert its checkpoint again.',
    tensorTooLarge: ({ tensor, value }: { tensor: string; value: number }) =>
      `The tensor ${tensor} holds ${value}, which float16 cannot store. Convert with precision fp32.`,
  },
  {
    packageFileTooLarge: ({ path, bytes, maximumBytes }) =>
      `${path} 有 ${bytes} 字节；这类文件最多读取 ${maximumBytes} 字节。请另寻来源获取该模型。`,
    packageGraphUnreadable: ({ path, reason }) =>
      `${path} 不是有效的 ONNX 计算图：${reason}。请另寻来源获取该模型。`,
    checkpointFileOutside: ({ path }) => `${path} 指向检查点文件夹之外。请把文件本身放入该文件夹。`,
    checkpointFileNotPlain: ({ path }) => `${path} 不是普通文件。请把文件本身放入检查点文件夹。`,
    checkpointFileMissing: ({ path }) => `无法读取检查点的文件 ${path}。`,
    checkpointTruncated: ({ path, expected, found, tensor }) =>
      `${path} 被截断：${tensor === null ? '' : `张量 ${tensor} `}至少需要 ${expected} 字节，实为 ${found} 字节。请重新复制或下载。`,
    tensorType: ({ tensor, type }) =>
      `张量 ${tensor} 以 ${type} 存储；应为 F32、F16 或 BF16。请以其中一种格式保存检查点。`,
    tensorNotFinite: ({ tensor, value, element }) =>
      `张量 ${tensor} 的第 ${element} 个元素为 ${value}；应为有限数。检查点已损坏，或训练已发散。`,
    selfTestNotFinite: () =>
      '模型自检得出的值不是有限数：权重已损坏，或训练已发散。请另寻来源获取该模型，或重新转换其检查点。',
    tensorTooLarge: ({ tensor, value }) =>
      `张量 ${tensor} 含有 ${value}，float16 无法存储。请用 fp32 精度转换。`,
  },
);

export const onnxFailure = failuresOf(onnxSentences);
