import { join } from 'node:path';
import { toErrorEnvelope } from '../../../core/errors.ts';
import { modelRequestSchema } from '../../../core/prompt.ts';
import { convertCheckpoint } from '../../../models/families/pixel-sail/convert/convert.ts';
import { loadModel } from '../../../models/load-model.ts';
import { tinyCheckpoint } from '../../integration/cli/workplace.ts';
import { refused, type Family } from '../family.ts';
import type { Mutator } from '../mutator.ts';

const point = { kind: 'point', at: [20, 20], positive: true } as const;
const box = { kind: 'box', box: [10, 8, 30, 30] } as const;
const requests = [
  { task: 'segment', text: null, regions: [{ marks: [point, { ...point, positive: false }] }] },
  { task: 'segment', text: null, regions: [{ marks: [box] }], crop: [0, 0, 40, 40] },
  { task: 'segment', text: 'the grey square', regions: [] },
  { task: 'describe', regions: [{ marks: [box] }] },
  {
    task: 'ask',
    question: 'What is <Prompt0>?',
    choices: ['cat', 'dog'],
    regions: [{ marks: [box] }],
  },
  { task: 'everything', pointsPerSide: 2, regions: [] },
  {
    task: 'segment',
    text: null,
    regions: [
      {
        marks: [
          {
            kind: 'scribble',
            points: [
              [5, 5],
              [30, 30],
            ],
            width: 4,
            positive: true,
          },
        ],
      },
    ],
  },
  {
    task: 'segment',
    text: null,
    regions: [{ marks: [{ kind: 'mask', rle: { size: [48, 64], counts: 'T3:V1:VN' } }] }],
  },
  {
    task: 'segment',
    text: null,
    regions: [
      { marks: [{ kind: 'polygon', parts: [{ outer: [4, 4, 30, 4, 30, 30], holes: [] }] }] },
    ],
  },
];

/**
 * Mostly other numbers and texts in their places, so that the model is asked; else anything
 * anywhere.
 */
function damaged(mutator: Mutator): unknown {
  const request = mutator.pick(requests);
  if (mutator.chance(0.3)) return mutator.damagedJson(request, 1);
  return JSON.parse(JSON.stringify(request), (key, value: unknown) => {
    if (!mutator.chance(0.25)) return value;
    if (typeof value === 'number') {
      return mutator.chance(0.7) ? mutator.below(4000) / 50 - 8 : mutator.number();
    }
    return ['text', 'question', 'counts'].includes(key) && value !== null ? mutator.text() : value;
  });
}

/** Prompts with damaged marks and texts, asked of a tiny model with random weights. */
export const prompts: Family = {
  name: 'prompts',
  weight: 8,
  async prepare(shared) {
    const directory = join(shared, 'tiny');
    await convertCheckpoint(tinyCheckpoint, directory, {
      precision: 'fp32',
      id: 'tiny',
      title: 'Tiny',
    });
    const model = await loadModel(directory, { device: 'cpu', threads: 1 });
    const pixels = new Uint8Array(64 * 48 * 3).fill(90);
    const image = { key: 'grey', width: 64, height: 48, pixels };
    return async (mutator) => {
      const parsed = modelRequestSchema.safeParse(damaged(mutator));
      if (!parsed.success) return { ended: 'refused', code: 'invalid-input' };
      try {
        let tokens = 0;
        for await (const event of model.answer(image, parsed.data)) {
          if (event.kind === 'token' && ++tokens > 60) break;
        }
        return { ended: 'accepted' };
      } catch (thrown) {
        return refused(toErrorEnvelope(thrown));
      }
    };
  },
};
