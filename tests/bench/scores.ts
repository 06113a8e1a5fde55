import { encodeRle } from '../../core/geometry/rle.ts';
import { rasterizeBox } from '../../core/geometry/raster.ts';
import { synsetsOf } from '../../core/scores/meteor15/synsets.ts';
import { scoreAnswers } from '../../core/scores/score-answers.ts';
import type { ScoredAnswer, ScoredItem, Truth } from '../../core/scores/scored-item.ts';
import { scoreTask, scoreTaskIds, type ScoreTaskId } from '../../core/scores/tasks/registry.ts';
import { findWordnet } from '../../app/features/scores/wordnet-files.ts';
import { seededRandom } from '../../core/seeded-random.ts';
import { milliseconds, type BenchRow } from './statistics.ts';

const itemCount = 5000;
const [width, height] = [640, 480];

const words =
  'a small brown dog with curly fur lies on the wooden floor beside an old red chair near a window'.split(
    ' ',
  );

/** Times the scoring of 5,000 items of each task, beside whatever a model takes to answer them. */
export async function benchScores(): Promise<BenchRow[]> {
  const synonyms = (await findWordnet(null))?.wordnet ?? null;
  const meteor = { synsets: synonyms && synsetsOf(synonyms), paraphrases: null };
  const rows: BenchRow[] = [];
  for (const id of scoreTaskIds) {
    const { items, answers } = made(id);
    const before = process.cpuUsage();
    const wall = await milliseconds(() =>
      scoreAnswers(scoreTask(id), items, answers, { synonyms, meteor }),
    );
    const { user, system } = process.cpuUsage(before);
    rows.push({
      name: `score ${itemCount} items: ${id}`,
      value: (user + system) / 1e6,
      unit: 's',
      baseline: `processor time; ${(wall / 1000).toFixed(2)} s by the clock`,
    });
  }
  return rows;
}

function made(id: ScoreTaskId): { items: ScoredItem[]; answers: Map<string, ScoredAnswer> } {
  const random = seededRandom(7);
  const whole = (below: number) => Math.floor(random() * below);
  const text = () => Array.from({ length: 20 }, () => words[whole(words.length)]!).join(' ');
  const box = (): [number, number, number, number] => {
    const [wide, high] = [20 + whole(200), 20 + whole(200)];
    return [whole(width - wide), whole(height - high), wide, high];
  };
  const mask = () => encodeRle(rasterizeBox(box(), width, height));
  const region = () =>
    id === 'detection'
      ? { kind: 'box' as const, box: box() }
      : { kind: 'mask' as const, rle: mask() };
  const object = () => ({ category: words[whole(8)]!, region: region(), area: 5000 });
  const truthOf: Readonly<Record<Truth['kind'], () => Truth>> = {
    text: () => ({ kind: 'text', references: [text()] }),
    choice: () => ({
      ...{ kind: 'choice', question: text(), choices: ['dog', 'cat', 'chair'], answer: 'cat' },
    }),
    masks: () => ({ kind: 'masks', text: text(), targets: [mask()] }),
    objects: () => ({
      kind: 'objects',
      objects: Array.from({ length: 5 }, () => ({ ...object(), crowd: false })),
    }),
  };
  const { truth } = scoreTask(id);
  const items = Array.from({ length: itemCount }, (_, index): ScoredItem => ({
    ...{ id: String(index), image: `${index}.jpg`, width, height },
    prompts: [mask()],
    truth: truthOf[truth](),
  }));
  const answers = items.map((item): [string, ScoredAnswer] => [
    item.id,
    {
      ...{ text: text(), choice: null },
      masks: truth === 'masks' ? [mask()] : [],
      detections:
        truth === 'objects'
          ? Array.from({ length: 5 }, () => ({ ...object(), score: random() }))
          : [],
    },
  ]);
  return { items, answers: new Map(answers) };
}
