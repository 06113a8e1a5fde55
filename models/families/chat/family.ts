import type { Family } from '../../family.ts';
import { chatManifestSchema, type ChatManifest } from './manifest.ts';

/** Vision-language models behind a server of the OpenAI chat API: vLLM, Ollama, LM Studio. */
export const chat: Family<ChatManifest> = {
  id: 'chat',
  manifest: chatManifestSchema,
  tasks: ['describe', 'ask'],
  graphRoles: [],
  server: {
    addressOf: ({ config }) => config.url,
    describe: ({ url }, model) => ({ url, model }),
  },
  runtime: async () => (await import('./runtime.ts')).chatRuntime,
};
