import { expect, vi } from 'vitest';
import type { Box } from '../../core/geometry/shapes.ts';
import { newId } from '../../core/ids.ts';
import { geometryArea, geometryBox } from '../../core/geometry/region.ts';
import type {
  Annotation,
  Category,
  Geometry,
  ImageRecord,
  ProjectRecord,
} from '../../core/records.ts';
import { Editor } from '../../renderer/editor/editor.svelte.ts';
import type { Remedy } from '../../renderer/editor/remedy.ts';
import { failureText } from '../../renderer/i18n/failure-text.ts';
import type { ToolId } from '../../renderer/editor/tools/registry.ts';
import type { ToolPointer } from '../../renderer/editor/tools/tool.ts';
import { answerWithBoxes, FakeBridge } from './fake-bridge.ts';

type Modifiers = Partial<Pick<ToolPointer, 'button' | 'shift' | 'alt' | 'ctrl' | 'screenPixel'>>;

/** An editor without a window: pointer events in image coordinates, keys by what they do. */
export class TestEditor {
  readonly bridge: FakeBridge;
  readonly editor: Editor;
  readonly failures: string[] = [];
  /** The help that was offered with the last failure. */
  remedy: Remedy | null = null;
  #at: readonly [number, number] = [0, 0];

  private constructor(records: readonly ProjectRecord[]) {
    this.bridge = new FakeBridge(records);
    this.editor = new Editor(this.bridge, this.bridge.summary, {
      failure: (message, remedy) => {
        this.failures.push(message);
        this.remedy = remedy ?? null;
      },
      thrown: (thrown) => this.failures.push(failureText(thrown)),
    });
  }

  static async open(...records: ProjectRecord[]): Promise<TestEditor> {
    const test = new TestEditor(records.length > 0 ? records : [makeImage()]);
    await test.editor.settings.load();
    await test.editor.reload();
    return test;
  }

  tool(id: ToolId): this {
    this.editor.useTool(id);
    return this;
  }

  down(x: number, y: number, modifiers: Modifiers = {}): this {
    this.#at = [x, y];
    this.editor.machine.pointerDown(this.#pointer(modifiers));
    return this;
  }

  move(x: number, y: number, modifiers: Modifiers = {}): this {
    this.#at = [x, y];
    this.editor.machine.pointerMove(this.#pointer(modifiers));
    return this;
  }

  up(modifiers: Modifiers = {}): this {
    this.editor.machine.pointerUp(this.#pointer(modifiers));
    return this;
  }

  click(x: number, y: number, modifiers: Modifiers = {}): this {
    return this.down(x, y, modifiers).up(modifiers);
  }

  drag(from: readonly [number, number], to: readonly [number, number], modifiers: Modifiers = {}) {
    return this.down(from[0], from[1], modifiers).move(to[0], to[1], modifiers).up(modifiers);
  }

  /** Enter. */
  finish(): this {
    this.editor.finish();
    return this;
  }

  expectState(path: string): this {
    expect(this.editor.machine.path).toBe(path);
    return this;
  }

  /** The marks of the question that waits longest. */
  get askedMarks() {
    const request = this.bridge.waiting[0]?.input.request;
    return request?.regions[0]?.marks ?? [];
  }

  /** Lets the model answer the question that waits longest with one mask for each box. */
  async answer(...boxes: Box[]): Promise<this> {
    const waiting = this.bridge.waiting.shift();
    if (!waiting) throw new Error('Nothing was asked.');
    const image = this.bridge.records.get(waiting.input.imageId) as ImageRecord;
    waiting.answer(answerWithBoxes(image, ...boxes));
    await settle();
    return this;
  }

  /** Waits until every change is acknowledged. */
  async saved(): Promise<this> {
    await vi.waitFor(() => expect(this.editor.document.saves.state.kind).not.toBe('saving'));
    return this;
  }

  #pointer(modifiers: Modifiers): ToolPointer {
    const [x, y] = this.#at;
    return {
      at: [x, y],
      button: 'left',
      shift: false,
      alt: false,
      ctrl: false,
      screenPixel: 1,
      ...modifiers,
    };
  }
}

/** Lets everything that is ready to go on do so. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}

export function makeImage(values: Partial<ImageRecord> = {}): ImageRecord {
  const id = newId();
  return {
    kind: 'image',
    id,
    folderId: 'folder',
    path: `${id}.jpg`,
    width: 100,
    height: 80,
    orientation: 1,
    sha256: '0'.repeat(64),
    state: 'untouched',
    split: null,

    extra: {},
    ...values,
  };
}

export function makeCategory(name: string, values: Partial<Category> = {}): Category {
  return {
    kind: 'category',
    id: newId(),
    name,
    parentId: null,
    color: '#3fa7e0',
    attributes: [],
    extra: {},
    ...values,
  };
}

/** A region without a category that a person drew. */
export function drawnRegion(image: ImageRecord, geometry: Geometry, zOrder: number): Annotation {
  return {
    kind: 'annotation',
    id: newId(),
    imageId: image.id,
    categoryId: null,
    geometry,
    bbox: geometryBox(geometry, image.width, image.height),
    area: geometryArea(geometry, image.width, image.height),
    crowd: false,
    zOrder,
    attributes: {},

    provenance: { source: 'person' },
    createdAtMs: 0,
    updatedAtMs: 0,
    extra: {},
  };
}
