import { z } from 'zod';
import type { RecordId } from '../../../core/records.ts';
import { id, method } from './method.ts';

/** A window that is open on the application, and who works in it. */
export interface PresentWindow {
  readonly window: string;
  /** Null where nobody has said. */
  readonly name: string | null;
  /** The image that it shows. */
  readonly imageId: RecordId | null;
}

export const peopleContract = {
  /** Says which image this window shows; answers its id, and who is there. */
  'people.show': method<{
    readonly window: string | null;
    readonly present: readonly PresentWindow[];
  }>()(z.object({ imageId: id.nullable() })),
} as const;
