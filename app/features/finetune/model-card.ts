import { scoredPrompts } from '../../../core/training.ts';
import type { PixelSailManifest } from '../../../models/families/pixel-sail/manifest.ts';
import type { HeldOutScores } from '../../api/contract/jobs.ts';
import type { LabelledImages } from './labelled-images.ts';

export interface CardFacts {
  readonly title: string;
  readonly project: string;
  readonly base: PixelSailManifest;
  readonly labelled: LabelledImages;
  readonly minutes: number;
  readonly samples: number;
  readonly before: HeldOutScores;
  readonly after: HeldOutScores;
}

/**
 * `README.md` of a fine-tuned package: where it comes from, how good it is, and what its numbers
 * do not say.
 */
export function modelCard(facts: CardFacts): string {
  const { title, project, base, labelled, minutes, samples, before, after } = facts;
  const score = (value: number) => value.toFixed(3);
  return `# ${title}

Fine-tuned with Pixel-SAIL Studio (\`pixelsail finetune\`) from ${base.title} (${base.id} ${base.version}).

- Project: ${project}; ${labelled.training} images to learn from, ${labelled.heldOut} held out, ${labelled.annotations} masks in all.
- Training: ${minutes.toFixed(1)} minutes, ${samples} samples.
- Licence: that of the model it started from (${base.license}), and the licences of the photos.

## Held-out images

| prompt | mIoU before | mIoU after | cIoU before | cIoU after | objects |
|---|---:|---:|---:|---:|---:|
${scoredPrompts
  .map((prompt) => {
    const [old, new_] = [before[prompt], after[prompt]];
    return `| ${prompt} | ${score(old.miou)} | ${score(new_.miou)} | ${score(old.ciou)} | ${score(new_.ciou)} | ${new_.count} |`;
  })
  .join('\n')}

The held-out images come from the same project as the others, so these numbers are kind. What the model knew about other
kinds of photos may have been lost in part: measure it with \`pixelsail eval\` before you use it for them.
`;
}
