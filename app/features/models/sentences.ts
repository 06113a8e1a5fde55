import { failuresOf } from '../../../core/errors.ts';
import { sentenceSet } from '../../../core/sentence-set.ts';

/** What is said of the models that are installed. */
export const modelListSentences = sentenceSet(
  {
    modelNotInstalled: ({ id, installed }: { id: string; installed: readonly string[] }) =>
      `No model "${id}" is installed. Installed are: ${installed.join(', ') || 'none'}.`,
    modelExists: ({ id }: { id: string }) =>
      `A model "${id}" is among yours already. Delete it first, or give the new one another id.`,
    modelShipped: ({ id }: { id: string }) =>
      `"${id}" is the id of a model that came with the application; no other may take its place. Give the package another id.`,
    modelStays: ({ id }: { id: string }) =>
      `"${id}" came with the application and goes only with it.`,
    modelInUse: ({ id }: { id: string }) => `"${id}" is loaded. Load another model first.`,
    modelNotKept: () => 'Nothing of the model was kept.',
  },
  {
    modelNotInstalled: ({ id, installed }) =>
      `没有安装模型“${id}”。已安装：${installed.join('、') || '无'}。`,
    modelExists: ({ id }) => `您已有模型“${id}”。请先删除它，或给新模型另取 ID。`,
    modelShipped: ({ id }) => `“${id}”是应用自带模型的 ID，其他模型不能取代它。请给模型包另取 ID。`,
    modelStays: ({ id }) => `“${id}”随应用提供，只能随应用一起移除。`,
    modelInUse: ({ id }) => `“${id}”已加载。请先加载其他模型。`,
    modelNotKept: () => '没有保留模型的任何内容。',
  },
);

export const modelListFailure = failuresOf(modelListSentences);
