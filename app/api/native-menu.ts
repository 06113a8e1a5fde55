import { z } from 'zod';

/** The native role of the menu item. */
const roles = [
  'cut',
  'copy',
  'paste',
  'selectAll',
  'togglefullscreen',
  'toggleDevTools',
  'quit',
] as const;

const itemSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('separator') }),
  z.object({ kind: z.literal('role'), role: z.enum(roles), label: z.string() }),
  z.object({
    kind: z.literal('command'),
    id: z.string(),
    label: z.string(),
    /** As Electron writes them, for instance `Ctrl+Shift+Z`; null shows none. */
    keys: z.string().nullable(),
    isEnabled: z.boolean(),
  }),
]);
export type NativeMenuItem = z.infer<typeof itemSchema>;

/** The menu of a desktop window, made by the interface from its commands, in its language. */
export const nativeMenuSchema = z.array(
  z.object({ label: z.string(), items: z.array(itemSchema) }),
);
export type NativeMenu = z.infer<typeof nativeMenuSchema>;
