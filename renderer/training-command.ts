/**
 * The command that trains a model on with a project's labels, to be typed in a checkout of the
 * sources; see docs/train-your-own.md.
 * @param file of the project, an absolute path
 * @param modelId the model to start from; null takes the command's own default
 */
export function trainingCommand(file: string, modelId: string | null): string {
  const model = modelId ? ` --model ${quoted(modelId)}` : '';
  return `./pixelsail finetune ${quoted(file)}${model}`;
}

/**
 * One word for a shell: POSIX where paths begin with a slash, else that of Windows, where no name
 * holds a quote.
 */
function quoted(word: string): string {
  if (/^[\w./-]+$/.test(word)) return word;
  return /^[A-Za-z]:|^\\\\/.test(word) ? `"${word}"` : `'${word.replaceAll("'", `'\\''`)}'`;
}
