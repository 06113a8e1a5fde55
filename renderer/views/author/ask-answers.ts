import type { HostBridge } from '../../../app/api/contract.ts';
import { newId } from '../../../core/ids.ts';
import type { Annotation } from '../../../core/records.ts';
import { markOf } from '../../editor/region-mark.ts';

/**
 * What the model answers to a question about each of some regions of an image: what it says of
 * others could be taken for the answer. @throws AppError where the model cannot be asked.
 */
export async function askAnswers(
  bridge: HostBridge,
  annotations: readonly Annotation[],
  question: string,
): Promise<string[]> {
  const answers: string[] = [];
  for (const annotation of annotations) {
    const { answers: given } = await bridge.call('prompt.ask', {
      requestId: newId(),
      imageId: annotation.imageId,
      request: { task: 'ask', question, choices: [], regions: [{ marks: [markOf(annotation)] }] },
    });
    answers.push(...given.map(({ text }) => text.trim()));
  }
  return answers.filter((answer) => answer !== '');
}
