import { Tokenizer as HuggingFaceTokenizer } from '@huggingface/tokenizers';
import { z } from 'zod';
import { AppError } from '../../../../core/errors.ts';
import { readPlainText } from '../../../plain-file.ts';

const tokenizerJsonSchema = z.looseObject({
  model: z.looseObject({}),
  added_tokens: z.array(z.unknown()),
});

/** Text to token ids and back, as the `tokenizer.json` of a model package says. */
export class Tokenizer {
  readonly #tokenizer: HuggingFaceTokenizer;

  private constructor(content: object) {
    this.#tokenizer = new HuggingFaceTokenizer(content, { clean_up_tokenization_spaces: false });
  }

  /**
   * @throws AppError `package-invalid` when the file is missing or not a Hugging Face tokenizer.
   */
  static async read(path: string): Promise<Tokenizer> {
    try {
      return new Tokenizer(tokenizerJsonSchema.parse(JSON.parse(await readPlainText(path))));
    } catch (cause) {
      const reason = cause instanceof z.ZodError ? z.prettifyError(cause) : String(cause);
      throw new AppError(
        'package-invalid',
        `${path} must be a Hugging Face tokenizer.json, but ${reason}. Build or download the model package again.`,
        { path },
        { cause },
      );
    }
  }

  /** Special tokens written in the text become their ids; nothing is added. */
  encode(text: string): number[] {
    return this.#tokenizer.encode(text, { add_special_tokens: false }).ids;
  }

  /** Special tokens are written out; bytes that form no character (yet) become U+FFFD. */
  decode(ids: readonly number[]): string {
    return ids.length === 0 ? '' : this.#tokenizer.decode([...ids], { skip_special_tokens: false });
  }
}
