import { isLabelled, keypointsBox } from '../../project/keypoints.ts';
import type { Keypoint, Skeleton } from '../../records.ts';
import type { AnnotationRow } from '../dataset-row.ts';
import { describe } from '../describe.ts';
import { regionProblem } from '../region-sentences.ts';
import type { XmlNode, XmlWriter } from '../xml.ts';

/**
 * The skeleton of a label: CVAT numbers its nodes in a drawing and names them there or, where the
 * drawing says nothing, in the order of the labels under it.
 */
export function skeletonOfLabel(svg: string, sublabels: readonly string[]): Skeleton | null {
  const nodes = [...svg.matchAll(/<circle\b[^>]*>/g)].flatMap(([circle]) => {
    const [id, name] = [
      attributeOf(circle, 'data-node-id'),
      attributeOf(circle, 'data-label-name'),
    ];
    return id === null || name === null ? [] : [{ id, name }];
  });
  const isDrawn = nodes.length > 0 && nodes.every(({ name }) => name !== '');
  const keypoints = isDrawn ? nodes.map(({ name }) => name) : [...sublabels];
  if (keypoints.length === 0) return null;
  const indexOf = new Map(nodes.map(({ id }, index) => [id, index]));
  const edges = [...svg.matchAll(/<line\b[^>]*>/g)].flatMap(([line]): [number, number][] => {
    const from = indexOf.get(attributeOf(line, 'data-node-from') ?? '');
    const to = indexOf.get(attributeOf(line, 'data-node-to') ?? '');
    return from === undefined || to === undefined || !isDrawn ? [] : [[from, to]];
  });
  return { keypoints, edges };
}

function attributeOf(element: string, name: string): string | null {
  return new RegExp(`\\b${name}="([^"]*)"`).exec(element)?.[1] ?? null;
}

/**
 * The keypoints of a `<skeleton>` in the order of its label's skeleton, and the box around them.
 * @throws AppError `invalid-input` whose message is a clause.
 */
export function readSkeleton(
  { children }: XmlNode,
  { keypoints }: Skeleton,
): Required<Pick<AnnotationRow, 'shape' | 'keypoints'>> {
  const points = children.filter(({ element }) => element === 'points');
  const read = keypoints.map((name): Keypoint => {
    const { attributes } = points.find((each) => each.attributes['label'] === name) ?? {};
    if (!attributes || attributes['outside'] === '1') return [0, 0, 0];
    const [x, y, ...more] = (attributes['points'] ?? '').split(/[,;]/).map(Number);
    if (more.length > 0 || !Number.isFinite(x) || !Number.isFinite(y)) {
      const found = describe(attributes['points']);
      throw regionProblem('regionRowWrong', { key: 'points', expected: '"x,y"', found });
    }
    return [x!, y!, attributes['occluded'] === '1' ? 1 : 2];
  });
  const box = keypointsBox(read);
  if (box === null) {
    const parts = { key: 'points', expected: 'a keypoint inside', found: describe(null) };
    throw regionProblem('regionRowWrong', parts);
  }
  return { shape: { kind: 'box', box }, keypoints: read };
}

/** The `<points>` of a `<skeleton>`. */
export function writeKeypoints(
  keypoints: readonly Keypoint[],
  names: readonly string[],
  xml: XmlWriter,
): string {
  const points = keypoints.map((point, index) => {
    const [x, y, visibility] = point;
    const start = xml.start('points', {
      label: names[index]!,
      source: 'manual',
      outside: isLabelled(point) ? 0 : 1,
      occluded: visibility === 1 ? 1 : 0,
      points: `${x},${y}`,
    });
    return `${start}>\n</points>\n`;
  });
  return points.join('');
}

/** CVAT's drawing of a skeleton: its nodes on a circle, in percents of its sides. */
export function skeletonDrawing({ keypoints, edges }: Skeleton, xml: XmlWriter): string {
  const at = keypoints.map((_, index) => {
    const angle = (2 * Math.PI * index) / keypoints.length;
    return [50 + 40 * Math.sin(angle), 50 - 40 * Math.cos(angle)].map((value) => value.toFixed(3));
  });
  const lines = edges.map(([from, to]) => {
    const [[x1, y1], [x2, y2]] = [at[from]!, at[to]!];
    return xml.start('line', {
      ...{ x1: x1!, y1: y1!, x2: x2!, y2: y2!, stroke: 'black', 'data-type': 'edge' },
      ...{ 'data-node-from': from + 1, 'data-node-to': to + 1, 'stroke-width': 0.5 },
    });
  });
  const circles = keypoints.map((name, index) =>
    xml.start('circle', {
      ...{ r: 1.5, stroke: 'black', fill: '#b3b3b3', cx: at[index]![0]!, cy: at[index]![1]! },
      ...{ 'stroke-width': 0.1, 'data-type': 'element node', 'data-element-id': index + 1 },
      ...{ 'data-node-id': index + 1, 'data-label-name': name },
    }),
  );
  return [...lines, ...circles].map((start) => `${start}/>`).join('');
}
