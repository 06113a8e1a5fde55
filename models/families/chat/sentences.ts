import { failuresOf } from '../../../core/errors.ts';
import { sentenceSet } from '../../../core/sentence-set.ts';

interface OfServer {
  /** Scheme, host and port. */
  readonly server: string;
}

interface Said extends OfServer {
  /** The server's own words, with the key blacked out; may be empty. */
  readonly said: string;
}

interface AskedModel extends Said {
  readonly model: string;
}

function quoted(said: string): string {
  return said === '' ? '' : ` It said: ${said}`;
}

function quotedChinese(said: string): string {
  return said === '' ? '' : `服务器的说明：${said}`;
}

/** Failures of servers that speak the chat API. */
export const chatSentences = sentenceSet(
  {
    chatUnreachable: ({ server, reason }: OfServer & { reason: string }) =>
      `The chat server ${server} cannot be reached (${reason}). Start it, or correct its address in the model.`,
    chatTimeout: ({ server, seconds }: OfServer & { seconds: number }) =>
      `The chat server ${server} sent nothing for ${seconds} seconds. Ask again, or use a smaller model on the server.`,
    chatCut: ({ server }: OfServer) =>
      `The chat server ${server} closed the connection in the middle of its answer. Nothing was kept. Ask again.`,
    chatRedirected: ({ server, status }: OfServer & { status: number }) =>
      `The chat server ${server} sends requests to another address (status ${status}), which was not allowed. ` +
      'Add the model again with the right address.',
    chatKeyRefused: ({
      server,
      status,
      said,
      variable,
    }: Said & { status: number; variable: string }) =>
      `The chat server ${server} did not accept the key (status ${status}).${quoted(said)} ` +
      `Set the right key in the variable ${variable} before the program starts.`,
    chatNotFound: ({ server, model, said }: AskedModel) =>
      `The chat server ${server} has no model "${model}", or no chat API at this address (status 404).${quoted(said)} ` +
      'Add the model again with the right name and address.',
    chatModelUnknown: ({
      server,
      model,
      known,
    }: OfServer & { model: string; known: readonly string[] }) =>
      `The chat server ${server} has no model "${model}". It has ${known.join(', ') || 'none'}. ` +
      'Load the model on the server, or give one of these names.',
    chatBusy: ({ server, said, seconds }: Said & { seconds: number | null }) =>
      `The chat server ${server} takes no more requests now (status 429).${quoted(said)} ` +
      (seconds === null ? 'Ask again later.' : `Ask again in ${seconds} seconds.`),
    chatServerFailed: ({ server, status, said }: Said & { status: number }) =>
      `The chat server ${server} failed (status ${status}).${quoted(said)} Look into its log, and ask again.`,
    chatRequestRefused: ({ server, model, status, said }: AskedModel & { status: number }) =>
      `The chat server ${server} did not accept the request (status ${status}).${quoted(said)} ` +
      `Check that its model "${model}" accepts images.`,
    chatMalformed: ({ server, found }: OfServer & { found: string }) =>
      `The chat server ${server} sent something that is no answer of the chat API: ${found}. ` +
      'Check the address; it usually ends in /v1.',
    chatRefused: ({ server, said }: Said) =>
      `The model on ${server} refused to answer.${quoted(said)} Ask in other words, or another model.`,
    chatEmpty: ({ server, model }: OfServer & { model: string }) =>
      `The model "${model}" on ${server} answered with nothing. Check that it accepts images, and ask again.`,
    chatTooLong: ({ server, most }: OfServer & { most: number }) =>
      `The answer of ${server} is longer than ${most} characters, more than an annotation takes. It was stopped. Ask for less.`,
    chatUnfinished: ({ server, most }: OfServer & { most: number }) =>
      `The model on ${server} did not come to an end within ${most} tokens. Ask for a shorter answer.`,
    chatNoMasks: ({ id }: { id: string }) =>
      `The model ${id} is behind a chat server and answers with words only. Ask another model for masks.`,
    chatManyChoices: ({ found, most }: { found: number; most: number }) =>
      `A question can have ${most} choices at most, found ${found}.`,
  },
  {
    chatUnreachable: ({ server, reason }) =>
      `无法连接聊天服务器 ${server}（${reason}）。请启动它，或更正模型中的地址。`,
    chatTimeout: ({ server, seconds }) =>
      `聊天服务器 ${server} 已有 ${seconds} 秒没有发送任何内容。请重试，或在服务器上使用更小的模型。`,
    chatCut: ({ server }) =>
      `聊天服务器 ${server} 在回答中途关闭了连接。没有保留任何内容。请重试。`,
    chatRedirected: ({ server, status }) =>
      `聊天服务器 ${server} 将请求转到了未经允许的其他地址（状态 ${status}）。请用正确的地址重新添加模型。`,
    chatKeyRefused: ({ server, status, said, variable }) =>
      `聊天服务器 ${server} 不接受该密钥（状态 ${status}）。${quotedChinese(said)}请在程序启动前用环境变量 ${variable} 设置正确的密钥。`,
    chatNotFound: ({ server, model, said }) =>
      `聊天服务器 ${server} 没有模型“${model}”，或此地址没有聊天接口（状态 404）。${quotedChinese(said)}请用正确的名称和地址重新添加模型。`,
    chatModelUnknown: ({ server, model, known }) =>
      `聊天服务器 ${server} 没有模型“${model}”。它有：${known.join('、') || '无'}。请在服务器上加载该模型，或改用其中之一。`,
    chatBusy: ({ server, said, seconds }) =>
      `聊天服务器 ${server} 暂时不接受更多请求（状态 429）。${quotedChinese(said)}${seconds === null ? '请稍后重试。' : `请在 ${seconds} 秒后重试。`}`,
    chatServerFailed: ({ server, status, said }) =>
      `聊天服务器 ${server} 出错（状态 ${status}）。${quotedChinese(said)}请查看其日志并重试。`,
    chatRequestRefused: ({ server, model, status, said }) =>
      `聊天服务器 ${server} 没有接受请求（状态 ${status}）。${quotedChinese(said)}请确认其模型“${model}”接受图像。`,
    chatMalformed: ({ server, found }) =>
      `聊天服务器 ${server} 发来的内容不是聊天接口的回答：${found}。请检查地址，它通常以 /v1 结尾。`,
    chatRefused: ({ server, said }) =>
      `${server} 上的模型拒绝回答。${quotedChinese(said)}请换一种说法，或换用其他模型。`,
    chatEmpty: ({ server, model }) =>
      `${server} 上的模型“${model}”给出了空回答。请确认它接受图像，然后重试。`,
    chatTooLong: ({ server, most }) =>
      `${server} 的回答超过 ${most} 个字符，超出标注的需要，已停止。请缩小问题范围。`,
    chatUnfinished: ({ server, most }) =>
      `${server} 上的模型在 ${most} 个词元内没有答完。请要求更短的回答。`,
    chatNoMasks: ({ id }) => `模型 ${id} 位于聊天服务器上，只能回答文字。请向其他模型请求掩码。`,
    chatManyChoices: ({ found, most }) => `一个问题最多有 ${most} 个选项，而这里有 ${found} 个。`,
  },
);

export const chatFailure = failuresOf(chatSentences);
