import { failuresOf } from '../../../core/errors.ts';
import { sentenceSet } from '../../../core/sentence-set.ts';

interface ServerOfProject {
  readonly project: string;
  /** Of the model. */
  readonly title: string;
  readonly origin: string;
  readonly isEncrypted: boolean;
}

/** Failures with installed models. */
export const modelListSentences = sentenceSet(
  {
    modelNotInstalled: ({ id, installed }: { id: string; installed: readonly string[] }) =>
      `No model "${id}" is installed. Installed are: ${installed.join(', ') || 'none'}.`,
    modelExists: ({ id }: { id: string }) =>
      `Your model folder already has a model "${id}". Delete it first, or give the new one another id.`,
    modelShipped: ({ id }: { id: string }) =>
      `"${id}" is the id of a model that is part of the application. Give the package another id.`,
    modelStays: ({ id }: { id: string }) =>
      `"${id}" is part of the application and cannot be deleted.`,
    modelInUse: ({ id }: { id: string }) => `"${id}" is loaded. Load another model first.`,
    serverUnconfirmed: ({ origin, isEncrypted }: { origin: string; isEncrypted: boolean }) =>
      `Photos and questions would leave this computer for ${origin}${isEncrypted ? '' : ', unencrypted'}. ` +
      'Confirm that: by --confirm on the command line, or by the tick in the dialog Models.',
    serverOfProject: ({ project, title, origin, isEncrypted }: ServerOfProject) =>
      `The project "${project}" has chosen the model "${title}", which gets photos at ${origin}${isEncrypted ? '' : ', unencrypted'}. ` +
      'Nothing was sent. Allow it for this project, or choose another model.',
    modelIsServed: ({ id }: { id: string }) =>
      `"${id}" is a model that a server runs. A folder of another person cannot allow that photos are sent there. ` +
      'Add the server by its address.',
    modelNotKept: () => 'The partial model was removed.',
  },
  {
    modelNotInstalled: ({ id, installed }) =>
      `没有安装模型“${id}”。已安装：${installed.join('、') || '无'}。`,
    modelExists: ({ id }) => `您的模型文件夹中已有模型“${id}”。请先删除它，或给新模型另取 ID。`,
    modelShipped: ({ id }) => `“${id}”是应用自带模型的 ID。请给模型包另取 ID。`,
    modelStays: ({ id }) => `“${id}”是应用自带的模型，不能删除。`,
    modelInUse: ({ id }) => `“${id}”已加载。请先加载其他模型。`,
    serverUnconfirmed: ({ origin, isEncrypted }) =>
      `照片和问题将离开本机，发送到 ${origin}${isEncrypted ? '' : '（未加密）'}。请确认：命令行使用 --confirm，或在“模型”对话框中勾选。`,
    serverOfProject: ({ project, title, origin, isEncrypted }) =>
      `项目“${project}”选用了模型“${title}”，照片会发送到 ${origin}${isEncrypted ? '' : '（未加密）'}。尚未发送任何内容。请允许本项目使用它，或另选模型。`,
    modelIsServed: ({ id }) =>
      `“${id}”由服务器运行。他人的文件夹不能允许将照片发送到那里。请按地址添加服务器。`,
    modelNotKept: () => '未完成的模型已移除。',
  },
);

export const modelListFailure = failuresOf(modelListSentences);
