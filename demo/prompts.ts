import type { RegionPrompt } from '../core/prompt.ts';
import type { Box, Point } from '../core/geometry/shapes.ts';

/** One thing that the demo asks about a photo, and the category that its masks are kept under. */
export interface DemoPrompt {
  readonly category: string;
  readonly region: RegionPrompt | null;
  /** Shown to people: the words, or what was pointed at. */
  readonly asked: string;
}

/** Fixed prompts for each photo of demo/photos, in pixels of the photo. */
export const demoPrompts: Readonly<Record<string, readonly DemoPrompt[]>> = {
  'airplane.jpg': [box('airplane', [190, 105, 765, 612]), text('airplane')],
  'astronaut.jpg': [box('person', [20, 5, 350, 505]), point('helmet', [400, 440]), text('person')],
  'boats.jpg': [box('boat', [445, 125, 305, 460]), box('boat', [0, 620, 720, 180])],
  'cat.jpg': [box('cat', [0, 0, 375, 300]), point('cat', [150, 60]), text('cat')],
  'coffee.jpg': [box('cup', [170, 15, 265, 295]), point('saucer', [130, 220])],
  'dahlia.jpg': [box('flower', [163, 85, 280, 278]), text('flower')],
  'pavilion.jpg': [box('building', [75, 25, 310, 400]), point('sky', [520, 80]), text('building')],
  'prairie-house.jpg': [box('house', [520, 215, 480, 270]), text('house')],
};

function box(category: string, at: Box): DemoPrompt {
  const region: RegionPrompt = { marks: [{ kind: 'box', box: at }] };
  return { category, region, asked: `box ${at.join(',')}` };
}

function point(category: string, at: Point): DemoPrompt {
  const region: RegionPrompt = { marks: [{ kind: 'point', at, positive: true }] };
  return { category, region, asked: `point ${at.join(',')}` };
}

function text(category: string): DemoPrompt {
  return { category, region: null, asked: `text “${category}”` };
}
