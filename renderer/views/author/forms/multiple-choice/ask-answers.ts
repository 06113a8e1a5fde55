import type { HostBridge } from '../../../../../app/api/contract.ts';
import { newId } from '../../../../../core/ids.ts';
import type { Annotation } from '../../../../../core/records.ts';
import { markOf } from '../../../../editor/region-mark.ts';

/**
 * The answers of the model to a question for several regions of an image; answers for other regions
 * are candidates for distractors. @throws AppError where the model cannot be asked.
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
