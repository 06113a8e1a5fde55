import { z } from 'zod';
import { parseServerAddress } from '../../../core/server-address.ts';

/** A server that speaks the chat completions API of OpenAI, and how it is asked. */
export const chatConfigSchema = z.object({
  /** Its address up to and with the version, for instance `http://127.0.0.1:11434/v1`. */
  url: z.string().refine((url) => parseServerAddress(url)?.url === url, {
    error: 'expected http://HOST:PORT/v1 or https://HOST/v1 without user, password and query',
  }),
  /** The server's own name of the model. */
  model: z.string().min(1).max(200),
  /** Of a photo as it is sent, in pixels; larger ones are made smaller. */
  longestSide: z.number().int().min(64).max(8192).default(1024),
  mostTokens: z.number().int().min(1).max(65_536).default(1024),
  /** Without a word from the server, after which it counts as gone. */
  timeoutSeconds: z.number().min(0.05).max(3600).default(120),
});
export type ChatConfig = z.output<typeof chatConfigSchema>;
