import { failuresOf } from '../../../../core/errors.ts';
import { sentenceSet } from '../../../../core/sentence-set.ts';

interface MissingTensor {
  readonly tensor: string;
  readonly shape: readonly number[];
  readonly layers: number;
  readonly hiddenSize: number;
  /** It may be absent where it shares the embedding table. */
  readonly mayBeTied: boolean;
}

interface MisshapenTensor {
  readonly tensor: string;
  readonly expected: readonly number[];
  readonly found: readonly number[];
  /** The size of the vocabulary, where the shape depends on it. */
  readonly vocabulary: number | null;
}

/** Checkpoints that do not fit their config.json. */
export const convertSentences = sentenceSet(
  {
    checkpointWithout: ({ directory, file }: { directory: string; file: string }) =>
      `The file ${file} of the checkpoint is missing in ${directory}.`,
    tensorMissing: ({ tensor, shape, layers, hiddenSize, mayBeTied }: MissingTensor) =>
      `The checkpoint lacks the tensor ${tensor} of shape [${shape.join(', ')}], which a network of ` +
      `${layers} layers and hidden size ${hiddenSize} needs.` +
      (mayBeTied
        ? ' If it shares the embedding table, set tie_word_embeddings in config.json.'
        : ''),
    tensorShape: ({ tensor, expected, found, vocabulary }: MisshapenTensor) =>
      `The tensor ${tensor} has the wrong shape: expected [${expected.join(', ')}] by config.json, ` +
      `found [${found.join(', ')}].` +
      (vocabulary === null ? '' : ` vocab_size in config.json is ${vocabulary}.`),
    tensorsUnplaced: ({ count, first }: { count: number; first: readonly string[] }) =>
      `The checkpoint has ${count} tensors that do not belong to the network of config.json: ${first.join(', ')}. ` +
      'Correct the sizes in config.json, or remove these tensors from the checkpoint.',
  },
  {
    checkpointWithout: ({ directory, file }) => `${directory} 中缺少检查点的文件 ${file}。`,
    tensorMissing: ({ tensor, shape, layers, hiddenSize, mayBeTied }) =>
      `检查点缺少形状为 [${shape.join(', ')}] 的张量 ${tensor}；${layers} 层、隐藏维度 ${hiddenSize} 的网络需要它。${mayBeTied ? '如果它与嵌入表共用，请在 config.json 中设置 tie_word_embeddings。' : ''}`,
    tensorShape: ({ tensor, expected, found, vocabulary }) =>
      `张量 ${tensor} 的形状不对：按 config.json 应为 [${expected.join(', ')}]，实为 [${found.join(', ')}]。${vocabulary === null ? '' : `config.json 中的 vocab_size 为 ${vocabulary}。`}`,
    tensorsUnplaced: ({ count, first }) =>
      `检查点有 ${count} 个张量不属于 config.json 所述的网络：${first.join('、')}。请更正 config.json 中的大小，或从检查点中移除这些张量。`,
  },
);

export const convertFailure = failuresOf(convertSentences);
